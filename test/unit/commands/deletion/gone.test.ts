import { describe, expect, test } from '@jest/globals';
import { Waiting } from '../../../../src/commands/context/waiting.ts';
import { describeRemaining, type Remaining, waitUntilDeleted } from '../../../../src/commands/deletion/removal.ts';
import { ActionError } from '../../../../src/errors/action-error.ts';
import { liveObject } from '../../support/live-object.ts';

const STUCK: readonly Remaining[] = [{ object: 'Pod/nats-0', state: 'ending on node worker-2' }];

function wait(abort: AbortSignal, stop: AbortSignal = new AbortController().signal) {
  const lines: string[] = [];
  const runner = { info: (line: string) => lines.push(line), section: () => {} };
  const waiting = new Waiting(runner, () => 0, 60_000);
  return { lines, run: { waiting, signal: AbortSignal.any([abort, stop]), stop } };
}

describe('waiting until all is gone', () => {
  test('looks again until nothing is found, and says so', async () => {
    const { lines, run } = wait(new AbortController().signal);
    const looks = [STUCK, STUCK, []];
    await waitUntilDeleted(run, async () => looks.shift() ?? []);
    expect(looks).toEqual([]);
    expect(lines).toEqual(['[0.0 s] Pod/nats-0: ending on node worker-2', '[0.0 s] Pod/nats-0: gone']);
  });

  test('names at the deadline what is still there', async () => {
    const { run } = wait(AbortSignal.timeout(20));
    await expect(waitUntilDeleted(run, async () => STUCK)).rejects.toMatchObject({
      code: 'WAIT_TIMEOUT',
      message: expect.stringContaining('Pod/nats-0: ending on node worker-2'),
      details: { problems: [{ object: 'Pod/nats-0', reason: 'NotGone' }] },
    });
  });

  test('ends with the cancellation when it is cancelled', async () => {
    const stop = new AbortController();
    const { run } = wait(new AbortController().signal, stop.signal);
    const cancelled = new ActionError('CANCELLED', 'stopped', { hint: 'again', details: { signal: 'SIGINT' } });
    const ended = waitUntilDeleted(run, async () => STUCK);
    stop.abort(cancelled);
    await expect(ended).rejects.toBe(cancelled);
  });

  test('does not take another failure for the deadline', async () => {
    const { run } = wait(new AbortController().signal);
    const failure = new Error('no answer');
    await expect(waitUntilDeleted(run, async () => Promise.reject(failure))).rejects.toBe(failure);
  });
});

test.each([
  ['a pod names its node', liveObject('Pod', 'nats-0', {}, { spec: { nodeName: 'n1' } }), 'ending on node n1'],
  ['a pod without a node is ending', liveObject('Pod', 'nats-0'), 'ending'],
  [
    'what others hold names them',
    liveObject('Service', 'nats', { finalizers: ['service.kubernetes.io/load-balancer-cleanup'] }),
    'ending, held by service.kubernetes.io/load-balancer-cleanup',
  ],
])('%s', (_, object, state) => {
  expect(describeRemaining(object).state).toBe(state);
});
