import { access } from 'node:fs/promises';
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

/** Whether there is a file or folder at a path. */
export async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false; // Not there is the answer, not a failure.
  }
}
