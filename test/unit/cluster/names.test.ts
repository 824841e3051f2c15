import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  clusterNames,
  configurationSecretName,
  isConfigurationSecretName,
  isOrphaned,
  ORPHANED_ANNOTATION,
  parsePodOrdinal,
  podName,
  podNames,
  readServersBefore,
  readTakeoverState,
  selectByName,
  TAKEN_OVER_ANNOTATION,
} from '../../../src/cluster/names.ts';

const clusterName = fc.stringMatching(/^[a-z]([a-z0-9-]{0,50}[a-z0-9])?$/);

describe('names', () => {
  test('number pods from 0 to replicas - 1', () => {
    expect(podNames({ name: 'nats', replicas: 3 })).toEqual(['nats-0', 'nats-1', 'nats-2']);
  });

  test('leave the first configuration Secret without a number, and number that of each rolling change', () => {
    expect([0, 1, 12].map((generation) => configurationSecretName('nats', generation))).toEqual([
      'nats-config',
      'nats-config-1',
      'nats-config-12',
    ]);
  });

  test('stay within 63 characters if they become host names or label values', () => {
    fc.assert(
      fc.property(clusterName, (name) => {
        const { service, headlessService, statefulSet } = clusterNames(name);
        const revisionLabel = `${statefulSet}-0123456789`;
        for (const derived of [service, headlessService, revisionLabel, ...podNames({ name, replicas: 99 })]) {
          expect(derived).toMatch(/^[a-z][a-z0-9-]{0,61}[a-z0-9]?$/);
        }
      }),
    );
  });

  test('are different for any two objects of one kind', () => {
    const { clientSecret, systemSecret, caSecret, serverTlsSecret, clientTlsSecret, routesTlsSecret } =
      clusterNames('nats');
    const configurations = [0, 1].map((generation) => configurationSecretName('nats', generation));
    const secrets = [
      clientSecret,
      systemSecret,
      caSecret,
      serverTlsSecret,
      clientTlsSecret,
      routesTlsSecret,
      ...configurations,
    ];
    expect(new Set(secrets).size).toBe(secrets.length);
  });

  test('of pods lead back to their ordinals', () => {
    fc.assert(
      fc.property(clusterName, fc.nat(99), (name, ordinal) => {
        expect(parsePodOrdinal(name, podName(name, ordinal))).toBe(ordinal);
      }),
    );
  });

  test.each([
    'nats',
    'nats-',
    'nats-headless',
    'nats-00',
    'nats-1-2',
    'nats--1',
    'nats-1e3',
    'other-1',
    'nats-1.5',
    '',
  ])('do not include %j as a pod of nats', (candidate) => {
    expect(parsePodOrdinal('nats', candidate)).toBeUndefined();
  });
});

test.each([
  ['nats-config', true],
  ['nats-config-1', true],
  ['nats-config-12', true],
  ['nats-config-', false],
  ['nats-config-x', false],
  ['nats-configuration', false],
  ['nats', false],
  ['other-config', false],
  ['other-config-1', false],
])('the Secret %s holds the configuration of nats: %s', (secret, isOwn) => {
  expect(isConfigurationSecretName('nats', secret)).toBe(isOwn);
});

describe('the annotations of a pod', () => {
  test.each([
    [undefined, undefined],
    ['3', 3],
    ['99999', 99_999],
    ['100000', undefined],
    ['0', undefined],
    ['03', undefined],
    ['-1', undefined],
    ['', undefined],
    ['three', undefined],
  ])('with the value %j mean that so many servers were before: %j', (value, servers) => {
    const annotations: Readonly<Record<string, string>> = value === undefined ? {} : { [ORPHANED_ANNOTATION]: value };
    expect(readServersBefore({ annotations })).toBe(servers);
    expect(isOrphaned({ annotations })).toBe(value !== undefined);
  });

  test.each([
    [undefined, undefined],
    ['joined', 'joined'],
    ['apart', 'apart'],
    ['', 'apart'],
    ['JOINED', 'apart'],
  ])('with the value %j state the takeover %j', (value, state) => {
    const annotations: Readonly<Record<string, string>> = value === undefined ? {} : { [TAKEN_OVER_ANNOTATION]: value };
    expect(readTakeoverState({ annotations })).toBe(state);
  });
});

test('the selection of an object has a namespace only for a kind with namespaces', () => {
  expect(selectByName('a')).toEqual({ fieldSelector: 'metadata.name=a' });
  expect(selectByName('a', 'b')).toEqual({ fieldSelector: 'metadata.name=a', namespace: 'b' });
});
