import { attachCluster } from '../test/support/attached-cluster.ts';

/** One node for each server, as anti-affinity requires. */
const NODES = 3;

export const SERVERS = 3;
export const PODS: readonly string[] = Array.from({ length: SERVERS }, (_, ordinal) => `nats-${ordinal}`);
export const VERSION = '2.15.2';

/** Calls `measure` with the administrator's kubeconfig: of the cluster of KUBECONFIG, else of the embedded cluster. */
export async function onCluster<Result>(measure: (admin: string) => Promise<Result>): Promise<Result> {
  const cluster = await attachCluster('bench', NODES, process.env);
  try {
    return await measure(cluster.kubeconfig);
  } finally {
    await cluster.stop();
  }
}
