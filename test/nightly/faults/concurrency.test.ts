import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { Fault } from '../../faults/fault.ts';
import { isConfigurationWrite, ONE, startHeldAt } from '../../faults/stories.ts';
import { describeTheme } from '../../faults/theme.ts';
import { readSecret } from '../../support/live-cluster.ts';

const DEBUG = { debug: 'true' };
/** The time until a released write has reached the API server. */
const LATE_MS = 500;
const WAITING = /^waiting for the lock/;

const faults: readonly Fault[] = [
  {
    fault: 'two concurrent runs',
    on: 'running',
    again: DEBUG,
    make: async (scene) => {
      const first = await startHeldAt(scene, isConfigurationWrite, DEBUG);
      const second = scene.start(DEBUG);
      await second.line(WAITING);
      first.held.release();
      const { exitCode } = await first.run.result;
      expect(exitCode).toBe(0);
      return { run: second };
    },
    code: 'green',
    state: /^nats-0 Ready$/,
  },
  {
    fault: 'another run that holds the lock until the deadline',
    on: 'running',
    again: DEBUG,
    make: async (scene) => {
      const first = await startHeldAt(scene, isConfigurationWrite);
      const undo = async (): Promise<void> => {
        first.held.release();
        await first.run.result;
      };
      return { run: scene.start({ ...DEBUG, timeout: '10s' }), undo };
    },
    code: 'LOCKED (Held)',
    tells: ['is still held by'],
    hint: ['kubectl'],
    state: /^nats-0 Ready$/,
  },
  {
    fault: 'cancellation while it waits for another run',
    on: 'running',
    make: async (scene) => {
      const first = await startHeldAt(scene, isConfigurationWrite);
      const run = scene.start(DEBUG);
      await run.line(WAITING);
      const visible = performance.now();
      run.kill('SIGTERM');
      const undo = async (): Promise<void> => {
        first.held.release();
        await first.run.result;
      };
      return { run, visible: Promise.resolve(visible), undo };
    },
    code: 'CANCELLED',
    tells: ['nothing was changed'],
    withinSeconds: 5,
  },
  {
    fault: 'run paused for longer than its lease while another run deploys',
    on: 'running',
    make: async (scene) => {
      const { space } = scene.deployment;
      const first = await startHeldAt(scene, isConfigurationWrite, DEBUG);
      first.run.kill('SIGSTOP');
      const second = await scene.start().result;
      expect(second.exitCode).toBe(0);
      const after = await readSecret(space, 'nats-config');
      // The pending write also comes too late.
      first.held.release();
      await delay(LATE_MS);
      first.run.kill('SIGCONT');
      await first.run.result;
      expect(await readSecret(space, 'nats-config')).toEqual(after);
      return { run: first.run };
    },
    code: 'LOCKED (Lost)',
    tells: ['lost its lock', 'this run has written nothing since'],
    hint: ['run the job again'],
    state: /^nats-0 Ready$/,
  },
];

describeTheme({ name: 'concurrency', inputs: ONE, faults, sceneOf: (scene) => scene });
