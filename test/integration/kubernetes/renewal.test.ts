import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { KubernetesApi } from '../../../src/kubernetes/api.ts';
import { connectTo } from './connection.ts';
import { events, type FakeApiServer, json, startFakeApiServer } from './fake-api-server.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: FakeApiServer;
let folder: string;
let signal: AbortSignal;
const open: KubernetesApi[] = [];

beforeEach(async () => {
  server = await startFakeApiServer();
  folder = mkdtempSync(join(tmpdir(), 'renewal-'));
  signal = AbortSignal.timeout(60_000);
});

afterEach(async () => {
  await Promise.all(open.splice(0).map(async (api) => await api.close()));
  await server.close();
  rmSync(folder, { recursive: true });
});

function connect(user: object): KubernetesApi {
  const api = connectTo(server, user);
  open.push(api);
  return api;
}

const unauthorized = json(401, { kind: 'Status', message: 'Unauthorized' });
const version = json(200, { gitVersion: 'v1.36.3' });

/** Accepts only this token. */
function only(token: string, answer: Answer): Answer {
  return (request, response) => {
    (request.headers.authorization === `Bearer ${token}` ? answer : unauthorized)(request, response);
  };
}

/** Makes a plugin that returns another token each time it runs: `token-1`, `token-2`. */
function plugin(): { readonly user: object; readonly runs: () => number } {
  const file = join(folder, 'runs');
  writeFileSync(file, '');
  const path = JSON.stringify(file);
  const script = `const fs=require('fs');fs.appendFileSync(${path},'x');const token='token-'+fs.readFileSync(${path},'utf8').length;console.log(JSON.stringify({kind:'ExecCredential',apiVersion:'client.authentication.k8s.io/v1',status:{token}}))`;
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: ['-e', script] };
  return { user: { exec }, runs: () => readFileSync(file, 'utf8').length };
}

describe('a token that the API server refuses in the middle of a run', () => {
  test('is requested again from its credential plugin, once for all refused requests', async () => {
    const { user, runs } = plugin();
    const api = connect(user);
    server.answerWith(only('token-1', version));
    await api.version(signal);
    server.answerWith(only('token-2', version));
    const versions = await Promise.all([1, 2, 3].map(async () => await api.version(signal)));
    expect([versions, runs()]).toEqual([['v1.36.3', 'v1.36.3', 'v1.36.3'], 2]);
  });

  test('fails with UNAUTHENTICATED if a second run of the credential plugin returns no better token', async () => {
    const { user, runs } = plugin();
    server.answerWith(unauthorized);
    await expect(connect(user).version(signal)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      hint: expect.stringContaining(process.execPath),
    });
    expect([runs(), server.requests.length]).toEqual([2, 2]);
  });

  test('is read again from its file', async () => {
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, 'old');
    // The file changes between the request and its refusal.
    const refuse: Answer = (request, response) => {
      writeFileSync(tokenFile, 'new');
      unauthorized(request, response);
    };
    server.answerWith(refuse, only('new', version));
    expect(await connect({ tokenFile }).version(signal)).toBe('v1.36.3');
  });

  test('fails with UNAUTHENTICATED and the name of its file if the file does not change', async () => {
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, 'secret-token');
    server.answerWith(unauthorized);
    const error: unknown = await connect({ tokenFile })
      .version(signal)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', hint: expect.stringContaining(tokenFile) });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('secret-token');
  });

  test('is not tried again if it stands in the kubeconfig itself', async () => {
    server.answerWith(unauthorized);
    await expect(connect({ token: 't' }).version(signal)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(server.requests).toHaveLength(1);
  });

  test('does not end a running watch', async () => {
    const { user } = plugin();
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'n', resourceVersion: '6' } };
    server.answerWith(
      only('token-1', json(200, { kind: 'PodList', metadata: { resourceVersion: '5' }, items: [] })),
      unauthorized,
      only('token-2', events({ type: 'ADDED', object: pod })),
    );
    const seen: string[] = [];
    for await (const event of connect(user).follow('Pod', { namespace: 'n' }, signal)) {
      seen.push(event.kind);
      if (event.kind === 'added') break;
    }
    expect(seen).toEqual(['listed', 'added']);
  });

  test('does not prevent a port-forward', async () => {
    const { user, runs } = plugin();
    const tokens: (string | undefined)[] = [];
    server.onUpgrade((request, socket) => {
      tokens.push(request.headers.authorization);
      socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    });
    server.answerWith(unauthorized);
    await expect(connect(user).portForward('n', 'p', 4222, signal)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(tokens).toEqual(['Bearer token-1', 'Bearer token-2']);
    expect(runs()).toBeGreaterThanOrEqual(2);
  });

  test('is tried again if the API server has just started', async () => {
    const api = connect({ token: 't' });
    server.answerWith(version);
    await api.version(signal);
    const denied = json(403, { kind: 'Status', message: 'User "ci" cannot list resource "pods" in API group ""' });
    server.answerWith((request) => request.socket.destroy(), unauthorized, denied, version);
    expect(await api.version(signal)).toBe('v1.36.3');
  });
});

test('a credential plugin that hangs does not delay an abort', async () => {
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'sleep', args: ['2'] };
  const stop = new AbortController();
  const asking = connect({ exec }).version(stop.signal);
  setImmediate(() => stop.abort(new Error('deadline')));
  await expect(asking).rejects.toThrow('deadline');
});
