import { describe, expect, test } from '@jest/globals';
import { describeEnd, describeSafety, explainAbort } from '../../../../src/commands/context/run-end.ts';
import { ActionError } from '../../../../src/errors/action-error.ts';

const never = new AbortController().signal;
const passed = AbortSignal.abort(new DOMException('', 'TimeoutError'));
const end = {
  cancelled: never,
  deadline: never,
  timeoutMs: 10_000,
  stage: 'lock',
  changed: [],
  credentials: { kind: 'kubeconfig' },
} as const;

test('a run that was cancelled before the lock says that it created its namespace', () => {
  const reason = new ActionError('CANCELLED', 'the run was cancelled', { hint: '', details: { signal: 'SIGINT' } });
  const cancelled = { ...end, cancelled: AbortSignal.abort(reason), changed: ['Namespace/messaging'] };
  expect(explainAbort(reason, cancelled)).toMatchObject({
    message: 'the run was cancelled after it created Namespace/messaging and before it changed anything else',
  });
});

describe('the deadline', () => {
  const plugin = (isRunning: boolean) =>
    ({ kind: 'plugin', command: 'kubelogin', forget: () => {}, isRunning: () => isRunning }) as const;
  const late = { ...end, deadline: passed };

  test('that passed while a credential plugin was running names the plugin, and advises no longer timeout', () => {
    const error = explainAbort(passed.reason, { ...late, credentials: plugin(true) });
    expect(error).toMatchObject({
      code: 'WAIT_TIMEOUT',
      reason: 'CredentialPlugin',
      message: 'the deadline of 10 s passed while the credential plugin kubelogin of the kubeconfig was running',
      hint: expect.stringMatching(/use a kubeconfig with a token\. A longer `timeout` does not help\.$/),
    });
  });

  test('that passed while a credential plugin was running says so of servers that were not observed, too', () => {
    const unready = new ActionError('WAIT_TIMEOUT', 'nats-0: unknown', { hint: 'Wait.', details: { problems: [] } });
    expect(explainAbort(unready, { ...late, credentials: plugin(true) })).toMatchObject({ reason: 'CredentialPlugin' });
  });

  test.each([[plugin(false)], [{ kind: 'kubeconfig' } as const]])(
    'does not blame a plugin that ended: %j',
    (credentials) => {
      expect(explainAbort(passed.reason, { ...late, credentials })).toMatchObject({
        code: 'WAIT_TIMEOUT',
        reason: undefined,
      });
    },
  );

  test('keeps an error with another cause', () => {
    const stalled = new ActionError('ROLLOUT_STALLED', 'no image', { hint: 'Set it.', details: { problems: [] } });
    expect(explainAbort(stalled, { ...late, credentials: plugin(true) })).toBe(stalled);
  });
});

describe('the safety of a run that was cancelled during the rollout', () => {
  test.each([
    [
      true,
      /^yes\. This is the first deployment, so only one revision runs, but the rollout is not finished\. The lock/,
    ],
    [false, /^yes\. Servers of both revisions work together, but the rollout is not finished\. The lock/],
  ])('names the revisions that run, if it is the first deployment: %s', (isFirst, safety) => {
    expect(describeSafety('wait', { command: 'deploy', isFirst, changed: [] })).toMatch(safety);
  });
});

describe('the safety of a run that was cancelled before it applied anything', () => {
  test.each([
    [[], 'yes. Nothing was changed.'],
    [['Namespace/messaging'], 'yes. The run created Namespace/messaging and changed nothing else.'],
  ])('counts what it created before: %j', (changed, safety) => {
    for (const stage of ['preflight', 'lock'] as const) {
      expect(describeSafety(stage, { command: 'deploy', isFirst: false, changed })).toBe(safety);
    }
  });
});

describe('a run that created its namespace and was cancelled before the lock', () => {
  const changed = ['Namespace/messaging'];

  test('says so where it ended', () => {
    expect(describeEnd('preflight', changed)).toBe(
      'The run ended after it created Namespace/messaging and before it changed anything else.',
    );
    expect(describeEnd('preflight', [])).toBe('The run ended before it changed anything.');
  });
});
