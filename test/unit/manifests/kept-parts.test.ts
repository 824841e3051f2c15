import { describe, expect, test } from '@jest/globals';
import type { ClusterSpec } from '../../../src/cluster/spec.ts';
import { overrideList } from '../../../src/inputs/grammar/overrides.ts';
import { buildManifests } from '../../../src/manifests/manifests.ts';
import { applyOverrides, findOverrideViolations } from '../../../src/manifests/overridden.ts';
import { findLostParts } from '../../../src/manifests/promised-parts.ts';
import type { JsonRecord } from '../../../src/objects/json.ts';
import { clusterSpec } from '../support/cluster-spec.ts';
import { materialFor } from '../support/material.ts';

const servers = { from: [{ podSelector: { matchLabels: { a: 'b' } } }], ports: [{ port: 6222 }] };
const peers = { from: [{ podSelector: { matchLabels: { c: 'd' } } }], ports: [{ port: 6222 }] };
const clients = { ports: [{ port: 4222 }] };
const policy = (...ingress: readonly object[]): JsonRecord => ({
  kind: 'NetworkPolicy',
  metadata: {},
  spec: { ingress },
});

describe('an override of a NetworkPolicy', () => {
  test.each<[string, readonly object[], readonly object[], readonly string[]]>([
    ['may change the rule for clients', [clients, servers], [{ ...clients, from: [] }, servers], []],
    ['may remove the rule for clients', [clients, servers], [servers], []],
    ['may add rules', [clients, servers], [clients, peers, servers], []],
    ['may not remove the rule for routes', [clients, servers], [clients], ['spec.ingress']],
    ['may not widen the rule for routes', [clients, servers], [{ ...servers, from: [] }], ['spec.ingress']],
    ['may not narrow the rule for routes', [servers], [{ ...servers, ports: [{ port: 1 }] }], ['spec.ingress']],
    ['may not remove one of several rules with senders', [servers, peers], [servers, clients], ['spec.ingress']],
    ['may do anything without a rule for routes', [clients], [], []],
  ])('%s', (_, before, after, lost) => {
    expect(findLostParts(policy(...before), policy(...after))).toEqual(lost);
  });
});

function overridesOf(text: string): ClusterSpec['overrides'] {
  const parsed = overrideList.parse(text);
  if (parsed.kind === 'refused') throw new Error(parsed.expected);
  return parsed.value;
}

describe('overrides of a cluster with JetStream', () => {
  test.each<[string, string, number, boolean]>([
    ['may label any object', 'Service/all: {metadata: {labels: {a: b}}}', 3, true],
    ['may label servers that start in parallel', 'StatefulSet/servers: {metadata: {labels: {a: b}}}', 3, true],
    ['may order a single server', 'StatefulSet/servers: {spec: {podManagementPolicy: OrderedReady}}', 1, true],
    ['may not order two servers', 'StatefulSet/servers: {spec: {podManagementPolicy: OrderedReady}}', 2, false],
    ['may not leave the order to Kubernetes', 'StatefulSet/servers: {spec: {podManagementPolicy: null}}', 2, false],
  ])('%s', (_, text, replicas, isAccepted) => {
    const spec = clusterSpec({ replicas, jetstream: { memoryBytes: 1 }, overrides: overridesOf(text) });
    const build = () => buildManifests(spec, materialFor(spec));
    if (isAccepted) expect(build).not.toThrow();
    else expect(build).toThrow('podManagementPolicy');
  });
});

test('an object that no override can select stays unchanged', () => {
  const spec = clusterSpec({ overrides: overridesOf('Service/all: {metadata: {labels: {a: b}}}') });
  for (const kind of ['ConfigMap', 'Service']) {
    const metadata = { name: 'other', namespace: 'messaging', labels: {} };
    const manifest = { apiVersion: 'v1', kind, metadata };
    expect(applyOverrides(spec, manifest)).toBe(manifest);
    expect(findOverrideViolations(spec, [manifest])).toEqual([]);
  }
});
