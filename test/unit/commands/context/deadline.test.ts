import { describe, expect, test } from '@jest/globals';
import { explainAbort } from '../../../../src/commands/context/deadline.ts';
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
