import { type FileHandle, open, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { clusterDirectory } from '../cluster/directories.ts';
import { clusterCgroup } from '../cluster/layout.ts';

/** The traces that a cluster could leave on this machine. */
export type ClusterTraces = {
  readonly processes: readonly string[];
  readonly namespaces: readonly string[];
  readonly mounts: readonly string[];
  readonly interfaces: readonly string[];
  readonly cgroups: readonly string[];
  readonly files: readonly string[];
};

const KINDS = ['pid', 'net', 'mnt'] as const;

/**
 * The namespaces of a running cluster, which a test can search for after the end of the cluster.
 *
 * An open descriptor keeps each namespace until `release`. Otherwise the kernel would give the number of a deleted
 * namespace to the next one (nsfs), and a process of another cluster would count for this cluster.
 */
export class HeldNamespaces {
  readonly names: readonly string[];
  readonly #handles: readonly FileHandle[];

  private constructor(names: readonly string[], handles: readonly FileHandle[]) {
    this.names = names;
    this.#handles = handles;
  }

  static async of(cluster: string): Promise<HeldNamespaces> {
    const pid = await supervisorPid(cluster);
    const handles = await Promise.all(KINDS.map((kind) => open(`/proc/${pid}/ns/${kind}`)));
    const names = await Promise.all(handles.map(async (handle, at) => `${KINDS[at]}:[${(await handle.stat()).ino}]`));
    return new HeldNamespaces(names, handles);
  }

  async release(): Promise<void> {
    await Promise.all(this.#handles.map((handle) => handle.close()));
  }
}

/** Returns the numbers of the namespaces in which a cluster now runs. */
export async function readClusterNamespaces(name: string): Promise<readonly string[]> {
  return await readNamespaces(await supervisorPid(name));
}

async function supervisorPid(name: string): Promise<string> {
  const [pid = ''] = (await readFile(join(clusterDirectory(name), 'lock'), 'utf8')).split(' ');
  return pid;
}

/** Finds the traces of a cluster: its processes by their command line or by one of its namespaces. */
export async function findClusterTraces(name: string, namespaces: readonly string[]): Promise<ClusterTraces> {
  const directory = clusterDirectory(name);
  const processes: string[] = [];
  const alive = new Set<string>();
  for (const pid of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const commandLine = (await readText(`/proc/${pid}/cmdline`)).replaceAll('\0', ' ');
    const held = await readNamespaces(pid);
    const inside = namespaces.filter((namespace) => held.includes(namespace));
    for (const namespace of inside) {
      alive.add(namespace);
    }
    if (commandLine.includes(`${directory}/`) || commandLine.includes(`${directory} `) || inside.length > 0) {
      processes.push(`${pid} ${commandLine}`);
    }
  }
  const mounts = (await readText('/proc/self/mountinfo')).split('\n');
  return {
    processes,
    namespaces: [...alive],
    mounts: mounts.filter((line) => line.includes(directory) || line.includes(' nsfs ')),
    interfaces: (await readdir('/sys/class/net')).filter((link) => link.startsWith('cni') || link.startsWith('veth')),
    cgroups: await clusterCgroups(name),
    files: await names(directory),
  };
}

async function readNamespaces(pid: string): Promise<readonly string[]> {
  try {
    return await Promise.all(KINDS.map((kind) => readlink(`/proc/${pid}/ns/${kind}`)));
  } catch {
    return []; // The process has ended meanwhile.
  }
}

async function clusterCgroups(name: string): Promise<readonly string[]> {
  const root = '/sys/fs/cgroup';
  const found: string[] = [];
  for (const hierarchy of ['', ...(await names(root))]) {
    if ((await names(join(root, hierarchy))).includes(clusterCgroup(name))) {
      found.push(join(root, hierarchy, clusterCgroup(name)));
    }
  }
  return found;
}

async function names(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch {
    return []; // The path is missing or not a directory.
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return ''; // The process has ended meanwhile.
  }
}
