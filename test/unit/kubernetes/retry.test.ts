import { describe, expect, test } from '@jest/globals';
import { canRetry, type Failure, selectRetryBudgetMs, selectRetryDelayMs } from '../../../src/kubernetes/retry.ts';
import { ApiHealth } from '../../../src/kubernetes/transport.ts';

function answer(status: number, message = '', retryAfter?: string): Failure {
  return { kind: 'status', status, retryAfter, body: { kind: 'Status', message } };
}

function broken(code: string): Failure {
  return { kind: 'network', error: Object.assign(new Error(code), { code }) };
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
  ])('waits %s', (_what, retryAfter, expected) => {
    expect(selectRetryDelayMs(answer(429, '', retryAfter), 0)).toBe(expected);
  });
});

describe('the API server counts as recovering', () => {
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
