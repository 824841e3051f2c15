import { attachCluster } from '../support/attached-cluster.ts';

/** The number of nodes: enough for five servers with required anti-affinity. */
const NODES = 5;

/**
 * Starts the embedded cluster that all end-to-end tests share, a namespace each, or uses the one that KUBECONFIG
 * names, and hands its kubeconfig to every test.
 */
export default async function setUp(): Promise<void> {
  const cluster = await attachCluster('test', NODES, process.env);
  process.env.KUBECONFIG = cluster.kubeconfig;
  Object.assign(globalThis, { detachSharedCluster: cluster.stop });
}
