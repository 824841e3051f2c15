import { describe, expect, test } from '@jest/globals';
import {
  type ChangeClass,
  findInputChanges,
  INPUT_RULES,
  renderInputChange,
  shortenText,
  UNSHOWN_TEXT,
} from '../../../src/change/input-change.ts';
import { isKept } from '../../../src/inputs/grammar/row.ts';
import { inputTable } from '../../../src/inputs/inputs.ts';
import { readStatedDeployment, settingsOf } from '../../../src/inputs/settings.ts';

type Given = Readonly<Record<string, string>>;

const stated = (given: Given) => readStatedDeployment(settingsOf(new Map(Object.entries(given))));
const STREAMS = { jetstream: 'true' };
const changes = (before: Given, wanted: Given) => findInputChanges(stated(before), stated(wanted));

const JETSTREAM = { jetstream: 'true' } as const;
const MEMORY = { ...JETSTREAM, 'jetstream-memory': '1Mi', 'jetstream-storage': '0' } as const;
const CERTIFICATE_LOGIN = { 'client-verify': 'verify-and-map' };
const UNKNOWN_RELEASE = `registry.example.com/own@sha256:${'0'.repeat(64)}`;
const ORDERED = 'StatefulSet/servers: {spec: {podManagementPolicy: OrderedReady}}';
const OVERRIDE = (kind: string) => `${kind}: {metadata: {labels: {team: a}}}`;

describe('the class of a change', () => {
  test('is known for exactly the inputs that are stored with the cluster', () => {
    const kept = inputTable.filter(isKept).map(({ name }) => name);
    expect(Object.keys(INPUT_RULES).toSorted()).toEqual(kept.toSorted());
  });

  test.each<[string, Given, Given, ChangeClass]>([
    ['replicas', {}, { replicas: '5' }, 'scale'],
    ['replicas', { replicas: '5' }, {}, 'scale'],
    ['replicas', JETSTREAM, { ...JETSTREAM, replicas: '5' }, 'scale'],
    ['replicas', { ...JETSTREAM, replicas: '5' }, { ...JETSTREAM, replicas: '2' }, 'scale'],
    ['replicas', JETSTREAM, { ...JETSTREAM, replicas: '1' }, 'forbidden'],
    ['replicas', { ...JETSTREAM, replicas: '1' }, JETSTREAM, 'forbidden'],
    ['replicas', {}, { replicas: '1' }, 'scale'],
    ['replicas', { replicas: '1' }, {}, 'scale'],
    ['image', { image: 'nats:2.12.15' }, { image: 'nats:2.15.2' }, 'rolling'],
    ['image', { image: 'nats:2.15.2' }, { image: 'nats:2.12.15' }, 'rolling'],
    ['image', { ...JETSTREAM, image: 'nats:2.15.2' }, { ...JETSTREAM, image: 'nats:2.12.15' }, 'forbidden'],
    ['image', { ...JETSTREAM, image: 'nats:2.15.2' }, { ...JETSTREAM, image: 'nats:2.15.1' }, 'rolling'],
    ['image', { ...JETSTREAM, image: 'nats:2.15.2' }, { ...JETSTREAM, image: UNKNOWN_RELEASE }, 'rolling'],
    ['image', { ...JETSTREAM, image: UNKNOWN_RELEASE }, { ...JETSTREAM, image: 'nats:2.12.15' }, 'rolling'],
    ['overrides', {}, { overrides: OVERRIDE('StatefulSet/servers') }, 'rolling'],
    ['overrides', {}, { overrides: 'Service/client: {spec: {sessionAffinity: ClientIP}}' }, 'objects'],
    ['overrides', {}, { overrides: 'StatefulSet/servers: {spec: {minReadySeconds: 5}}' }, 'rolling'],
    ['overrides', {}, { overrides: OVERRIDE('Service/client') }, 'objects'],
    ['overrides', {}, { overrides: ORDERED }, 'recreate'],
    ['overrides', { overrides: ORDERED }, {}, 'recreate'],
    ['overrides', { overrides: ORDERED }, { overrides: `${ORDERED}\n${OVERRIDE('Service/client')}` }, 'objects'],
    ['jetstream-storage', MEMORY, { ...MEMORY, 'jetstream-storage': '1Gi' }, 'recreate'],
    ['jetstream-storage', { ...MEMORY, 'jetstream-storage': '1Gi' }, MEMORY, 'forbidden'],
    [
      'jetstream-storage',
      { ...MEMORY, 'jetstream-storage': '1Gi' },
      { ...MEMORY, 'jetstream-storage': '2Gi' },
      'forbidden',
    ],
    ['jetstream-storage-class', JETSTREAM, { ...JETSTREAM, 'jetstream-storage-class': 'fast' }, 'forbidden'],
    [
      'jetstream-memory',
      { ...JETSTREAM, 'jetstream-memory': '1Mi' },
      { ...JETSTREAM, 'jetstream-memory': '2Mi' },
      'reload',
    ],
    [
      'jetstream-memory',
      { ...JETSTREAM, image: 'nats:2.12.6', 'jetstream-memory': '1Mi' },
      { ...JETSTREAM, image: 'nats:2.12.6', 'jetstream-memory': '2Mi' },
      'rolling',
    ],
    [
      'jetstream-memory',
      { ...JETSTREAM, image: 'nats:2.12.7', 'jetstream-memory': '1Mi' },
      { ...JETSTREAM, image: 'nats:2.12.7', 'jetstream-memory': '2Mi' },
      'reload',
    ],
    [
      'jetstream-memory',
      { ...JETSTREAM, 'jetstream-memory': '1Mi' },
      { ...JETSTREAM, 'jetstream-memory': '1024Ki' },
      'reload',
    ],
    ['jetstream-memory', { ...JETSTREAM, 'jetstream-memory': '2Mi' }, JETSTREAM, 'forbidden'],
    ['client-certificates', {}, { 'client-certificates': 'orders' }, 'objects'],
    ['client-certificates', CERTIFICATE_LOGIN, { ...CERTIFICATE_LOGIN, 'client-certificates': 'orders' }, 'reload'],
    ['client-verify', {}, { 'client-verify': 'verify' }, 'reload'],
    ['client-verify', {}, { 'client-verify': 'verify-and-map' }, 'rolling'],
    ['debug', {}, { debug: 'true' }, 'reload'],
    ['network-policy', {}, { 'network-policy': 'true' }, 'objects'],
    ['renew-before', {}, { 'renew-before': '10d' }, 'next-issue'],
  ])('for %s, from %j to %j, is %s', (input, before, wanted, change) => {
    expect(changes(before, wanted)).toEqual([expect.objectContaining({ input, change })]);
  });

  test('is listed for every input that differs, but not for a default that is written out', () => {
    expect(changes({ debug: 'true' }, { trace: 'true', replicas: '3' }).map(({ input }) => input)).toEqual([
      'debug',
      'trace',
    ]);
  });
});

test('the change of an input is reported with the old value, the new value and the effect', () => {
  const [line] = changes({}, { replicas: '5' }).map(renderInputChange);
  expect(line).toBe('replicas: 3 (default) → 5 (scale: servers are added or removed, the others do not restart)');
});

test.each<[Given, Given, string]>([
  [{}, { debug: 'true' }, 'debug: false (default) → true ('],
  [{ debug: 'true' }, {}, 'debug: true → false (default) ('],
  [{}, { 'max-payload': '64KB' }, "max-payload: nats-server's default → 64KB ("],
  [{}, { 'image-pull-secrets': 'registry' }, 'image-pull-secrets: no Secrets → registry ('],
])('an input that is not set is shown by its default: %j to %j', (before, wanted, beginning) => {
  const [line] = changes(before, wanted).map(renderInputChange);
  expect(line?.slice(0, beginning.length)).toBe(beginning);
});

test.each<[string, Given, Given, boolean]>([
  ['a newer release with streams', { image: 'nats:2.10.29', ...STREAMS }, { image: 'nats:2.15.2', ...STREAMS }, true],
  ['a newer release without streams', { image: 'nats:2.10.29' }, { image: 'nats:2.15.2' }, false],
  ['a newer patch with streams', { image: 'nats:2.15.1', ...STREAMS }, { image: 'nats:2.15.2', ...STREAMS }, false],
  [
    'more memory for streams',
    { 'jetstream-memory': '1Mi', ...STREAMS },
    { 'jetstream-memory': '2Mi', ...STREAMS },
    true,
  ],
])('an irreversible change says so: %s', (_, before, wanted, expected) => {
  const [line] = changes(before, wanted).map(renderInputChange);
  expect(line?.endsWith('; this cannot be undone)')).toBe(expected);
});

const ASKED = { 'client-verify': 'verify' };

test.each<[string, Given, Given, boolean]>([
  ['certificates no longer select users', CERTIFICATE_LOGIN, ASKED, true],
  ['certificates select users', {}, CERTIFICATE_LOGIN, true],
  ['servers no longer ask for a certificate', ASKED, {}, true],
  ['servers ask for a certificate', {}, ASKED, false],
])('a change says that its undoing disconnects clients: %s', (_, before, wanted, expected) => {
  const [line] = changes(before, wanted).map(renderInputChange);
  expect(line?.endsWith('; undoing it needs `allow: outage`)')).toBe(expected);
});

test('a change of a text of several lines is reported without the text', () => {
  const [line] = changes({}, { overrides: `Service/client:\n  metadata: {labels: {team: a}}` }).map(renderInputChange);
  expect(line).toMatch(/^overrides: no patches → … \(objects/);
});

test.each([
  ['a text of 60 characters', 'a'.repeat(60), true],
  ['a text of 61 characters', 'a'.repeat(61), false],
  ['a text of two lines', 'a\nb', false],
  ['an empty text', '', true],
])('a text is shown if it is short and in one line: %s', (_, text, isShown) => {
  expect(shortenText(text)).toBe(isShown ? text : UNSHOWN_TEXT);
});
