import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connectKubernetes, type KubernetesApi } from '../../../src/kubernetes/api.ts';
import { loadKubeConfig } from '../../../src/kubernetes/kubeconfig.ts';
import {
  brokenEvents,
  drop,
  events,
  type FakeApiServer,
  json,
  makeCertificate,
  silence,
  startFakeApiServer,
} from './fake-api-server.ts';

let server: FakeApiServer;
let api: KubernetesApi;
let signal: AbortSignal;

beforeEach(async () => {
  server = await startFakeApiServer();
  api = connect({ token: 't' });
  signal = AbortSignal.timeout(60_000);
});

afterEach(async () => {
  await api.close();
  await server.close();
});

function connect(
  user: object,
  authority: string = server.certificateAuthority,
  url: string = server.url,
): KubernetesApi {
  const cluster = { server: url, 'certificate-authority-data': Buffer.from(authority).toString('base64') };
  const yaml = JSON.stringify({
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  });
  return connectKubernetes(loadKubeConfig({ kind: 'content', yaml }, undefined, {}));
}

const version = json(200, { gitVersion: 'v1.36.3' });
const manifest = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a', namespace: 'n' } };
const fieldManager = 'test-manager';

function item(name: string, resourceVersion: string): object {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'n', resourceVersion } };
}

function listOf(resourceVersion: string, ...items: readonly object[]): object {
  return { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion }, items };
}

describe('requests', () => {
  test('are repeated after 429 with Retry-After, also an apply', async () => {
    server.answerWith(json(429, {}, { 'retry-after': '1' }), json(200, manifest));
    expect((await api.apply(manifest, { fieldManager }, signal)).metadata.name).toBe('a');
    expect(server.requests).toHaveLength(2);
  });

  test('are repeated after a dropped connection if they only read', async () => {
    server.answerWith(drop, drop, version);
    expect(await api.version(signal)).toBe('v1.36.3');
  });

  test('are not repeated after a dropped connection if they are a JSON patch, because the server may have applied it', async () => {
    server.answerWith(drop, json(200, manifest));
    const patch = { kind: 'json', operations: [{ op: 'remove', path: '/a' }] } as const;
    await expect(
      api.patch({ kind: 'Secret', name: 'a', namespace: 'n' }, patch, { fieldManager }, signal),
    ).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE', reason: 'ConnectionReset' });
    expect(server.requests).toHaveLength(1);
  });

  test('are repeated when an answer takes longer than the limit of one attempt', async () => {
    server.answerWith(silence, version);
    const { body } = await api.request({ method: 'GET', path: '/version', timeoutMs: 300, signal });
    expect(body).toEqual({ gitVersion: 'v1.36.3' });
  });

  test('end with the reason of the abort while they wait for an answer', async () => {
    server.answerWith(silence);
    const stop = new AbortController();
    const asking = api.version(stop.signal);
    setImmediate(() => stop.abort(new Error('deadline')));
    await expect(asking).rejects.toThrow('deadline');
  });

  test('end with the reason of the abort while they pause before the next attempt', async () => {
    const stop = new AbortController();
    server.answerWith((_request, response) => {
      response.writeHead(429, { 'retry-after': '30' }).end(() => stop.abort(new Error('deadline')));
    });
    await expect(api.version(stop.signal)).rejects.toThrow('deadline');
  });

  test('are not repeated when their answer is invalid', async () => {
    server.answerWith(json(422, { kind: 'Status', reason: 'Invalid', message: 'no' }));
    await expect(api.apply(manifest, { fieldManager }, signal)).rejects.toMatchObject({ code: 'APPLY_REJECTED' });
    expect(server.requests).toHaveLength(1);
  });

  test('share at most four connections, fifty in sequence or in parallel', async () => {
    server.answerWith(version);
    for (let index = 0; index < 10; index++) await api.version(signal);
    await Promise.all(Array.from({ length: 40 }, async () => await api.version(signal)));
    expect(server.connections()).toBeLessThanOrEqual(4);
  });

  test('use a changed token file at once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'token-'));
    const tokenFile = join(folder, 'token');
    const seen: (string | undefined)[] = [];
    server.answerWith((request, response) => {
      seen.push(request.headers.authorization);
      version(request, response);
    });
    const rotating = connect({ tokenFile });
    try {
      for (const token of ['first', 'second']) {
        writeFileSync(tokenFile, `${token}\n`);
        await rotating.version(signal);
      }
    } finally {
      await rotating.close();
      rmSync(folder, { recursive: true });
    }
    expect(seen).toEqual(['Bearer first', 'Bearer second']);
  });

  test('return several pages as one list, at the version of the last page', async () => {
    const first = { kind: 'PodList', metadata: { resourceVersion: '7', continue: 'next' }, items: [item('a', '1')] };
    server.answerWith(json(200, first), json(200, listOf('7', item('b', '2'))));
    const { objects, resourceVersion } = await api.list('Pod', { namespace: 'n' }, signal);
    expect([objects.map(({ metadata }) => metadata.name), resourceVersion]).toEqual([['a', 'b'], '7']);
    expect(server.requests[1]).toContain('continue=next');
  });
});

describe('a paged list', () => {
  test('starts again when its version expires between two pages', async () => {
    const first = { kind: 'PodList', metadata: { resourceVersion: '7', continue: 'next' }, items: [item('a', '1')] };
    const expired = json(410, { kind: 'Status', code: 410, reason: 'Expired' });
    server.answerWith(json(200, first), expired, json(200, listOf('9', item('b', '8'))));
    const { objects, resourceVersion } = await api.list('Pod', { namespace: 'n' }, signal);
    expect([objects.map(({ metadata }) => metadata.name), resourceVersion]).toEqual([['b'], '9']);
  });

  test('is requested again when an answer is cut off', async () => {
    const cut = (request: IncomingMessage, response: ServerResponse): void => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"kind":"PodList","it', () => request.socket.destroy());
    };
    server.answerWith(cut, json(200, listOf('9', item('b', '8'))));
    expect((await api.list('Pod', { namespace: 'n' }, signal)).objects).toHaveLength(1);
  });
});

describe('a write', () => {
  const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'l', namespace: 'n' } };

  test('carries the expected resource version', async () => {
    const bodies: unknown[] = [];
    server.answerWith((request, response) => {
      request.on('data', (bytes: Buffer) => bodies.push(JSON.parse(bytes.toString())));
      request.on('end', () => json(200, manifest)(request, response));
    });
    await api.apply(manifest, { fieldManager, resourceVersion: '7' }, signal);
    expect(bodies).toEqual([{ ...manifest, metadata: { ...manifest.metadata, resourceVersion: '7' } }]);
  });

  test.each(['AlreadyExists', 'Conflict'])('fails with APPLY_CONFLICT and the reason after %s', async (reason) => {
    server.answerWith(json(409, { kind: 'Status', reason }));
    const refused = { code: 'APPLY_CONFLICT', reason };
    await expect(api.create(lease, { fieldManager }, signal)).rejects.toMatchObject(refused);
    const metadata = { ...lease.metadata, resourceVersion: '7' };
    await expect(api.replace({ ...lease, metadata }, { fieldManager }, signal)).rejects.toMatchObject(refused);
    expect(server.requests).toHaveLength(2);
  });

  test('passes the guard before every attempt; a read does not', async () => {
    const asked: number[] = [];
    const guarded = api.guarded(async () => {
      asked.push(server.requests.length);
      if (asked.length === 3) throw new Error('lost');
    });
    server.answerWith(version);
    await guarded.version(signal);
    expect(asked).toEqual([]);
    server.answerWith(drop);
    await expect(guarded.apply(manifest, { fieldManager }, signal)).rejects.toThrow('lost');
    expect(asked).toEqual([1, 2, 3]);
  });

  test('fails soon, with the name of the webhook, if the API server cannot call a webhook', async () => {
    server.answerWith(json(500, { kind: 'Status', message: 'failed calling webhook "w": connection refused' }));
    await expect(api.apply(manifest, { fieldManager }, signal)).rejects.toMatchObject({
      code: 'APPLY_REJECTED',
      reason: 'Webhook',
    });
  });

  test('survives an API server that refuses connections for longer than a few attempts', async () => {
    const unready = json(503, { kind: 'Status', message: 'apiserver not ready' });
    const election = json(500, { kind: 'Status', message: 'etcdserver: leader changed' });
    server.answerWith(unready, election, unready, drop, unready, election, drop, json(200, manifest));
    expect((await api.apply(manifest, { fieldManager }, signal)).metadata.name).toBe('a');
    expect(server.requests).toHaveLength(8);
  });
});

describe('the connection to the API server', () => {
  test('fails with a message about the CA if the CA is unknown', async () => {
    const stranger = connect({ token: 't' }, makeCertificate().cert);
    await expect(stranger.version(signal)).rejects.toMatchObject({
      code: 'CLUSTER_UNREACHABLE',
      reason: 'UnknownAuthority',
      details: { server: server.url },
    });
    await stranger.close();
    expect(server.requests).toEqual([]);
  });

  test('fails with a message about the CA if the CA of a port-forward is unknown', async () => {
    const stranger = connect({ token: 't' }, makeCertificate().cert);
    await expect(stranger.portForward('n', 'p', 4222, signal)).rejects.toMatchObject({
      code: 'CLUSTER_UNREACHABLE',
      reason: 'UnknownAuthority',
    });
    await stranger.close();
  });

  test('fails as refused if no program listens on the port', async () => {
    await server.close();
    await expect(api.version(signal)).rejects.toMatchObject({
      code: 'CLUSTER_UNREACHABLE',
      reason: 'ConnectionRefused',
    });
  });

  test.each<[string, unknown]>([
    ['text', 'hello'],
    ['null', null],
    ['a list', []],
    ['another object', { kind: 'Status' }],
  ])('fails as not Kubernetes if the answer is %s', async (_name, body) => {
    server.answerWith(json(200, body));
    const refused = { code: 'CLUSTER_UNREACHABLE', reason: 'InvalidResponse' };
    await expect(api.version(signal)).rejects.toMatchObject(refused);
    await expect(api.list('Pod', {}, signal)).rejects.toMatchObject(refused);
    await expect(api.get({ kind: 'Node', name: 'a' }, signal)).rejects.toMatchObject(refused);
  });
});

describe('follow', () => {
  async function followed(count: number): Promise<readonly string[]> {
    const seen: string[] = [];
    for await (const event of api.follow('Pod', { namespace: 'n' }, signal)) {
      const objects = event.kind === 'listed' ? event.objects : [event.object];
      seen.push(`${event.kind} ${objects.map(({ metadata }) => metadata.name).join(',')}`);
      if (seen.length === count) break;
    }
    return seen;
  }

  const versionOf = (request: string | undefined): string | null =>
    new URL(request?.split(' ')[1] ?? '', 'https://x').searchParams.get('resourceVersion');

  test('continues a closed, a broken and a refused watch from its last version', async () => {
    server.answerWith(
      json(200, listOf('5', item('a', '4'))),
      events({ type: 'ADDED', object: item('b', '6') }),
      brokenEvents({ type: 'MODIFIED', object: item('b', '7') }),
      drop,
      json(503, {}),
      events({ type: 'BOOKMARK', object: item('', '9') }),
      events({ type: 'DELETED', object: item('a', '10') }),
    );
    expect(await followed(4)).toEqual(['listed a', 'added b', 'modified b', 'deleted a']);
    expect(server.requests.slice(1).map(versionOf)).toEqual(['5', '6', '7', '7', '7', '9']);
  });

  test.each<[string, ReturnType<typeof json>]>([
    ['by its status', json(410, { kind: 'Status', code: 410, reason: 'Expired' })],
    ['by an event', events({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } })],
  ])('lists again when the version has expired, reported %s', async (_name, expired) => {
    server.answerWith(
      json(200, listOf('5', item('a', '4'))),
      expired,
      json(200, listOf('50', item('c', '40'))),
      events({ type: 'ADDED', object: item('d', '51') }),
    );
    expect(await followed(3)).toEqual(['listed a', 'listed c', 'added d']);
  });

  test('ends with the error if the watch is forbidden', async () => {
    server.answerWith(
      json(200, listOf('5')),
      json(403, {
        kind: 'Status',
        message: 'pods is forbidden: User "ci" cannot watch resource "pods" in API group "" in the namespace "n"',
      }),
    );
    await expect(followed(2)).rejects.toMatchObject({ code: 'FORBIDDEN', details: { missing: [{ verb: 'watch' }] } });
  });

  test('ends with an error on an invalid event', async () => {
    server.answerWith(json(200, listOf('5')), events({ type: 'SURPRISE' }));
    await expect(followed(2)).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE', reason: 'InvalidResponse' });
  });
});
