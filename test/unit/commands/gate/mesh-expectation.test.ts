import { describe, expect, test } from '@jest/globals';
import type { ClusterSpec } from '../../../../src/cluster/spec.ts';
import { meshExpectation } from '../../../../src/commands/gate/mesh-expectation.ts';
import { clusterSpec } from '../../cluster/cluster-spec.ts';

const jetstream = { memoryBytes: 1 };
const expected = (overrides: Partial<ClusterSpec>, made: (ordinal: number) => string | undefined = () => 'made') =>
  meshExpectation({ spec: clusterSpec(overrides), revision: 'ABC', podRevision: made }, new Map());

describe('what the gate has to see', () => {
  test.each<[string, Partial<ClusterSpec>, object]>([
    ['servers without JetStream are a cluster', {}, { clusterName: 'nats', jetstream: false }],
    ['so is one of them', { replicas: 1 }, { clusterName: 'nats', jetstream: false }],
    [
      'servers with JetStream are a cluster with a meta leader',
      { jetstream },
      { clusterName: 'nats', jetstream: true },
    ],
    ['one server with JetStream is none', { replicas: 1, jetstream }, { clusterName: undefined, jetstream: true }],
  ])('%s', (_, overrides, wanted) => {
    expect(expected(overrides)).toMatchObject({ ...wanted, revisionTag: 'rev:abc' });
  });

  test('each server is of the revision its ordinal is to have', () => {
    const { servers } = expected({ replicas: 2 }, (ordinal) => (ordinal === 1 ? 'new' : undefined));
    expect(servers.map(({ serverName, statefulSetRevision }) => [serverName, statefulSetRevision])).toEqual([
      ['nats-0', ''],
      ['nats-1', 'new'],
    ]);
  });
});
