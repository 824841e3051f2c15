import { expect, test } from '@jest/globals';
import { selectConfigurationReader } from '../../../../src/commands/preflight/accepted-configuration.ts';
import { readTexts } from '../../../../src/nats/conf/settings/sources.ts';
import { decodeObject } from '../../../../src/objects/object.ts';
import { decodePod } from '../../../../src/objects/pod.ts';
import { storedMaterial } from '../../support/stored-material.ts';

const IMAGE = 'nats:2.15.2';
const read = (text: string) => readTexts({ input: 'config', file: 'config', text, included: new Map() });
const before = read('max_subscriptions: 1');
const other = read('max_subscriptions: 2');
const certified = read('mqtt { port: 8883, tls { cert_file: "/etc/nats/mqtt.crt", key_file: "/etc/nats/mqtt.key" } }');
const files = { 'mqtt.crt': 'c', 'mqtt.key': 'k' };

function server(status: string) {
  const metadata = { name: 'nats-0', namespace: 'n', uid: 'u' };
  const conditions = [{ type: 'Ready', status }];
  return decodePod(decodeObject({ apiVersion: 'v1', kind: 'Pod', metadata, spec: {}, status: { conditions } }));
}

const ready = [server('True')];

test.each([
  ['is skipped without a custom configuration', undefined, {}, IMAGE, ready, undefined, 'nobody'],
  ['is skipped if no server is Ready', other, {}, IMAGE, [server('False')], undefined, 'nobody'],
  ['is skipped if the servers run the configuration already', before, {}, IMAGE, ready, undefined, 'nobody'],
  ['is done by a running server', other, {}, IMAGE, ready, undefined, 'running-server'],
  ['is done by a new pod for another image', other, {}, 'nats:2.12.15', ready, undefined, 'new-pod'],
  [
    'is done by a new pod for another image, even for the same configuration',
    before,
    {},
    'nats:2.12.15',
    ready,
    undefined,
    'new-pod',
  ],
  ['is done by a new pod for a file that no server has yet', certified, files, IMAGE, ready, undefined, 'new-pod'],
  [
    'is done by a new pod for a changed file',
    certified,
    files,
    IMAGE,
    ready,
    '{"mqtt.crt":"c","mqtt.key":"old"}',
    'new-pod',
  ],
  [
    'is done by a running server that has the files',
    certified,
    files,
    IMAGE,
    ready,
    '{"mqtt.crt":"c","mqtt.key":"k"}',
    'running-server',
  ],
  [
    'is done by a running server if the configuration refers to no file',
    other,
    files,
    IMAGE,
    ready,
    undefined,
    'running-server',
  ],
] as const)('the configuration check %s', (_, configuration, given, image, pods, stored, expected) => {
  const live = { image: IMAGE, pods, stored: storedMaterial({ configuration: before.texts, files: stored }) };
  const credentials = { files: given, ...(configuration === undefined ? {} : { configuration }) };
  expect(selectConfigurationReader({ image }, live, credentials)).toBe(expected);
});
