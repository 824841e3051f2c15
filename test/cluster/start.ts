import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { provideClusterPrograms } from './build.ts';
import { removeClusterCgroups } from './cgroups.ts';
import { runCommand } from './command.ts';
import * as controlPlane from './control-plane.ts';
import { writeCredentials } from './credentials.ts';
import { installDebianPackages } from './debian-packages.ts';
import { provideClusterImages } from './images.ts';
import { ADDRESSES, API_PORT, type ClusterLayout, type ClusterState, clusterLayout, type DnsCache } from './layout.ts';
import { layNetwork } from './network.ts';
import { awaitContainerd, prepareNode, startNode } from './node.ts';
import type { Progress } from './progress.ts';
import { awaitReady, findMissingPrograms, isApiReady } from './readiness.ts';
import { connectRunning, type RunningCluster } from './running.ts';
import { stopCluster } from './stop.ts';
import { Supervisor } from './supervisor.ts';

export type StartOptions = {
  readonly name: string;
  readonly nodes: number;
  readonly dnsCache: DnsCache;
  readonly progress: Progress;
  readonly signal: AbortSignal;
};

type StartedCluster = RunningCluster & {
  /** False if the cluster already ran. */
  readonly isNew: boolean;
};

const MAXIMUM_NODES = 9;
const ALREADY_RUNNING = 3;

/**
 * Starts a cluster, or repairs a running one: starts ended programs again, and adds missing nodes. After a failure or
 * an abort, it removes everything that it has made; a cluster that already ran stays.
 */
export async function startCluster(options: StartOptions): Promise<StartedCluster> {
  const { name, nodes, progress, signal } = options;
  if (!/^[a-z][a-z0-9-]{0,19}$/.test(name)) {
    throw new Error(`--name ${name}: expected at most 20 lower-case letters, digits and hyphens, a letter first`);
  }
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > MAXIMUM_NODES) {
    throw new Error(`--nodes ${nodes}: expected a whole number from 1 to ${MAXIMUM_NODES}`);
  }
  await installDebianPackages(progress, signal);
  const programs = await provideClusterPrograms(progress, signal);
  const images = await provideClusterImages(programs, progress, signal);
  const layout = clusterLayout(name, programs);
  await mkdir(layout.directory, { recursive: true, mode: 0o755 });
  for (;;) {
    const running = await connectRunning(layout, signal);
    if (running !== undefined) {
      return { ...(await complete(layout, running, images, options)), isNew: false };
    }
    const launched = await runCommand(join(programs, 'supervisor'), [
      'start',
      layout.directory,
      `${ADDRESSES.apiServer}:${API_PORT}`,
    ]);
    if (launched.code === 0) {
      return { ...(await bootAnew(layout, Number(launched.stdout.trim()), images, options)), isNew: true };
    }
    if (launched.code !== ALREADY_RUNNING) {
      throw new Error(`starting the supervisor: ${launched.stderr.trim()}`);
    }
    await delay(100, undefined, { signal }); // Another process starts it, or it is just ending.
  }
}

async function bootAnew(
  layout: ClusterLayout,
  port: number,
  images: readonly string[],
  options: StartOptions,
): Promise<RunningCluster> {
  const began = performance.now();
  const { progress, nodes, signal } = options;
  let supervisor: Supervisor | undefined;
  try {
    supervisor = await Supervisor.connect(layout.controlSocket);
    await supervisor.claim();
    await removeRemains(layout);
    await mkdir(layout.file('log'), { recursive: true });
    await writeCredentials(layout, port, MAXIMUM_NODES);
    for (const [path, content] of controlPlane.controlPlaneFiles(layout)) {
      await writeFile(path, content);
    }
    await writeFile(layout.file('resolv.conf'), 'nameserver 127.0.0.1\n');
    await layNetwork(supervisor);
    // The resolver of the host is unreachable from here. containerd would wait for it for almost a minute when it looks
    // up a registry.
    await supervisor.require('mount', '--bind', layout.file('resolv.conf'), '/etc/resolv.conf');
    await supervisor.run(controlPlane.etcd(layout));
    await supervisor.run(controlPlane.apiServer(layout));
    progress(`starting the control plane and ${nodes} nodes`);
    await addNodes(layout, supervisor, 1, nodes, images, signal);
    const state: ClusterState = { programs: layout.programs, port, nodes };
    await awaitReady(layout, supervisor, state, options, began);
    await writeFile(layout.state, JSON.stringify(state));
    await supervisor.commit();
    return { layout, state };
  } catch (error) {
    await stopCluster(layout.name);
    throw error;
  } finally {
    supervisor?.close();
  }
}

/** Repairs a running cluster: starts ended programs again, and adds missing nodes. */
async function complete(
  layout: ClusterLayout,
  supervisor: Supervisor,
  images: readonly string[],
  options: StartOptions,
): Promise<RunningCluster> {
  try {
    const began = performance.now();
    const before: ClusterState = JSON.parse(await readFile(layout.state, 'utf8'));
    const running = { ...layout, programs: before.programs };
    const state = { ...before, nodes: Math.max(before.nodes, options.nodes) };
    const missing = await findMissingPrograms(running, supervisor, before.nodes, options.dnsCache);
    for (const program of missing) {
      options.progress(`starting ${program.name} again: it had ended`);
      const [, node] = /^kubelet-(\d+)$/.exec(program.name) ?? [];
      await (node === undefined ? undefined : awaitContainerd(running, Number(node), options.signal));
      await supervisor.run(program);
    }
    await addNodes(running, supervisor, before.nodes + 1, state.nodes, images, options.signal);
    if (state.nodes !== before.nodes) {
      await writeFile(layout.state, JSON.stringify(state));
    }
    const whole = missing.length === 0 && state.nodes === before.nodes;
    if (!whole || !(await isApiReady(running, state.port))) {
      await awaitReady(running, supervisor, state, options, began);
    }
    return { layout: running, state };
  } finally {
    supervisor.close();
  }
}

async function addNodes(
  layout: ClusterLayout,
  supervisor: Supervisor,
  first: number,
  last: number,
  images: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const indices = Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => first + offset);
  for (const index of indices) {
    await prepareNode(layout, supervisor, index);
  }
  // The start waits until all nodes are prepared, because the error of a node that fails earlier would otherwise be an
  // unhandled rejection.
  await Promise.all(indices.map(async (index) => await startNode(layout, supervisor, index, images, signal)));
}

/**
 * Removes the remains of an earlier cluster of this name whose supervisor was killed. The lock and the control socket
 * are ours.
 */
async function removeRemains(layout: ClusterLayout): Promise<void> {
  await removeClusterCgroups(layout.name);
  const keep = new Set(['lock', 'control.sock', 'supervisor.log']);
  for (const entry of await readdir(layout.directory)) {
    if (!keep.has(entry)) {
      await rm(layout.file(entry), { recursive: true, force: true });
    }
  }
}
