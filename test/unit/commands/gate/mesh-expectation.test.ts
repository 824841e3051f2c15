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

describe('the expectation of the gate', () => {
  test.each<[string, Partial<ClusterSpec>, object]>([
    ['is a NATS cluster for servers without JetStream', {}, { clusterName: 'nats', jetstream: false }],
    ['is a NATS cluster for one server without JetStream', { replicas: 1 }, { clusterName: 'nats', jetstream: false }],
    [
      'is a NATS cluster with a meta leader for servers with JetStream',
      { jetstream },
      { clusterName: 'nats', jetstream: true },
    ],
    [
      'is a standalone server for one server with JetStream',
      { replicas: 1, jetstream },
      { clusterName: undefined, jetstream: true },
    ],
  ])('%s', (_, overrides, wanted) => {
    expect(expected(overrides)).toMatchObject({ ...wanted, revisionTag: 'rev:abc' });
  });

  test.each([true, false])(
    'includes the servers of other clusters in the meta group if gateways join them: %s',
    (joins) => {
      const own = { restartDigest: undefined, resolverDirectory: undefined };
      const configuration = { listeners: [], poolSize: undefined, pinnedAccounts: [], joinsClusters: joins, ...own };
      expect(expected({ jetstream, configuration }).joinsClusters).toBe(joins);
    },
  );

  test('has the pod revision of each ordinal', () => {
    const { servers } = expected({ replicas: 2 }, (ordinal) => (ordinal === 1 ? 'new' : undefined));
    expect(servers.map(({ serverName, statefulSetRevision }) => [serverName, statefulSetRevision])).toEqual([
      ['nats-0', ''],
      ['nats-1', 'new'],
    ]);
  });

  test('counts servers of a taken-over cluster below the partition as peers without observing them', () => {
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
