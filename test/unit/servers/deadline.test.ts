import { describe, expect, test } from '@jest/globals';
import { fail, isRefusal, runWithDeadline, type ServerResult, succeed } from '../../../src/servers/failure.ts';

const { signal } = new AbortController();
const endless = async (): Promise<ServerResult<string>> => await new Promise(() => {});
const reason = new Error('cancelled');

describe('work with a deadline', () => {
  test('returns its result, and is not interrupted later', async () => {
    const seen: AbortSignal[] = [];
    const done = await runWithDeadline(signal, 20, 'work', async (ended) => {
      seen.push(ended);
      return succeed('done');
    });
    expect(done).toEqual({ ok: true, value: 'done' });
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(seen.map(({ aborted }) => aborted)).toEqual([false]);
  });

  test('fails with Timeout, and the work is interrupted', async () => {
    const seen: AbortSignal[] = [];
    const late = await runWithDeadline(signal, 20, 'work', async (ended) => {
      seen.push(ended);
      return await endless();
    });
    expect(late).toMatchObject({ ok: false, failure: { reason: 'Timeout' } });
    expect(seen.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test('throws the reason of an abort, before and during the work', async () => {
    let runs = 0;
    const work = async () => {
      runs += 1;
      return await endless();
    };
    await expect(runWithDeadline(AbortSignal.abort(reason), 5000, 'work', work)).rejects.toBe(reason);
    expect(runs).toBe(0);
    const controller = new AbortController();
    const running = runWithDeadline(controller.signal, 5000, 'work', work);
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
  });
});

test('a failure has a cause only if there is one', () => {
  expect(fail('Timeout', 'late')).toStrictEqual({ ok: false, failure: { reason: 'Timeout', message: 'late' } });
  expect(fail('Timeout', 'late', reason)).toMatchObject({ failure: { cause: reason } });
});

test.each([
  ['AuthorizationViolation', true],
  ['PermissionsViolation', true],
  ['NoResponders', true],
  ['RequestRefused', false],
  ['Timeout', false],
  ['ConnectionRefused', false],
] as const)('the server refuses to answer this user for the reason %s: %p', (name, expected) => {
  expect(isRefusal({ reason: name, message: '' })).toBe(expected);
});
