import { expect, test } from '@jest/globals';
import type { ApiRequest, ApiResponse } from '../../../src/kubernetes/request.ts';
import { reportSecrets } from '../../../src/kubernetes/secret-traffic.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

async function recordCalls(asked: ApiRequest, body: unknown): Promise<readonly string[]> {
  const calls: string[] = [];
  const answer: ApiResponse = { status: 200, body };
  const request = reportSecrets(
    async () => {
      calls.push('sent');
      return answer;
    },
    {
      saw: (name, texts) => calls.push(`${name} ${JSON.stringify(texts)}`),
      listed: () => calls.push('listed'),
      sends: () => {},
    },
  );
  expect(await request(asked)).toBe(answer);
  return calls;
}

const secret = (name: string, data: Readonly<Record<string, string>>): object => ({ metadata: { name }, data });
const PATH = '/api/v1/namespaces/n/secrets';

test('a Secret is registered for masking before its write is sent', async () => {
  const body = secret('a', { password: base64('hunter2') });
  expect(await recordCalls({ method: 'PATCH', path: `${PATH}/a`, body }, {})).toEqual([
    'a {"password":"hunter2"}',
    'sent',
  ]);
});

test('the Secrets of a list are registered for masking, and then the list counts as complete', async () => {
  const items = [secret('a', { k: base64('x') }), secret('b', { k: '//79' })];
  const calls = await recordCalls({ method: 'GET', path: PATH }, { metadata: {}, items });
  expect(calls).toEqual(['sent', 'a {"k":"x"}', 'b {"k":"//79"}', 'listed']);
});

test('a page that is not the last does not complete the list', async () => {
  expect(await recordCalls({ method: 'GET', path: PATH }, { metadata: { continue: 'x' }, items: [] })).toEqual([
    'sent',
  ]);
});

test('other objects are not registered for masking', async () => {
  const body = secret('a', { k: base64('x') });
  expect(await recordCalls({ method: 'PATCH', path: '/api/v1/namespaces/n/configmaps/a', body }, body)).toEqual([
    'sent',
  ]);
  expect(await recordCalls({ method: 'GET', path: '/api/v1/namespaces/secrets' }, {})).toEqual(['sent']);
});

test('a list of metadata does not complete the list of Secrets', async () => {
  const mediaType = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
  expect(await recordCalls({ method: 'GET', path: PATH, mediaType }, { metadata: {}, items: [] })).toEqual(['sent']);
});

test('neither one Secret nor the deletion of all completes the list of Secrets', async () => {
  expect(await recordCalls({ method: 'GET', path: `${PATH}/a` }, { metadata: {} })).toEqual(['sent']);
  expect(await recordCalls({ method: 'DELETE', path: PATH }, { metadata: {} })).toEqual(['sent']);
});

test('the list of all namespaces counts, too, and its last page may have an empty token', async () => {
  const body = { metadata: { continue: '' }, items: [] };
  expect(await recordCalls({ method: 'GET', path: '/api/v1/secrets' }, body)).toEqual(['sent', 'listed']);
});

test('the plain data of a Secret is registered, and data of another type is not', async () => {
  const body = { metadata: { name: 'a' }, data: { k: 7 }, stringData: { password: 'hunter2' } };
  expect(await recordCalls({ method: 'POST', path: PATH, body }, {})).toEqual(['a {"password":"hunter2"}', 'sent']);
});
