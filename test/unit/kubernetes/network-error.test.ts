import { describe, expect, test } from '@jest/globals';
import { createNetworkError } from '../../../src/kubernetes/network-error.ts';
import { canRetry, type Failure, selectRetryDelayMs } from '../../../src/kubernetes/retry.ts';

const server = 'https://kube.example.com';

function errorWithCode(code: string, message = 'it broke'): Error {
  return Object.assign(new Error(message), { code });
}

/** Wraps an error in this number of other errors. */
function nest(error: Error, depth: number): Error {
  return depth === 0 ? error : nest(new Error('wrapped', { cause: error }), depth - 1);
}

describe('a network error', () => {
  test.each<[string, unknown, string, string]>([
    [
      'is ConnectionRefused for a refused connection',
      errorWithCode('ECONNREFUSED'),
      'CLUSTER_UNREACHABLE',
      'ConnectionRefused',
    ],
    ['is NameNotResolved for an unknown host', errorWithCode('ENOTFOUND'), 'CLUSTER_UNREACHABLE', 'NameNotResolved'],
    ['is NoRoute for an unreachable host', errorWithCode('EHOSTUNREACH'), 'CLUSTER_UNREACHABLE', 'NoRoute'],
    ['is Timeout for a connection timeout', errorWithCode('UND_ERR_CONNECT_TIMEOUT'), 'CLUSTER_UNREACHABLE', 'Timeout'],
    [
      'is ConnectionReset for a reset connection',
      errorWithCode('ECONNRESET'),
      'CLUSTER_UNREACHABLE',
      'ConnectionReset',
    ],
    [
      'is UnknownAuthority for a certificate of an unknown CA',
      errorWithCode('SELF_SIGNED_CERT_IN_CHAIN'),
      'CLUSTER_UNREACHABLE',
      'UnknownAuthority',
    ],
    [
      'is ServerName for the certificate of another host',
      errorWithCode('ERR_TLS_CERT_ALTNAME_INVALID'),
      'CLUSTER_UNREACHABLE',
      'ServerName',
    ],
    [
      'is CertificateValidity for an expired certificate',
      errorWithCode('CERT_HAS_EXPIRED'),
      'CLUSTER_UNREACHABLE',
      'CertificateValidity',
    ],
    [
      'is Protocol for a server without TLS',
      errorWithCode('ERR_SSL_WRONG_VERSION_NUMBER'),
      'CLUSTER_UNREACHABLE',
      'Protocol',
    ],
    [
      'is ClientCertificate for a rejected client certificate',
      errorWithCode('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'),
      'UNAUTHENTICATED',
      'ClientCertificate',
    ],
    [
      'comes from the cause of the error of fetch',
      new TypeError('fetch failed', { cause: errorWithCode('ECONNREFUSED') }),
      'CLUSTER_UNREACHABLE',
      'ConnectionRefused',
    ],
    [
      'comes from the addresses of one host',
      new AggregateError([errorWithCode('ECONNREFUSED'), errorWithCode('ECONNREFUSED')]),
      'CLUSTER_UNREACHABLE',
      'ConnectionRefused',
    ],
    [
      'comes from the first known error of several',
      new AggregateError([new Error('unknown'), errorWithCode('ETIMEDOUT'), errorWithCode('ECONNREFUSED')]),
      'CLUSTER_UNREACHABLE',
      'Timeout',
    ],
    ['comes from the fifth cause', nest(errorWithCode('ECONNREFUSED'), 5), 'CLUSTER_UNREACHABLE', 'ConnectionRefused'],
    ['does not come from the sixth cause', nest(errorWithCode('ECONNREFUSED'), 6), 'CLUSTER_UNREACHABLE', 'Network'],
    ['is Network for a code that every object inherits', errorWithCode('toString'), 'CLUSTER_UNREACHABLE', 'Network'],
    [
      'is Network for a code and errors of another type',
      Object.assign(new Error('odd'), { code: 7, errors: 7 }),
      'CLUSTER_UNREACHABLE',
      'Network',
    ],
    ['is Network for an unknown value', 'nothing', 'CLUSTER_UNREACHABLE', 'Network'],
  ])('%s', (_name, error, code, reason) => {
    const mapped = createNetworkError(server, error);
    expect([mapped.code, mapped.reason, mapped.details]).toEqual([code, reason, { server }]);
  });

  test.each<[string, unknown, string]>([
    ['its message', errorWithCode('ECONNREFUSED', 'connect to 10.0.0.1'), 'connect to 10.0.0.1'],
    ['its code, if it has no message', errorWithCode('ECONNREFUSED', ''), 'ECONNREFUSED'],
    ['its name, if it has neither', new TypeError(''), 'TypeError'],
    ['its code, if fetch gives no cause', errorWithCode('EPIPE', 'fetch failed'), 'EPIPE'],
    ['its cause, if fetch gives one', new TypeError('fetch failed', { cause: new Error('reset') }), 'reset'],
  ])('is described by %s', (_rule, error, text) => {
    expect(createNetworkError(server, error).message).toContain(text);
  });

  test('is found even if an error is its own cause', () => {
    const error = new Error('round');
    error.cause = error;
    expect(createNetworkError(server, error).reason).toBe('Network');
  });
});

describe('the retry of a request', () => {
  const answer = (status: number, retryAfter?: string, body: unknown = ''): Failure => ({
    kind: 'status',
    status,
    retryAfter,
    body,
  });
  const broken = (code: string): Failure => ({ kind: 'network', error: errorWithCode(code) });
  const schema = { kind: 'Status', message: 'failed to create typed patch object' };

  test.each<[string, Failure, boolean, boolean]>([
    ['429', answer(429), true, true],
    ['503', answer(503), true, false],
    ['500', answer(500), true, false],
    ['500 on a manifest that does not fit its schema', answer(500, undefined, schema), false, false],
    ['400', answer(400), false, false],
    ['401', answer(401), false, false],
    ['409', answer(409), false, false],
    ['connection refused', broken('ECONNREFUSED'), true, true],
    ['connection reset', broken('ECONNRESET'), true, false],
    ['timeout', broken('UND_ERR_HEADERS_TIMEOUT'), true, false],
    ['unknown authority', broken('SELF_SIGNED_CERT_IN_CHAIN'), false, false],
    ['unknown host', broken('ENOTFOUND'), false, false],
    ['a temporary failure of name resolution', broken('EAI_AGAIN'), true, true],
    ['a programming error', { kind: 'network', error: new TypeError('x is not a function') }, false, false],
  ])('depends on the failure: %s', (_name, failure, idempotent, other) => {
    expect([canRetry(failure, true), canRetry(failure, false)]).toEqual([idempotent, other]);
  });

  test.each<[string, Failure, number, number]>([
    ['waits 200 ms at first', broken('ECONNRESET'), 0, 200],
    ['waits longer later', broken('ECONNRESET'), 2, 800],
    ['never waits longer than 3.2 s without a header', broken('ECONNRESET'), 99, 3200],
    ['waits as long as the header says', answer(429, '7'), 0, 7000],
    [
      'waits as long as the Status says',
      answer(429, undefined, { kind: 'Status', details: { retryAfterSeconds: 3 } }),
      0,
      3000,
    ],
    ['waits at most half a minute', answer(429, '3600'), 0, 30_000],
    ['ignores a header with a date', answer(503, 'Wed, 21 Oct 2026 07:28:00 GMT'), 0, 200],
  ])('%s', (_name, failure, attempt, expectedMs) => {
    expect(selectRetryDelayMs(failure, attempt)).toBe(expectedMs);
  });
});
