import { mkdir, readdir, realpath, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { clusterCgroup } from './layout.ts';

const ROOT = '/sys/fs/cgroup';

/** Returns the hierarchies of this machine: one for cgroup v2, one per controller for v1. */
async function hierarchies(): Promise<readonly string[]> {
  const entries = await readdir(ROOT, { withFileTypes: true });
  if (entries.some((entry) => entry.name === 'cgroup.controllers')) {
    return [ROOT];
  }
  const paths = entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map((entry) => realpath(join(ROOT, entry.name)));
  return [...new Set(await Promise.all(paths))];
}

/** Makes the root cgroup of the kubelet in every hierarchy, because the kubelet requires it. */
export async function makeNodeCgroup(cluster: string, node: string): Promise<void> {
  for (const hierarchy of await hierarchies()) {
    await mkdir(join(hierarchy, clusterCgroup(cluster), node), { recursive: true });
  }
}

/** Removes the cluster's cgroups once its processes are gone. A dying process keeps its cgroup busy for a moment. */
export async function removeClusterCgroups(cluster: string): Promise<void> {
  for (const hierarchy of await hierarchies()) {
    const top = join(hierarchy, clusterCgroup(cluster));
    for (let attempt = 1; ; attempt++) {
      try {
        await removeTree(top);
        break;
      } catch (error) {
        if (attempt === 100) {
          throw error;
        }
        await delay(50);
      }
    }
  }
}

async function removeTree(directory: string): Promise<void> {
  let entries: string[];
  try {
    entries = (await readdir(directory, { withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch (error) {
    if (isMissing(error)) {
      return;
    }
    throw error;
  }
  for (const entry of entries) {
    await removeTree(join(directory, entry));
  }
  await rmdir(directory);
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
