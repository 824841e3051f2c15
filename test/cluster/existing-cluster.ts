import { resolve } from 'node:path';
import { clusterLayout } from './layout.ts';

/** A cluster of another owner: kind on a continuous-integration runner, a staging cluster. */
export type ExistingCluster = { readonly kubeconfig: string; readonly server: string };

/**
 * Returns the cluster that `--kubeconfig` or `KUBECONFIG` names, unless it is the embedded one itself.
 * @throws Error when the file cannot be read or names no cluster.
 */
export async function findExistingCluster(
  option: string | undefined,
  name: string,
): Promise<ExistingCluster | undefined> {
  const given = option ?? process.env.KUBECONFIG;
  if (given === undefined || given === '') {
    return undefined;
  }
  const kubeconfig = resolve(given);
  if (kubeconfig === clusterLayout(name, '').kubeconfig) {
    return undefined;
  }
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) {
    throw new Error(`${kubeconfig}: its current context names no cluster`);
  }
  return { kubeconfig, server };
}
