import { setTimeout as delay } from 'node:timers/promises';
import type { BreakableScene, Fault } from './fault.ts';
import { replacePod } from './stories.ts';

const STOPPED_MS = 20_000;
const DEBUG = { debug: 'true' };

/** Starts a run that waits until the servers have reloaded their configuration. */
async function startBeforeReload(scene: BreakableScene, inputs: Readonly<Record<string, string>>) {
  const run = scene.start(inputs);
  await run.line(/^applied: /);
  return run;
}

/** The faults in which the API server, or nodes together with it, were unavailable for a while. */
export const apiFaults = (whole: () => Promise<void>): readonly Fault<BreakableScene>[] => [
  {
    fault: 'API server stopped for 20 s during the wait',
    on: 'running',
    again: DEBUG,
    make: async (scene) => {
      await replacePod(scene.deployment.space, 'nats-1');
      const run = await startBeforeReload(scene, DEBUG);
      const undo = await scene.faults.pauseApi();
      await delay(STOPPED_MS);
      await undo();
      await whole();
      return { run };
    },
    code: 'green',
    state: /^nats-0 Ready, nats-1 Ready$/,
  },
  {
    fault: 'API server killed during the wait, and restarted soon',
    on: 'running',
    make: async (scene) => {
      await replacePod(scene.deployment.space, 'nats-1');
      const run = await startBeforeReload(scene, {});
      const undo = await scene.faults.killApi();
      await delay(3000);
      await undo();
      await whole();
      return { run };
    },
    code: 'green',
    state: /^nats-0 Ready, nats-1 Ready$/,
  },
  {
    fault: 'API server that does not return',
    on: 'running',
    make: async (scene) => {
      await replacePod(scene.deployment.space, 'nats-1');
      const run = await startBeforeReload(scene, { ...DEBUG, timeout: '20s' });
      const back = await scene.faults.killApi();
      const undo = async (): Promise<void> => {
        await back();
        await whole();
      };
      return { run, undo };
    },
    code: 'CLUSTER_UNREACHABLE (NoAnswer)',
    tells: ['no longer answers'],
    hint: ['API server'],
  },
];
