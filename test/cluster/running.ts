import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { clusterDirectory } from './directories.ts';
import { type ClusterLayout, type ClusterState, clusterLayout } from './layout.ts';
import { Supervisor } from './supervisor.ts';

export type RunningCluster = { readonly layout: ClusterLayout; readonly state: ClusterState };

/** Returns the running, committed cluster with this name. */
export async function connectCluster(name: string): Promise<RunningCluster & { readonly supervisor: Supervisor }> {
  const directory = clusterDirectory(name);
  let state: ClusterState;
  try {
    state = JSON.parse(await readFile(join(directory, 'state.json'), 'utf8'));
  } catch (error) {
    throw new Error(`No embedded cluster "${name}" runs; npm run cluster -- start --name ${name}`, { cause: error });
  }
  const layout = clusterLayout(name, state.programs);
  return { layout, state, supervisor: await Supervisor.connect(layout.controlSocket) };
}

/**
 * Connects to the supervisor of a committed cluster. Waits while another process starts this cluster. Returns undefined
 * if no supervisor listens.
 */
export async function connectRunning(layout: ClusterLayout, signal: AbortSignal): Promise<Supervisor | undefined> {
  for (;;) {
    const supervisor = await connectSupervisor(layout);
    if (supervisor === undefined) {
      return undefined;
    }
    try {
      if (await supervisor.isCommitted()) {
        return supervisor;
      }
    } catch {
      supervisor.close();
      return undefined; // The cluster ended between the connection and the question.
    }
    supervisor.close();
    await delay(200, undefined, { signal });
  }
}

/** Connects to the supervisor behind a control socket, committed or not. */
export async function connectSupervisor(layout: ClusterLayout): Promise<Supervisor | undefined> {
  try {
    await access(layout.controlSocket);
    return await Supervisor.connect(layout.controlSocket);
  } catch {
    return undefined; // A missing socket, or one without a listener, means that it does not run.
  }
}
