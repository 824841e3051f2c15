import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  clusterNames,
  configurationSecretName,
  parsePodOrdinal,
  podName,
  podNames,
} from '../../../src/cluster/names.ts';

const clusterName = fc.stringMatching(/^[a-z]([a-z0-9-]{0,50}[a-z0-9])?$/);

describe('names', () => {
  test('pods are numbered from 0 to replicas - 1', () => {
    expect(podNames({ name: 'nats', replicas: 3 })).toEqual(['nats-0', 'nats-1', 'nats-2']);
  });

  test('the first configuration Secret has no number, each rolling change its own', () => {
    expect([0, 1, 12].map((generation) => configurationSecretName('nats', generation))).toEqual([
      'nats-config',
      'nats-config-1',
      'nats-config-12',
    ]);
  });

  test('names that become host names or label values stay within 63 characters', () => {
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

  test('no two objects of one kind share a name', () => {
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

  test('a pod name gives back its ordinal', () => {
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
  ])('%j is no pod of nats', (candidate) => {
    expect(parsePodOrdinal('nats', candidate)).toBeUndefined();
  });
});
