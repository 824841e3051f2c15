import { join } from 'node:path';
import process from 'node:process';
import { CoordinationV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { type ClusterFaults, clusterFaults } from '../cluster/faults.ts';
import { connectCluster } from '../cluster/running.ts';
import { PATH } from '../cluster/supervisor.ts';
import { attachEmbeddedCluster } from '../support/attached-cluster.ts';
import { waitUntil } from './visible.ts';

const NODES = 5;
const REGISTRY_PORT = 5077;

/** The address by which the nodes reach the empty registry. */
export const REGISTRY = `127.0.0.1:${REGISTRY_PORT}`;

/** An embedded cluster that tests may break, independently of KUBECONFIG. */
export type BreakableCluster = {
  readonly admin: string;
  readonly faults: ClusterFaults;
  /** Waits until the API server answers, and every node is Ready and has renewed its Lease since the call. */
  readonly whole: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

export async function startBreakable(name: string): Promise<BreakableCluster> {
  const { kubeconfig, stop } = await attachEmbeddedCluster(name, NODES);
  const faults = await clusterFaults(name);
  const { layout, supervisor } = await connectCluster(name);
  await supervisor.run({
    name: 'registry',
    argv: [process.execPath, join(import.meta.dirname, 'registry.ts'), String(REGISTRY_PORT)],
    env: [PATH],
    log: layout.log('registry'),
  });
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const coordination = config.makeApiClient(CoordinationV1Api);
  return {
    admin: kubeconfig,
    faults,
    whole: async () => {
      const since = Date.now();
      await waitUntil('a whole cluster', async () => {
        // If the API server does not answer, no node counts as Ready. A node that did not renew its Lease in time stays
        // NotReady until it renews the Lease.
        const { items } = await core.listNode().catch(() => ({ items: [] }));
        const namespace = 'kube-node-lease';
        const leases = await coordination.listNamespacedLease({ namespace }).catch(() => ({ items: [] }));
        const speaking = leases.items.filter(({ spec }) => Date.parse(String(spec?.renewTime)) > since);
        const ready = items.filter(({ status }) =>
          status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
        );
        return ready.length === NODES && speaking.length === NODES;
      });
    },
    stop: async () => {
      supervisor.close();
      faults.close();
      await stop();
    },
  };
}
