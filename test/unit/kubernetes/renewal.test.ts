import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { KubernetesApi } from '../../../src/kubernetes/api.ts';
import { connectTo } from '../../integration/kubernetes/connection.ts';
import {
  type FakeApiServer,
  json,
  makeCertificate,
  startFakeApiServer,
} from '../../integration/kubernetes/fake-api-server.ts';

const certificate = makeCertificate();
const get = { method: 'GET', path: '/x' } as const;
let server: FakeApiServer;
let folder: string;
const open: KubernetesApi[] = [];

beforeEach(async () => {
  server = await startFakeApiServer(certificate);
  folder = mkdtempSync(join(tmpdir(), 'renewal-'));
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

function withTokenFile(): KubernetesApi {
  writeFileSync(join(folder, 'token'), 't');
  return connect({ tokenFile: join(folder, 'token') });
}

/** Makes a user whose plugin gives the token `t1` in its first run, `t2` in its second, and so on. */
function withPlugin(): KubernetesApi {
  const apiVersion = 'client.authentication.k8s.io/v1';
  const script = `const fs=require('fs'),f=${JSON.stringify(join(folder, 'runs'))};fs.appendFileSync(f,'x');const token='t'+fs.readFileSync(f,'utf8').length;console.log(JSON.stringify({kind:'ExecCredential',apiVersion:'${apiVersion}',status:{token}}))`;
  return connect({ exec: { apiVersion, command: process.execPath, args: ['-e', script] } });
}

const runs = (): number => readFileSync(join(folder, 'runs'), 'utf8').length;
const unauthorized = json(401, { kind: 'Status', message: 'Unauthorized' });
const tokens = () => server.received.map(({ headers }) => headers.authorization);

describe('a request whose credentials are refused', () => {
  test('is not sent again with a token of the kubeconfig, which stays the same', async () => {
    server.answerWith(unauthorized, json(200, {}));
    await expect(connect({ token: 't' }).request(get)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(server.requests).toHaveLength(1);
  });

  test('is sent again once after the token file was read again', async () => {
    server.answerWith(unauthorized, json(200, {}));
    await expect(withTokenFile().request(get)).resolves.toMatchObject({ status: 200 });
    server.answerWith(unauthorized);
    await expect(withTokenFile().request(get)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(server.requests).toHaveLength(4);
  });

  test('is sent again once after the plugin was run again', async () => {
    server.answerWith(unauthorized, json(200, {}));
    const api = withPlugin();
    await api.request(get);
    await api.request(get);
    expect(tokens()).toEqual(['Bearer t1', 'Bearer t2', 'Bearer t2']);
  });

  test('uses the new credentials of another request without another run of the plugin', async () => {
    const api = withPlugin();
    const renewed = Promise.withResolvers<void>();
    server.answerWith((request, response) => {
      const isOld = request.headers.authorization === 'Bearer t1';
      const answer = (): void => (isOld ? unauthorized : json(200, {}))(request, response);
      if (isOld && request.url === '/late') void renewed.promise.then(answer);
      else answer();
    });
    const late = api.request({ ...get, path: '/late' });
    await api.request(get);
    renewed.resolve();
    await expect(late).resolves.toMatchObject({ status: 200 });
    expect(runs()).toBe(2);
  });

  test('shares one run of the plugin with requests that start together', async () => {
    server.answerWith(json(200, {}));
    const api = withPlugin();
    await Promise.all([api.request(get), api.request(get)]);
    expect([runs(), tokens()]).toEqual([1, ['Bearer t1', 'Bearer t1']]);
  });
});
