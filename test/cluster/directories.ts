import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Returns the folder of everything that outlives a checkout: built programs, images and the state of running clusters.
 */
export function cacheDirectory(): string {
  const base = process.env.XDG_CACHE_HOME;
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'nats-cluster-action');
}

/** Returns the folder with the state of one running cluster; `stop` removes it. */
export function clusterDirectory(name: string): string {
  return join(cacheDirectory(), 'clusters', name);
}

/** Checks whether there is a file or folder at a path. */
export async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false; // A missing file is the answer, not a failure.
  }
}
