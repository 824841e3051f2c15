import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type AttachedCluster = { readonly kubeconfig: string; readonly stop: () => Promise<void> };

const MAIN = join(import.meta.dirname, '..', 'cluster', 'main.ts');

/** Starts the embedded Kubernetes, independently of KUBECONFIG, for tests that break it. */
export async function attachEmbeddedCluster(name: string, nodes: number): Promise<AttachedCluster> {
  const { KUBECONFIG: _, ...env } = process.env;
  return await attachCluster(name, nodes, env);
}

/** Starts a cluster that ends with this process, however this process ends, because its standard input then closes. */
export async function attachCluster(name: string, nodes: number, env: NodeJS.ProcessEnv): Promise<AttachedCluster> {
  const args = [MAIN, 'start', '--attached', '--name', name, '--nodes', String(nodes)];
  const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const answer = createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  const line = await answer;
  if (line.done === true) {
    throw new Error(`cluster ${name} did not start; its messages are above`);
  }
  return {
    kubeconfig: line.value,
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
