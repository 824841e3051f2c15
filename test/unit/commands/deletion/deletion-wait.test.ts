import { describe, expect, test } from '@jest/globals';
import { Waiting } from '../../../../src/commands/context/waiting.ts';
import { describeRemaining, type Remaining, waitUntilDeleted } from '../../../../src/commands/deletion/removal.ts';
import { ActionError } from '../../../../src/errors/action-error.ts';
import { liveObject } from '../../support/live-object.ts';

const STUCK: readonly Remaining[] = [{ object: 'Pod/nats-0', state: 'terminating on node worker-2' }];

function wait(abort: AbortSignal, stop: AbortSignal = new AbortController().signal) {
  const lines: string[] = [];
  const runner = { info: (line: string) => lines.push(line), section: () => {} };
  const waiting = new Waiting(runner, () => 0, 60_000);
  return { lines, run: { waiting, signal: AbortSignal.any([abort, stop]), stop } };
}

describe('the wait for the end of a deletion', () => {
  test('repeats until no object is found, and prints that', async () => {
    const { lines, run } = wait(new AbortController().signal);
    const looks = [STUCK, STUCK, []];
    await waitUntilDeleted(run, async () => looks.shift() ?? []);
    expect(looks).toEqual([]);
    expect(lines).toEqual(['[0.0 s] Pod/nats-0: terminating on node worker-2', '[0.0 s] Pod/nats-0: deleted']);
  });

  test('names the remaining objects at the deadline', async () => {
    const { run } = wait(AbortSignal.timeout(20));
    await expect(waitUntilDeleted(run, async () => STUCK)).rejects.toMatchObject({
      code: 'WAIT_TIMEOUT',
      message: expect.stringContaining('Pod/nats-0: terminating on node worker-2'),
      details: { problems: [{ object: 'Pod/nats-0', reason: 'NotGone' }] },
    });
  });

  test('ends with the cancellation of the run', async () => {
    const stop = new AbortController();
    const { run } = wait(new AbortController().signal, stop.signal);
    const cancelled = new ActionError('CANCELLED', 'stopped', { hint: 'again', details: { signal: 'SIGINT' } });
    const ended = waitUntilDeleted(run, async () => STUCK);
    stop.abort(cancelled);
    await expect(ended).rejects.toBe(cancelled);
  });

  test('does not replace another error by that of the deadline', async () => {
    const { run } = wait(new AbortController().signal);
    const failure = new Error('no answer');
    await expect(waitUntilDeleted(run, async () => Promise.reject(failure))).rejects.toBe(failure);
  });
});

test.each([
  [
    'names its node if it is a pod',
    liveObject('Pod', 'nats-0', {}, { spec: { nodeName: 'n1' } }),
    'terminating on node n1',
  ],
  ['says that it is terminating if it is a pod without a node', liveObject('Pod', 'nats-0'), 'terminating'],
  [
    'names its finalizers',
    liveObject('Service', 'nats', { finalizers: ['service.kubernetes.io/load-balancer-cleanup'] }),
    'terminating, held by service.kubernetes.io/load-balancer-cleanup',
  ],
])('the report of a remaining object %s', (_, object, state) => {
  expect(describeRemaining(object).state).toBe(state);
});
