import { expect, test } from '@jest/globals';
import { Trial } from '../../../../src/commands/reload/trial.ts';
import { shouldGiveBack } from '../../../../src/commands/rollout/give-back.ts';
import { ActionError } from '../../../../src/errors/action-error.ts';
import { liveState, runningSet } from '../../support/live-state.ts';
import { pod } from '../../support/pods.ts';

const PODS = [0, 1, 2].map((ordinal) => pod({ name: `nats-${ordinal}`, uid: String(ordinal), ready: true }));
const WELL = liveState({ statefulSet: runningSet, pods: PODS });

type Given = {
  readonly touched?: readonly string[];
  readonly isVerified?: boolean;
  readonly live?: typeof WELL;
  readonly replicas?: number;
  readonly overwritten?: number;
  readonly stop?: AbortSignal;
  readonly failure?: unknown;
};

function isGivenBack(given: Given): boolean {
  const { touched = ['nats-0'], isVerified = false, live = WELL, replicas = 3, overwritten = 1 } = given;
  const { stop = new AbortController().signal, failure = new Error('it does not hold') } = given;
  const trial = new Trial(() => 0);
  for (const name of touched) trial.touch(name, 'reload', false);
  if (isVerified) trial.markVerified();
  return shouldGiveBack({ spec: { name: 'nats', replicas }, live, trial, stop }, overwritten, failure);
}

const failed = (code: 'LOCKED' | 'CLUSTER_UNREACHABLE') =>
  code === 'LOCKED'
    ? new ActionError(code, 'taken', { hint: 'wait', details: { holder: 'another' } })
    : new ActionError(code, 'away', { hint: 'wait', details: { server: '' } });

test.each<[string, Given, boolean]>([
  ['the first server that does not accept the change', {}, true],
  ['the objects if no server was touched yet', { touched: [] }, true],
  ['nothing if nothing was written', { overwritten: 0 }, false],
  ['nothing if the first server accepts the change', { isVerified: true }, false],
  ['nothing if other servers were touched', { touched: ['nats-0', 'nats-1'] }, false],
  [
    'nothing if a server was unhealthy before',
    { live: { ...WELL, pods: [...PODS.slice(1), pod({ name: 'nats-0' })] } },
    false,
  ],
  ['nothing if a server was missing before', { live: { ...WELL, pods: PODS.slice(1) } }, false],
  ['nothing if nothing ran before', { live: liveState() }, false],
  ['nothing if servers are added or removed', { replicas: 4 }, false],
  ['nothing if the run is cancelled', { stop: AbortSignal.abort() }, false],
  ['nothing if another run holds the lock', { failure: failed('LOCKED') }, false],
  ['nothing if the API server does not respond', { failure: failed('CLUSTER_UNREACHABLE') }, false],
])('a failed change restores %s', (_, given, expected) => {
  expect(isGivenBack(given)).toBe(expected);
});
