import { expect, test } from '@jest/globals';
import { readPodLog } from '../../../src/kubernetes/object-reads.ts';
import type { Requester } from '../../../src/kubernetes/request.ts';
import { answerAlways } from '../support/scripted-requester.ts';

const REF = { namespace: 'n', pod: 'nats-0', container: 'nats' };
const signal = new AbortController().signal;

/** Answers with the requested number of these lines, cut at the requested number of bytes, like the kubelet. */
function logOf(lines: readonly string[]): { readonly request: Requester; readonly asked: number[] } {
  const asked: number[] = [];
  const request: Requester = async ({ query = {} }) => {
    const count = Number(query['tailLines']);
    asked.push(count);
    const text = lines.slice(-count).join('\n');
    return { status: 200, body: text.slice(0, Number(query['limitBytes'])) };
  };
  return { request, asked };
}

test('a pod log that fits is read with one request', async () => {
  const { request, asked } = logOf(['a', 'b', 'c']);
  expect(await readPodLog(request, REF, { tailLines: 2 }, signal)).toBe('b\nc');
  expect(asked).toEqual([2]);
});

test('a longer pod log is reduced to its last lines, and long lines are cut', async () => {
  const long = 'x'.repeat(100_000);
  const { request, asked } = logOf([...Array.from({ length: 150 }, () => long), '[FTL] the reason']);
  const text = await readPodLog(request, REF, { tailLines: 150 }, signal);
  expect(text?.endsWith('\n[FTL] the reason')).toBe(true);
  expect(Math.max(...(text ?? '').split('\n').map((line) => line.length))).toBeLessThan(4200);
  expect(asked).toEqual([150, 19, 3]);
});

test('a single line beyond the limit is cut', async () => {
  const { request, asked } = logOf(['x'.repeat(3 * 1024 * 1024)]);
  expect((await readPodLog(request, REF, { tailLines: 1 }, signal))?.length).toBeLessThan(4200);
  expect(asked).toEqual([1]);
});

test('a pod log of just the limit may be cut, so fewer lines are requested', async () => {
  const limit = 1024 * 1024;
  for (const [bytes, count] of [
    [limit - 1, 1],
    [limit, 2],
  ] as const) {
    const { request, asked } = logOf(['x'.repeat(bytes - 2), 'y']);
    expect(await readPodLog(request, REF, { tailLines: 2 }, signal)).toMatch(/y$/);
    expect(asked).toHaveLength(count);
  }
});

test.each<[string, number, unknown]>([
  ['the pod does not exist', 404, 'not found'],
  ['the container has not started', 400, 'waiting'],
  ['the answer is no text', 200, { kind: 'Status' }],
])('a pod log is undefined if %s', async (_rule, status, body) => {
  expect(await readPodLog(answerAlways(status, body).request, REF, { tailLines: 9 }, signal)).toBeUndefined();
});

test('a pod log is of the present run and of any age, unless it is asked for otherwise', async () => {
  const { request, asked } = answerAlways(200, 'a');
  await readPodLog(request, REF, { tailLines: 9 }, signal);
  await readPodLog(request, REF, { tailLines: 9, previous: true, sinceSeconds: 0 }, signal);
  expect(asked.map(({ query }) => [query?.['previous'], query?.['sinceSeconds']])).toEqual([
    ['false', undefined],
    ['true', '0'],
  ]);
  expect(asked[0]).toMatchObject({ path: '/api/v1/namespaces/n/pods/nats-0/log', accept: [400, 404] });
});
