import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { SHARED_CLUSTER } from './global-setup.ts';

/** Removes the shared cluster; an existing one that KUBECONFIG named is left as it is. */
export default function tearDown(): void {
  const cluster = join(import.meta.dirname, '..', 'cluster', 'main.ts');
  spawnSync(process.execPath, [cluster, 'stop', '--name', SHARED_CLUSTER], { stdio: ['ignore', 'ignore', 'inherit'] });
}
