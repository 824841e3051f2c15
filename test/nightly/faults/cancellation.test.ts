import { expect } from '@jest/globals';
import type { Fault, Made, Scene } from '../../faults/fault.ts';
import { isConfigurationWrite, isPortForward, isRecord, PAIR, startHeldAt } from '../../faults/stories.ts';
import { describeTheme } from '../../faults/theme.ts';
import type { ActionResult } from '../../support/action.ts';
import type { Asked } from '../../support/held-requests.ts';
import { notPlanted } from '../../support/planted-secrets.ts';

const DEBUG = { debug: 'true' };
/** The inputs of the next run, without those that only `deploy` accepts. */
const GO_ON = { ...notPlanted, command: 'rotate', replicas: '', 'ca-overlap': '0s' };
const ROTATE = { ...GO_ON, 'rotate-targets': 'ca, route-ca', force: 'true' };
const UNPULLABLE = '127.0.0.1:1/nats:2.15.2';
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

type Phase = { readonly stage: string; readonly at: (asked: Asked) => boolean; readonly says: string };

const PHASES: readonly Phase[] = [
  {
    stage: 'before anything is written',
    at: ({ method, path }) => method === 'GET' && path.includes('/secrets'),
    says: 'before anything was changed',
  },
  { stage: 'while objects are applied', at: isConfigurationWrite, says: 'while it applied objects' },
  { stage: 'during the wait for servers', at: isPortForward, says: 'during the rollout' },
  { stage: 'during the checks', at: isRecord, says: 'only the security checks are missing' },
];

/** Sends a signal to a run while a request of the run is held, and measures the time from the signal on. */
async function sendSignals(run: Made['run'], ...signals: readonly NodeJS.Signals[]): Promise<Made> {
  const visible = performance.now();
  for (const signal of signals) run.kill(signal);
  return { run, visible: Promise.resolve(visible) };
}

async function expectCancelled(_: Scene, result: ActionResult): Promise<void> {
  expect(result.outputs['result']).toBe('cancelled');
  expect(result.outputs['report']).toMatch(/./);
  expect(result.summary).toContain('CANCELLED');
}

const CANCELLED = { on: 'running', code: 'CANCELLED', withinSeconds: 5, check: expectCancelled } as const;

const inPhases = PHASES.flatMap(({ stage, at, says }): readonly Fault[] =>
  SIGNALS.map((signal) => ({
    ...CANCELLED,
    fault: `${signal} ${stage}`,
    inputs: signal === 'SIGINT' ? DEBUG : {},
    make: async (scene) => await sendSignals((await startHeldAt(scene, at)).run, signal),
    tells: [signal, says],
    hint: ['again'],
  })),
);

const ROTATION_PHASES = [
  ['trust-both', /^rotation of .* begins: /],
  ['swap-leaves', /^rotation of .*: swap-leaves \(/],
  ['drop-old', /^rotation of .*: drop-old \(/],
] as const;

const inRotation = ROTATION_PHASES.map(
  ([phase, line]): Fault => ({
    ...CANCELLED,
    fault: `SIGTERM in a rotation, phase ${phase}`,
    again: GO_ON,
    make: async ({ start }) => {
      const run = start(ROTATE);
      await run.line(line);
      return await sendSignals(run, 'SIGTERM');
    },
    tells: ['SIGTERM'],
    hint: ['again'],
    state: /^nats-0 Ready, nats-1 Ready$/,
  }),
);

const faults: readonly Fault[] = [
  ...inPhases,
  ...inRotation,
  {
    ...CANCELLED,
    fault: 'SIGINT followed at once by SIGTERM',
    make: async (scene) => await sendSignals((await startHeldAt(scene, isPortForward)).run, 'SIGINT', 'SIGTERM'),
    tells: ['cancelled'],
    withinSeconds: 1,
    check: async (_, { exitCode, outputs }) => {
      expect(exitCode).not.toBe(0);
      expect(outputs['result']).toBe('cancelled');
    },
  },
  {
    ...CANCELLED,
    fault: 'SIGTERM during a rollback',
    make: async ({ start }) => {
      const run = start({ image: UNPULLABLE, 'rollback-on-failure': 'true' });
      await run.line(/rolling back to the last verified state/);
      return await sendSignals(run, 'SIGTERM');
    },
    again: { image: 'nats:2.15.2' },
    tells: ['SIGTERM'],
    hint: ['again'],
  },
];

describeTheme({ name: 'cancellation', inputs: PAIR, faults, sceneOf: (scene) => scene });
