import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { acquireLock } from '../../../src/commands/lock/lock.ts';
import { connectKubernetes, type KubernetesApi } from '../../../src/kubernetes/api.ts';
import { loadKubeConfig } from '../../../src/kubernetes/kubeconfig.ts';
import { type ClusterFaults, clusterFaults } from '../../cluster/faults.ts';
import { type AttachedCluster, attachEmbeddedCluster } from '../../support/attached-cluster.ts';

const NAME = 'outage';
const OUTAGE_MS = 20_000;
const fieldManager = 'test-manager';

// The test stops the API server, so it uses a cluster of its own, independently of KUBECONFIG.
describe('an API server outage of 20 s', () => {
  let cluster: AttachedCluster;
  let faults: ClusterFaults;
  let api: KubernetesApi;
  const signal = AbortSignal.timeout(5 * 60_000);

  beforeAll(async () => {
    cluster = await attachEmbeddedCluster(NAME, 1);
    faults = await clusterFaults(NAME);
    api = connectKubernetes(loadKubeConfig({ kind: 'path', path: cluster.kubeconfig }, undefined, {}));
  });

  afterAll(async () => {
    await api?.close();
    faults?.close();
    await cluster?.stop();
  });

  function configMap(name: string, value: string) {
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data: { value } };
  }

  test.each(['killApi', 'pauseApi'] as const)(
    'by %s does not end a watch, a list, an apply or the lock',
    async (fault) => {
      const lock = await acquireLock({
        api,
        namespace: 'default',
        name: fault.toLowerCase(),
        holder: 'a',
        waiting: () => {},
        signal,
      });
      const values: unknown[] = [];
      const selection = { namespace: 'default', fieldSelector: 'metadata.name=followed' };
      const { promise: listed, resolve: tellListed } = Promise.withResolvers<void>();
      const following = (async () => {
        for await (const event of api.follow('ConfigMap', selection, signal)) {
          // A watch that cannot continue at its old position lists again.
          const objects = event.kind === 'listed' ? event.objects : [event.object];
          values.push(...objects.map(({ raw }) => raw['data']));
          if (event.kind === 'listed') tellListed();
          if (JSON.stringify(values).includes(`after ${fault}`)) return;
        }
      })();
      await listed;
      const undo = await faults[fault]();
      const applying = api
        .guarded(async () => await lock.check())
        .apply(configMap('followed', `after ${fault}`), { fieldManager }, signal);
      const listing = api.list('ConfigMap', { namespace: 'default' }, signal);
      await delay(OUTAGE_MS);
      await undo();
      await Promise.all([applying, listing, following]);
      await lock.check();
      expect(lock.signal.aborted).toBe(false);
      await lock.release();
    },
  );
});
