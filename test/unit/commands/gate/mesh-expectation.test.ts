import { describe, expect, test } from '@jest/globals';
import { TAKEN_OVER_ANNOTATION } from '../../../../src/cluster/names.ts';
import type { ClusterSpec } from '../../../../src/cluster/spec.ts';
import { expectMesh } from '../../../../src/commands/gate/mesh-expectation.ts';
import { decodeObject } from '../../../../src/objects/object.ts';
import { decodePod, type Pod } from '../../../../src/objects/pod.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';

const jetstream = { memoryBytes: 1 };
const expected = (overrides: Partial<ClusterSpec>, made: (ordinal: number) => string | undefined = () => 'made') =>
  expectMesh({ spec: clusterSpec(overrides), revision: 'ABC', podRevision: made }, new Map());

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

  test.each([true, false])('servers of other clusters are of the meta group where gateways join them: %s', (joins) => {
    const own = { restartDigest: undefined, resolverDirectory: undefined };
    const configuration = { listeners: [], poolSize: undefined, pinnedAccounts: [], joinsClusters: joins, ...own };
    expect(expected({ jetstream, configuration }).joinsClusters).toBe(joins);
  });

  test('each server is of the revision its ordinal is to have', () => {
    const { servers } = expected({ replicas: 2 }, (ordinal) => (ordinal === 1 ? 'new' : undefined));
    expect(servers.map(({ serverName, statefulSetRevision }) => [serverName, statefulSetRevision])).toEqual([
      ['nats-0', ''],
      ['nats-1', 'new'],
    ]);
  });

  test('servers of somebody else below the partition are peers, as many as are joined, and are not observed', () => {
    const pods = new Map([taken('nats-0', 'joined'), taken('nats-1', 'apart'), taken('nats-2', 'joined')]);
    const { servers, strangers } = expectMesh(
      { spec: clusterSpec(), revision: 'ABC', podRevision: (ordinal) => (ordinal === 2 ? 'new' : undefined) },
      pods,
    );
    expect(servers.map(({ serverName }) => serverName)).toEqual(['nats-2']);
    expect(strangers).toEqual({ atLeast: 1 });
  });
});

function taken(name: string, how: string): readonly [string, Pod] {
  const annotations = { [TAKEN_OVER_ANNOTATION]: how };
  const metadata = { name, namespace: 'n', uid: 'u', resourceVersion: '1', labels: {}, annotations };
  return [name, decodePod(decodeObject({ apiVersion: 'v1', kind: 'Pod', metadata, spec: {}, status: {} }))];
}
