import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { bindExpectedCluster } from '../../../src/commands/preflight/expected-cluster.ts';
import { expectedCluster } from '../../../src/inputs/rows/target.ts';
import { connectKubernetes, type KubernetesApi } from '../../../src/kubernetes/api.ts';
import { loadKubeConfig } from '../../../src/kubernetes/kubeconfig.ts';
import { type CertificateAuthority, type KeyPair, makeAuthority } from '../../support/certificate-authority.ts';
import { type FakeApiServer, json, startFakeApiServer } from './fake-api-server.ts';

/**
 * A server of the expected CA and servers of other CAs. The servers are fake, because the tests have one real cluster.
 */
let real: CertificateAuthority;
let evil: CertificateAuthority;
let intermediate: CertificateAuthority;
let client: KeyPair;
let folder: string;
let signal: AbortSignal;
let server: FakeApiServer;
const open: KubernetesApi[] = [];

beforeAll(() => {
  real = makeAuthority('real');
  // This CA has the name of the expected CA, so the name alone does not distinguish the two.
  evil = makeAuthority('real');
  intermediate = real.issueAuthority('intermediate');
  client = real.issueClient('deployer');
  folder = mkdtempSync(join(tmpdir(), 'expected-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(() => {
  signal = AbortSignal.timeout(60_000);
});

afterEach(async () => {
  await Promise.all(open.splice(0).map(async (api) => await api.close()));
  await server?.close();
});

/** Starts a server and lets it answer everything. */
async function start(authority: CertificateAuthority, more = ''): Promise<void> {
  const { key, cert } = authority.issueServer();
  server = await startFakeApiServer({ key, cert: cert + more }, true);
  server.answerWith(json(200, { gitVersion: 'v1.36.3' }));
}

type Parts = { readonly expected: string; readonly bundle?: string; readonly cluster?: object; readonly user?: object };

function connect({ expected, bundle = real.cert, cluster = {}, user = { token: 'TOKEN' } }: Parts): KubernetesApi {
  const own = { server: server.url, 'certificate-authority-data': Buffer.from(bundle).toString('base64') };
  const yaml = JSON.stringify({
    clusters: [{ name: 'c', cluster: { ...own, ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  });
  const parsed = expectedCluster.parse(expected);
  if (parsed.kind === 'refused') throw new Error(`${expected} is refused`);
  const connection = loadKubeConfig({ kind: 'content', yaml }, undefined, process.env);
  const api = connectKubernetes(bindExpectedCluster(connection, parsed.value));
  open.push(api);
  return api;
}

const tokens = (): readonly unknown[] => server.received.flatMap(({ headers }) => headers.authorization ?? []);

describe('an expected CA fingerprint', () => {
  test('accepts the cluster whose certificate the CA issued', async () => {
    await start(real);
    expect(await connect({ expected: real.fingerprint }).version(signal)).toBe('v1.36.3');
    expect(tokens()).toEqual(['Bearer TOKEN']);
  });

  test('accepts one of several CAs in the kubeconfig, also if the server does not send that CA', async () => {
    await start(intermediate);
    const bundle = evil.cert + real.cert + intermediate.cert;
    expect(await connect({ expected: real.fingerprint, bundle }).version(signal)).toBe('v1.36.3');
  });

  test('accepts an intermediate CA', async () => {
    await start(intermediate);
    const bundle = intermediate.cert;
    expect(await connect({ expected: intermediate.fingerprint, bundle }).version(signal)).toBe('v1.36.3');
  });

  test.each<[string, (api: KubernetesApi) => Promise<unknown>]>([
    ['a request', async (api) => await api.version(signal)],
    ['a watch', async (api) => await drain(api.follow('Pod', { namespace: 'n' }, signal, KNOWN))],
    ['a port-forward', async (api) => await api.portForward('n', 'p', 4222, signal)],
  ])('stops %s before a credential goes to another cluster', async (_name, use) => {
    await start(evil, real.cert);
    const upgrades: unknown[] = [];
    server.onUpgrade(({ headers }, socket) => {
      upgrades.push(headers.authorization);
      socket.end();
    });
    const ran = join(folder, 'ran');
    const certificate = {
      'client-certificate-data': Buffer.from(client.cert).toString('base64'),
      'client-key-data': Buffer.from(client.key).toString('base64'),
    };
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'touch', args: [ran] };
    for (const user of [{ token: 'TOKEN', ...certificate }, { exec }]) {
      const api = connect({ expected: real.fingerprint, bundle: real.cert + evil.cert, user });
      await expect(use(api)).rejects.toMatchObject({ code: 'CLUSTER_MISMATCH' });
    }
    expect([server.requests, server.clients, upgrades, existsSync(ran)]).toEqual([[], [], [], false]);
  });

  test('stops exec in a pod before a client certificate goes to another cluster', async () => {
    await start(evil);
    const api = connect({ expected: real.fingerprint, bundle: real.cert + evil.cert });
    const target = { namespace: 'n', pod: 'p', container: 'c', command: ['true'], input: '' };
    expect(await api.execute(target, signal)).toMatchObject({ kind: 'not-run' });
    expect([server.requests, server.clients]).toEqual([[], []]);
  });

  test('refuses a fingerprint that the kubeconfig lacks, before any connection', async () => {
    await start(evil);
    expect(() => connect({ expected: real.fingerprint, bundle: evil.cert })).toThrow(
      expect.objectContaining({ code: 'CLUSTER_MISMATCH' }),
    );
    expect(server.connections()).toBe(0);
  });

  test.each<[string, object]>([
    ['insecure-skip-tls-verify', { 'insecure-skip-tls-verify': true, 'certificate-authority-data': undefined }],
    ['plain http', { server: 'http://127.0.0.1:1' }],
  ])('refuses to be combined with %s, because the CA could not be verified', async (_rule, cluster) => {
    await start(real);
    expect(() => connect({ expected: real.fingerprint, cluster })).toThrow(
      expect.objectContaining({ code: 'CLUSTER_MISMATCH', reason: 'NotVerifiable' }),
    );
  });

  test('verifies the CA also with NODE_TLS_REJECT_UNAUTHORIZED=0', async () => {
    await start(evil);
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      const api = connect({ expected: real.fingerprint, bundle: real.cert + evil.cert });
      await expect(api.version(signal)).rejects.toMatchObject({ code: 'CLUSTER_MISMATCH' });
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    }
    expect(server.requests).toEqual([]);
  });
});

const ONE = 'https://one.example.com';
async function drain(events: AsyncIterable<unknown>): Promise<void> {
  for await (const _event of events);
}

const KNOWN = { objects: [], resourceVersion: '1' };

describe('an expected URL', () => {
  test('accepts a server with a certificate of the kubeconfig’s CA, in any spelling of the URL', async () => {
    await start(real);
    const { port } = new URL(server.url);
    expect(await connect({ expected: `HTTPS://127.0.0.1:${port}/` }).version(signal)).toBe('v1.36.3');
    expect(connect({ expected: 'https://h', cluster: { server: 'https://H:443/' } }).connection.server).toBe(
      'https://h',
    );
  });

  test('sends no credential to a server of another CA', async () => {
    await start(evil);
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'touch', args: [join(folder, 'by-url')] };
    await expect(connect({ expected: server.url, user: { exec } }).version(signal)).rejects.toMatchObject({
      code: 'CLUSTER_UNREACHABLE',
      reason: 'UnknownAuthority',
    });
    expect([server.requests, existsSync(join(folder, 'by-url'))]).toEqual([[], false]);
  });

  test.each<[string, object, string]>([
    ['another URL', {}, 'https://production.example.com'],
    ['another path', {}, 'https://one.example.com/k8s/c1'],
    ['insecure-skip-tls-verify', { 'insecure-skip-tls-verify': true, 'certificate-authority-data': undefined }, ONE],
    ['tls-server-name', { 'tls-server-name': 'two.example.com' }, ONE],
    ['plain http', { server: 'http://10.0.0.1:80' }, 'http://10.0.0.1'],
    [
      'plain http through a proxy',
      { server: 'http://127.0.0.1:1', 'proxy-url': 'http://127.0.0.1:2' },
      'http://127.0.0.1:1',
    ],
  ])('refuses a kubeconfig with %s', async (_rule, cluster, expected) => {
    await start(real);
    const at = { server: ONE, ...cluster };
    expect(() => connect({ expected, cluster: at, user: {} })).toThrow(
      expect.objectContaining({ code: 'CLUSTER_MISMATCH' }),
    );
    expect(server.connections()).toBe(0);
  });
});

test('a redirect of the API server is not followed', async () => {
  await start(real);
  const elsewhere = await startFakeApiServer(evil.issueServer());
  try {
    const location = `${elsewhere.url}/version`;
    server.answerWith(json(200, {}), (_request, response) => void response.writeHead(307, { location }).end());
    const api = connect({ expected: real.fingerprint, bundle: real.cert + evil.cert });
    await expect(api.version(signal)).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE', reason: 'NotKubernetes' });
    server.onUpgrade((_request, socket) => {
      socket.end(`HTTP/1.1 307 Temporary Redirect\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`);
    });
    await expect(api.portForward('n', 'p', 1, signal)).rejects.toThrow();
    expect(elsewhere.connections()).toBe(0);
  } finally {
    await elsewhere.close();
  }
});
