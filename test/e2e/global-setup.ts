import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The embedded cluster that all end-to-end tests share, a namespace each. */
export const SHARED_CLUSTER = 'test';

/** Enough for five servers with required anti-affinity. */
const NODES = 5;

const CLUSTER = join(import.meta.dirname, '..', 'cluster', 'main.ts');

/** Starts the shared cluster, or uses the one that KUBECONFIG names, and hands its kubeconfig to every test. */
export default function setUp(): void {
  const started = spawnSync(process.execPath, [CLUSTER, 'start', '--name', SHARED_CLUSTER, '--nodes', String(NODES)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (started.status !== 0) {
    throw new Error('the cluster for the end-to-end tests did not start; its messages are above');
  }
  process.env.KUBECONFIG = started.stdout.trim();
}
