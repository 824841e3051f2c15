import { setTimeout as delay } from 'node:timers/promises';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { clusterFaults } from '../cluster/faults.ts';
import { attachEmbeddedCluster } from '../support/attached-cluster.ts';
import { eventually } from '../support/eventually.ts';
import type { ChaosCluster } from './trial.ts';

/** The number of nodes: enough for five servers with required anti-affinity. */
const NODES = 5;

/** Starts a separate embedded cluster that ends with this process. */
export async function startChaosCluster(name: string): Promise<ChaosCluster & { readonly stop: () => Promise<void> }> {
  const { kubeconfig, stop } = await attachEmbeddedCluster(name, NODES);
  const faults = await clusterFaults(name);
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const readyNodes = async (): Promise<number> => {
    const { items } = await core.listNode();
    const isReady = items.map(({ status }) =>
      status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
    );
    return isReady.filter((ready) => ready === true).length;
  };
  return {
    kubeconfig,
    faults,
    awaitCluster: async () => {
      await eventually('the API back and every node Ready', 120, async () => {
        const ready = await Promise.race([readyNodes(), delay(2000, 0)]).catch(() => 0); // The nodes do not exist yet.
        return ready === NODES ? true : undefined;
      });
    },
    stop: async () => {
      faults.close();
      await stop();
    },
  };
}
