import { homedir } from 'node:os';
import { join } from 'node:path';

/** Everything that outlives a checkout: built programs, images and the state of running clusters. */
export function cacheDirectory(): string {
  const base = process.env.XDG_CACHE_HOME;
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'nats-cluster-action');
}

/** The state of one running cluster; gone after `stop`. */
export function clusterDirectory(name: string): string {
  return join(cacheDirectory(), 'clusters', name);
}
