import { setInterval as every } from 'node:timers/promises';
import { scheduler } from './control-plane.ts';
import type { ClusterLayout } from './layout.ts';
import type { Supervisor } from './supervisor.ts';

/**
 * Starts the scheduler again whenever it has ended, like a kubelet with a static pod, until `signal` is aborted. After
 * an outage of the API server the scheduler may find that its cache has a pod on another node, and ends itself for that
 * reason (pkg/scheduler/backend/cache, `cacheImpl.UpdatePod`).
 */
export async function keepScheduler(layout: ClusterLayout, supervisor: Supervisor, signal: AbortSignal): Promise<void> {
  const program = scheduler(layout);
  try {
    for await (const _ of every(1000, undefined, { signal })) {
      const programs = await supervisor.programs();
      if (programs.some(({ name, running }) => name === program.name && !running)) await supervisor.run(program);
    }
  } catch (error) {
    if (!signal.aborted) throw error; // The connection is closed on purpose.
  }
}
