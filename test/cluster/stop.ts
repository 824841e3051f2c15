import { readFile, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { removeClusterCgroups } from './cgroups.ts';
import { type ClusterLayout, clusterLayout } from './layout.ts';
import { connectSupervisor } from './running.ts';

/** Stops a cluster and removes all its traces, also after an incomplete start or if its supervisor has died. */
export async function stopCluster(name: string): Promise<void> {
  const layout = clusterLayout(name, '');
  const supervisor = await connectSupervisor(layout);
  const pid = await supervisorProcess(layout);
  if (supervisor !== undefined) {
    // The supervisor may be ending already, because its starter died; the code below checks whether it is gone.
    await supervisor.shutdown().catch(() => undefined);
    supervisor.close();
  }
  const asked = performance.now();
  while (pid !== undefined && (await startTime(pid.id)) === pid.started) {
    if (supervisor === undefined || performance.now() - asked > 3000) {
      process.kill(pid.id, 'SIGKILL'); // The supervisor does not listen; the kernel ends its namespaces with it.
    }
    await delay(20);
  }
  await removeClusterCgroups(name);
  await rm(layout.directory, { recursive: true, force: true });
}

type ProcessIdentity = { readonly id: number; readonly started: string };

/**
 * Returns the supervisor that last took the lock, distinguished by its start time from a later process with the same
 * number.
 */
async function supervisorProcess(layout: ClusterLayout): Promise<ProcessIdentity | undefined> {
  try {
    const [id, started] = (await readFile(layout.file('lock'), 'utf8')).trim().split(' ');
    return id === undefined || started === undefined ? undefined : { id: Number(id), started };
  } catch {
    return undefined; // Never started.
  }
}

async function startTime(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined; // No such process.
  }
}
