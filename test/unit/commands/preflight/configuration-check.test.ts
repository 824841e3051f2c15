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
  ['nobody, where there is none', undefined, {}, IMAGE, ready, undefined, 'nobody'],
  ['nobody, where no server is ready', other, {}, IMAGE, [server('False')], undefined, 'nobody'],
  ['nobody, where the servers run it', before, {}, IMAGE, ready, undefined, 'nobody'],
  ['a running server', other, {}, IMAGE, ready, undefined, 'running-server'],
  ['a pod of another image', other, {}, 'nats:2.12.15', ready, undefined, 'new-pod'],
  ['a pod of another image, of what the servers before run', before, {}, 'nats:2.12.15', ready, undefined, 'new-pod'],
  ['a pod that has a file which no server has yet', certified, files, IMAGE, ready, undefined, 'new-pod'],
  [
    'a pod that has a file as it is to be',
    certified,
    files,
    IMAGE,
    ready,
    '{"mqtt.crt":"c","mqtt.key":"old"}',
    'new-pod',
  ],
  ['a server that has the files', certified, files, IMAGE, ready, '{"mqtt.crt":"c","mqtt.key":"k"}', 'running-server'],
  ['a server that lacks files it is not told of', other, files, IMAGE, ready, undefined, 'running-server'],
] as const)('the configuration check is done by %s', (_, configuration, given, image, pods, stored, expected) => {
  const live = { image: IMAGE, pods, stored: storedMaterial({ configuration: before.texts, files: stored }) };
  const credentials = { files: given, ...(configuration === undefined ? {} : { configuration }) };
  expect(selectConfigurationReader({ image }, live, credentials)).toBe(expected);
});
