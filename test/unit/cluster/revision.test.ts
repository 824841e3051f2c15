import { describe, expect, test } from '@jest/globals';
import { computeConfigRevision, computeRevision } from '../../../src/cluster/revision.ts';
import type { ClusterSpec } from '../../../src/cluster/spec.ts';
import { clusterSpec } from '../support/cluster-spec.ts';

describe('the revision of a configuration', () => {
  const files = { 'route-nats-0.crt': 'A', 'route-nats-1.crt': 'B' };
  const revision = computeRevision('port: 4222', files);

  test('is a valid server tag: short, lower-case hexadecimal', () => {
    expect(revision).toMatch(/^[0-9a-f]{12}$/);
  });

  test('does not depend on the order of the files', () => {
    expect(computeRevision('port: 4222', { 'route-nats-1.crt': 'B', 'route-nats-0.crt': 'A' })).toBe(revision);
  });

  test.each([
    ['the configuration', 'port: 4223', files],
    ['a changed certificate', 'port: 4222', { ...files, 'route-nats-1.crt': 'C' }],
    ['a replaced certificate', 'port: 4222', { ...files, 'route-nats-2.crt': 'C' }],
    ['certificates swapped between pods', 'port: 4222', { 'route-nats-0.crt': 'B', 'route-nats-1.crt': 'A' }],
    ['text moved from one file to the next', 'port: 4222', { 'route-nats-0.crt': '', 'route-nats-1.crt': 'AB' }],
  ])('changes with %s', (_, configuration, changed) => {
    expect(computeRevision(configuration, changed)).not.toBe(revision);
  });
});

describe('the output config-revision', () => {
  const revision = computeConfigRevision(clusterSpec());

  test.each<[keyof ClusterSpec, Partial<ClusterSpec>]>([
    ['name', { name: 'other' }],
    ['namespace', { namespace: 'production' }],
    ['subjectAltNames', { subjectAltNames: { dnsNames: ['nats.example.com'], ipAddresses: [] } }],
    ['clientUser', { clientUser: 'other' }],
    ['routeUser', { routeUser: 'other' }],
  ])('is equal for NATS clusters that differ in %s', (_, overrides) => {
    expect(computeConfigRevision(clusterSpec(overrides))).toBe(revision);
  });

  test.each<[keyof ClusterSpec, Partial<ClusterSpec>]>([
    ['replicas', { replicas: 5 }],
    ['image', { image: 'nats:2.12.0' }],
    ['antiAffinity', { antiAffinity: 'none' }],
    ['resources', { resources: { limits: { memory: '1Gi' } } }],
    ['securityContext', { securityContext: 'platform' }],
    ['logging', { logging: { debug: true, trace: false, logtime: true } }],
    ['limits', { limits: { maxPayload: 65536 } }],
    ['keyAlgorithm', { keyAlgorithm: 'ed25519' }],
    ['jetstream', { jetstream: { memoryBytes: 0 } }],
  ])('changes with %s', (_, overrides) => {
    expect(computeConfigRevision(clusterSpec(overrides))).not.toBe(revision);
  });

  const label = (value: string | null) => ({
    kind: 'Service',
    role: 'client',
    patch: { metadata: { labels: { a: value } } },
  });

  test.each<[string, Partial<ClusterSpec>]>([
    ['a patch', { overrides: [label('1')] }],
    ['a patch that removes a label', { overrides: [label(null)] }],
    ['two patches', { overrides: [label('1'), label('2')] }],
    ['the same patches in another order', { overrides: [label('2'), label('1')] }],
  ])('changes with %s', (_, overrides) => {
    const others = [[], [label('1')], [label(null)], [label('1'), label('2')], [label('2'), label('1')]]
      .map((list) => clusterSpec({ overrides: list }))
      .filter((spec) => JSON.stringify(spec.overrides) !== JSON.stringify(overrides.overrides));
    expect(others).toHaveLength(4);
    expect(others.map((spec) => computeConfigRevision(spec))).not.toContain(
      computeConfigRevision(clusterSpec(overrides)),
    );
  });

  test('does not depend on the order of the fields of a patch', () => {
    const patch = (fields: Readonly<Record<string, unknown>>) =>
      computeConfigRevision(clusterSpec({ overrides: [{ kind: 'Service', role: 'client', patch: fields }] }));
    expect(patch({ a: 1, b: { c: [1], d: 2 } })).toBe(patch({ b: { d: 2, c: [1] }, a: 1 }));
  });

  test('changes with the part of the configuration that the user wrote', () => {
    expect(computeConfigRevision(clusterSpec(), 'ping_interval: 10s')).not.toBe(revision);
  });
});
