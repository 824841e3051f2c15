import { expect, test } from '@jest/globals';
import { buildUrl, recordFailure } from '../../../src/kubernetes/request.ts';
import type { Failure } from '../../../src/kubernetes/retry.ts';
import { ApiHealth } from '../../../src/kubernetes/transport.ts';

const answer = (status: number, body: unknown): Failure => ({ kind: 'status', status, body, retryAfter: undefined });
const STATUS = { kind: 'Status' };

test.each<[string, Failure, boolean, boolean]>([
  ['a broken connection is no answer, and a failure', { kind: 'network', error: new Error('reset') }, false, true],
  ['403 of an API server is an answer, and no failure', answer(403, STATUS), true, false],
  ['403 of a proxy is no answer, and no failure', answer(403, '<html>'), false, false],
  ['499 is no failure', answer(499, STATUS), true, false],
  ['500 of an API server is an answer, and a failure', answer(500, STATUS), true, true],
  ['503 of a load balancer is no answer, and a failure', answer(503, 'no backend'), false, true],
])('%s', (_rule, failure, isAnswer, isFailure) => {
  const health = new ApiHealth(() => 0);
  recordFailure(health, failure);
  expect(health.hasAnswered()).toBe(isAnswer);
  health.recordAnswer();
  expect(health.isRecovering()).toBe(isFailure);
});

test.each<[string, Readonly<Record<string, string | undefined>> | undefined, string]>([
  ['no query', undefined, 'https://h/p/version'],
  ['only absent values', { a: undefined }, 'https://h/p/version'],
  ['some absent values', { a: undefined, b: '', c: 'x=y&z' }, 'https://h/p/version?b=&c=x%3Dy%26z'],
])('the URL of a request with %s follows the path of the server', (_rule, query, url) => {
  expect(buildUrl('https://h/p', '/version', query)).toBe(url);
});
