import { describe, expect, test } from '@jest/globals';
import type { KubernetesApi } from '../../../src/kubernetes/api.ts';
import type { ApiRequest } from '../../../src/kubernetes/request.ts';
import { useFakeApiServer } from '../../integration/kubernetes/connection.ts';
import { drop, type FakeApiServer, json, silence } from '../../integration/kubernetes/fake-api-server.ts';

let server: FakeApiServer;
let api: KubernetesApi;

useFakeApiServer((started, connected) => {
  [server, api] = [started, connected];
});

const STATUS = { kind: 'Status' };
const atOnce = { 'retry-after': '0' };
const get = { method: 'GET', path: '/x' } as const;

describe('a request that fails for now', () => {
  test.each<[string, Pick<ApiRequest, 'method' | 'idempotent'>, number]>([
    ['GET', { method: 'GET' }, 2],
    ['PUT', { method: 'PUT' }, 2],
    ['DELETE', { method: 'DELETE' }, 2],
    ['POST', { method: 'POST' }, 1],
    ['PATCH', { method: 'PATCH' }, 1],
    ['POST that may be sent again', { method: 'POST', idempotent: true }, 2],
    ['GET that may not be sent again', { method: 'GET', idempotent: false }, 1],
  ])('is sent again only if it has the same effect as once: %s', async (_rule, more, count) => {
    server.answerWith(json(503, {}, atOnce), json(200, { a: 1 }));
    const sent = api.request({ path: '/x', ...more });
    if (count === 2) await expect(sent).resolves.toEqual({ status: 200, body: { a: 1 } });
    else await expect(sent).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE', reason: 'Http503' });
    expect(server.requests).toHaveLength(count);
  });

  test('is sent again after a broken connection', async () => {
    server.answerWith(drop, json(200, {}));
    await expect(api.request(get)).resolves.toMatchObject({ status: 200 });
  });

  test('is sent again if it is refused right after a failure of the API server', async () => {
    server.answerWith(json(503, STATUS, atOnce), json(403, STATUS, atOnce), json(200, {}));
    await expect(api.request(get)).resolves.toMatchObject({ status: 200 });
    expect(server.requests).toHaveLength(3);
  });

  test('is not sent again if it is refused otherwise', async () => {
    server.answerWith(json(403, { ...STATUS, message: 'User "ci" cannot get path "/x"' }, atOnce), json(200, {}));
    await expect(api.request(get)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(server.requests).toHaveLength(1);
  });

  test('ends at once if the API server asks for a longer wait than a fault of it may last', async () => {
    server.answerWith(json(500, STATUS, { 'retry-after': '5' }), json(200, {}));
    await expect(api.request(get)).rejects.toMatchObject({ reason: 'Http500' });
    expect(server.requests).toHaveLength(1);
  });

  test('ends after its time limit without an answer', async () => {
    server.answerWith(silence);
    const sent = api.request({ method: 'POST', path: '/x', timeoutMs: 50 });
    await expect(sent).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE', reason: 'Timeout' });
  });

  test('names its object, or its method and path', async () => {
    server.answerWith(json(400, { ...STATUS, message: 'bad' }));
    await expect(api.request({ ...get, object: 'Pod a' })).rejects.toThrow('Pod a');
    await expect(api.request(get)).rejects.toThrow('GET /x');
  });
});

describe('an answer', () => {
  test.each([200, 299])('with the status %d is a success', async (status) => {
    server.answerWith(json(status, []));
    expect(await api.request(get)).toEqual({ status, body: [] });
  });

  test.each([300, 302])('with the status %d comes from no API server', async (status) => {
    server.answerWith(json(status, {}));
    await expect(api.request(get)).rejects.toMatchObject({ reason: 'NotKubernetes' });
  });

  test('with an error status is a success if the request accepts the status', async () => {
    server.answerWith(json(404, STATUS));
    expect(await api.request({ ...get, accept: [410, 404] })).toEqual({ status: 404, body: STATUS });
    await expect(api.request({ ...get, accept: [410] })).rejects.toMatchObject({ code: 'APPLY_REJECTED' });
  });

  test.each<[string, Readonly<Record<string, string>>, string, unknown]>([
    ['JSON with its type', { 'content-type': 'application/json' }, '{"a":1}', { a: 1 }],
    ['JSON without a type, which stays text', {}, '{"a":1}', '{"a":1}'],
    ['text', { 'content-type': 'text/plain' }, '{"a":1}', '{"a":1}'],
    ['invalid JSON, which stays text', { 'content-type': 'application/json' }, '{"a":', '{"a":'],
  ])('may be %s', async (_rule, headers, text, body) => {
    server.answerWith((_request, response) => response.writeHead(200, headers).end(text));
    expect((await api.request(get)).body).toEqual(body);
  });
});

describe('a request', () => {
  test('has a content type only with a body', async () => {
    server.answerWith(json(200, {}));
    await api.request({ ...get, mediaType: 'text/plain' });
    await api.request({ method: 'POST', path: '/x', body: { a: 1 } });
    await api.request({ method: 'POST', path: '/x', body: [], contentType: 'application/x' });
    expect(server.received.map(({ headers }) => [headers.accept, headers['content-type']])).toEqual([
      ['text/plain', undefined],
      ['application/json, */*', 'application/json'],
      ['application/json, */*', 'application/x'],
    ]);
  });

  test('shares a few connections with many others', async () => {
    server.answerWith(json(200, {}));
    await Promise.all(Array.from({ length: 20 }, async () => await api.request(get)));
    expect(server.connections()).toBeLessThanOrEqual(4);
  });

  test('ends with the reason of an abort, before and during an attempt', async () => {
    const reason = new Error('cancelled');
    await expect(api.request({ ...get, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(server.requests).toEqual([]);
    const controller = new AbortController();
    server.answerWith(() => controller.abort(reason));
    await expect(api.request({ ...get, signal: controller.signal })).rejects.toBe(reason);
  });

  test('of a guarded API is checked before each attempt of a write, and reads are not', async () => {
    let checks = 0;
    const guarded = api.guarded(async () => {
      checks += 1;
      if (checks === 3) throw new Error('the lock is lost');
    });
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'n' } };
    const ref = { kind: 'Pod', name: 'a', namespace: 'n' } as const;
    const signal = AbortSignal.timeout(10_000);
    server.answerWith(json(503, STATUS, atOnce), json(200, pod));
    await guarded.apply(pod, { fieldManager: 'm' }, signal);
    expect(checks).toBe(2);
    await guarded.get(ref, signal);
    expect(checks).toBe(2);
    await expect(guarded.remove(ref, {}, signal)).rejects.toThrow('the lock is lost');
    expect(server.requests).toHaveLength(3);
  });
});
