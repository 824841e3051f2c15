import { describe, expect, test } from '@jest/globals';
import { objectLabels, selectorLabels } from '../../../../src/cluster/names.ts';
import type { ClusterSpec } from '../../../../src/cluster/spec.ts';
import { readForeignObjects } from '../../../../src/commands/takeover/survey.ts';
import type { KubernetesObject } from '../../../../src/objects/object.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';
import { liveObject } from '../../support/live-object.ts';
import { liveState, runningSet } from '../../support/live-state.ts';
import { patchedApi } from '../../support/reloads-mesh.ts';

const KUBECTL = { managedFields: [{ manager: 'kubectl-create', operation: 'Update' }] };
const streams = { memoryBytes: 0, volume: { size: '1Gi', bytes: 2 ** 30 } };

/** Returns the result of the survey in a namespace with these pods and claims, and the kinds that it listed. */
async function found(spec: ClusterSpec, objects: readonly KubernetesObject[], servers: number | undefined) {
  const listed: string[] = [];
  const api = {
    ...patchedApi(() => {}),
    list: async (kind: string) => {
      listed.push(kind);
      return { resourceVersion: '1', objects: objects.filter((object) => object.kind === kind) };
    },
  };
  const statefulSet = servers === undefined ? undefined : { ...runningSet, desiredReplicas: servers };
  const { signal } = new AbortController();
  const { pods, claims } = await readForeignObjects({ api, signal }, spec, liveState({ statefulSet }));
  return { listed, pods: pods.map(({ name }) => name), claims: [...claims.keys()] };
}

describe('the survey of existing objects', () => {
  const theirs = { ...KUBECTL, labels: { app: 'shell' } };
  const pods = ['nats-0', 'nats-1', 'nats-2', 'nats-3', 'nats-x', 'orders-0'].map((name) =>
    liveObject('Pod', name, theirs),
  );

  test.each<[string, number | undefined, readonly string[]]>([
    [
      'finds every pod with a name of our servers if nothing is deployed',
      undefined,
      ['nats-0', 'nats-1', 'nats-2', 'nats-3'],
    ],
    ['ignores pods beyond the servers if fewer servers are deployed', 1, ['nats-0', 'nats-1', 'nats-2']],
    ['is skipped if no server is added', 3, []],
  ])('%s', async (_, servers, expected) => {
    const { listed, pods: names } = await found(clusterSpec({ replicas: 3 }), pods, servers);
    expect(names).toEqual(expected);
    expect(listed).toEqual(servers === 3 ? [] : ['Pod']);
  });

  test('ignores pods with the labels of this NATS cluster', async () => {
    const own = liveObject('Pod', 'nats-0', KUBECTL);
    expect(await found(clusterSpec(), [own], undefined)).toMatchObject({ pods: [] });
  });

  test('finds volumes of other owners, but not those that were left over or created by hand', async () => {
    const claims = [
      liveObject('PersistentVolumeClaim', 'jetstream-nats-0', { labels: objectLabels('jetstream-nats') }),
      liveObject('PersistentVolumeClaim', 'jetstream-nats-1', { labels: selectorLabels('nats') }),
      liveObject('PersistentVolumeClaim', 'jetstream-nats-2', { labels: {} }),
      liveObject('PersistentVolumeClaim', 'jetstream-eu-nats-0', { labels: selectorLabels('eu-nats') }),
    ];
    const spec = clusterSpec({ replicas: 3, jetstream: streams });
    expect(await found(spec, claims, undefined)).toMatchObject({ claims: ['PersistentVolumeClaim/jetstream-nats-0'] });
    expect((await found(clusterSpec(), claims, undefined)).listed).toEqual(['Pod']);
  });
});
