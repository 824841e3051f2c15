import { describe, expect, test } from '@jest/globals';
import {
  canRetry,
  type Failure,
  isRefusal,
  raceAbort,
  selectRetryBudgetMs,
  selectRetryDelayMs,
} from '../../../src/kubernetes/retry.ts';
import { ApiHealth } from '../../../src/kubernetes/transport.ts';

function answer(status: number, message = '', retryAfter?: string): Failure {
  return { kind: 'status', status, retryAfter, body: { kind: 'Status', message } };
}

function fail(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function broken(code: string): Failure {
  return { kind: 'network', error: fail(code) };
}

describe('the retry of a request', () => {
  test.each<[string, Failure, boolean, boolean]>([
    ['429', answer(429), true, true],
    ['503', answer(503), true, false],
    ['500 during a leader election of etcd', answer(500, 'etcdserver: leader changed'), true, false],
    ['504 from etcd', answer(504, 'etcdserver: request timed out'), true, false],
    ['a refused connection', broken('ECONNREFUSED'), true, true],
    ['a connection reset during the TLS handshake', broken('ECONNRESET'), true, false],
    ['a timeout', broken('UND_ERR_HEADERS_TIMEOUT'), true, false],
    ['a host without a route', broken('EHOSTUNREACH'), true, true],
    [
      'a temporary failure of name resolution as the cause of another error',
      { kind: 'network', error: new TypeError('fetch failed', { cause: fail('EAI_AGAIN') }) },
      true,
      true,
    ],
    ['an unknown host', broken('ENOTFOUND'), false, false],
    ['502', answer(502), true, false],
    ['501', answer(501), false, false],
    ['a manifest that does not fit its schema', answer(500, 'failed to create typed patch object'), false, false],
    ['422', answer(422), false, false],
    ['an unknown CA', broken('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'), false, false],
  ])('follows after %s as far as it is safe', (_what, failure, whenIdempotent, whenNot) => {
    expect([canRetry(failure, true), canRetry(failure, false)]).toEqual([whenIdempotent, whenNot]);
  });

  test.each<[string, Failure, boolean, number]>([
    ['a restart of a known API server', broken('ECONNREFUSED'), true, 60_000],
    ['a load balancer without an API server', answer(503), true, 60_000],
    [
      'etcd without a leader',
      answer(500, 'rpc error: code = Unavailable desc = etcdserver: leader changed'),
      true,
      60_000,
    ],
    ['an address that never responded', broken('ECONNREFUSED'), false, 4_000],
    ['a webhook without a pod', answer(500, 'failed calling webhook "a": connection refused'), true, 4_000],
    ['an internal error of the API server', answer(500, 'panic'), true, 4_000],
  ])('continues for as long as this may last: %s', (_what, failure, isContactMade, expected) => {
    expect(selectRetryBudgetMs(failure, isContactMade)).toBe(expected);
  });

  test.each<[string, string | undefined, number]>([
    ['the seconds of the header', '7', 7_000],
    ['at most 30 s', '3600', 30_000],
    ['an increasing time without a header', undefined, 200],
    ['an increasing time for an invalid header', '-1', 200],
    ['an increasing time for a header with too many digits', '12345', 200],
    ['not at all if the header says so', '0', 0],
  ])('waits %s', (_what, retryAfter, expected) => {
    expect(selectRetryDelayMs(answer(429, '', retryAfter), 0)).toBe(expected);
  });
});

test.each([
  [0, 0],
  [3, 3_000],
  [-1, 200],
])('a Status that asks for %d s leads to a delay of %d ms', (retryAfterSeconds, expected) => {
  const body = { kind: 'Status', details: { retryAfterSeconds } };
  expect(selectRetryDelayMs({ kind: 'status', status: 429, retryAfter: undefined, body }, 0)).toBe(expected);
});

test.each<[string, Failure, boolean]>([
  ['401', answer(401), true],
  ['403', answer(403), true],
  ['404', answer(404), false],
  ['429', answer(429), false],
  ['a broken connection', broken('ECONNRESET'), false],
])('a refusal of the request is recognized by its status: %s', (_name, failure, expected) => {
  expect(isRefusal(failure)).toBe(expected);
});

describe('the wait for work that cannot be aborted', () => {
  const endless = new Promise<string>(() => {});
  const reason = new Error('cancelled');

  test('returns the result of the work, with and without a signal', async () => {
    expect(await raceAbort(Promise.resolve('done'), undefined)).toBe('done');
    expect(await raceAbort(Promise.resolve('done'), new AbortController().signal)).toBe('done');
  });

  test('ends with the reason of an abort, before and during the work', async () => {
    await expect(raceAbort(endless, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const waiting = raceAbort(endless, controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });
});

describe('the API server counts as recovering', () => {
  test('only after a failure', () => {
    const health = new ApiHealth(() => 0);
    expect(health.hasAnswered()).toBe(false);
    health.recordAnswer();
    expect([health.hasAnswered(), health.isRecovering()]).toEqual([true, false]);
  });

  test('for 10 s after a failure, if it has responded before', () => {
    let nowMs = 0;
    const health = new ApiHealth(() => nowMs);
    health.recordFailure();
    expect(health.isRecovering()).toBe(false);
    health.recordAnswer();
    expect(health.isRecovering()).toBe(true);
    nowMs = 10_000;
    expect(health.isRecovering()).toBe(false);
  });
});
