import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { type ActionError, hasCode } from '../../../src/errors/action-error.ts';
import { readCredentials } from '../../../src/kubernetes/credentials.ts';
import { loadKubeConfig } from '../../../src/kubernetes/kubeconfig.ts';

const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function kubeconfig(
  fields: { readonly user?: object; readonly cluster?: object; readonly name?: string; readonly rest?: object } = {},
): string {
  const { user = { token: 'secret-token' }, cluster = {}, name = 'one', rest = {} } = fields;
  return JSON.stringify({
    clusters: [{ name, cluster: { server: `https://${name}.example.com:6443/`, ...cluster } }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: 'nats' } }],
    'current-context': name,
    ...rest,
  });
}

const MANY_ALIASES = `a: &a [${'x,'.repeat(12)}]
b: &b [${'*a,'.repeat(12)}]
c: &c [${'*b,'.repeat(12)}]
clusters: [*c, *c]`;

function refusal(yaml: string, context?: string): ActionError {
  try {
    loadKubeConfig({ kind: 'content', yaml }, context, {});
  } catch (error) {
    if (hasCode(error, 'INPUT_INVALID')) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('a kubeconfig', () => {
  test('has server, context and namespace', () => {
    expect(loadKubeConfig({ kind: 'content', yaml: kubeconfig() }, undefined, {})).toMatchObject({
      server: 'https://one.example.com:6443',
      context: 'one',
      namespace: 'nats',
      origin: { kind: 'input', path: undefined },
      endpoint: { ca: undefined, isInsecure: false },
      warnings: [],
    });
  });

  test.each<[string, string, string]>([
    ['', 'kubeconfig', 'empty'],
    ['a: b', 'kubeconfig', 'any mapping'],
    ['- a', 'kubeconfig', 'a list'],
    ['clusters: [\ntoken: secret-token', 'kubeconfig', 'broken YAML'],
    ['clusters: secret-token', 'kubeconfig', 'clusters that are not a list'],
    ['clusters: [{name: a}]', 'kubeconfig', 'a cluster without its server'],
    ['clusters: [1, null]', 'kubeconfig', 'clusters of another type'],
    [kubeconfig({ rest: { contexts: [] } }), 'context', 'no contexts'],
    [kubeconfig({ rest: { 'current-context': '' } }), 'context', 'no current context'],
    [kubeconfig({ rest: { users: [] } }), 'kubeconfig', 'a missing user'],
    [kubeconfig({ rest: { clusters: [] } }), 'kubeconfig', 'a missing cluster'],
    [kubeconfig({ cluster: { server: 'ftp://x' } }), 'kubeconfig', 'a server of another scheme'],
    [kubeconfig({ cluster: { 'certificate-authority-data': 'bm90aGluZw==' } }), 'kubeconfig', 'an invalid CA'],
    [kubeconfig({ cluster: { 'certificate-authority': '/nonexistent/ca' } }), 'kubeconfig', 'a missing CA file'],
    ['a: *nothing\nclusters: []', 'kubeconfig', 'an alias without an anchor'],
    [`clusters: [${'['.repeat(60_000)}`, 'kubeconfig', 'lists that are nested too deeply'],
    [MANY_ALIASES, 'kubeconfig', 'too many aliases'],
    [kubeconfig({ rest: { kind: 'Secret' } }), 'kubeconfig', 'another kind of object'],
    [kubeconfig({ rest: { apiVersion: 'v2' } }), 'kubeconfig', 'another version'],
    [kubeconfig({ rest: { contexts: [{ name: 'one', context: {} }] } }), 'kubeconfig', 'a context without a cluster'],
    [
      '{clusters: [{name: a, cluster: {server: x}}, {name: a, cluster: {server: x}}]}',
      'kubeconfig',
      'a name given twice',
    ],
    ['{clusters: [{cluster: {server: secret-token}}]}', 'kubeconfig', 'an entry without a name'],
  ])('is refused without being quoted (row %#)', (yaml, input, _rule) => {
    const error = refusal(yaml);
    expect(error.code).toBe('INPUT_INVALID');
    expect(error.details).toMatchObject({ violations: [{ input }] });
    expect(error.message + error.hint).not.toContain('secret-token');
  });

  test('is refused with an unknown context, and the known ones are listed', () => {
    expect(refusal(kubeconfig(), 'two').message).toMatch(/two; its contexts are: one/);
  });

  test('overrides the proxy of the environment by its proxy-url', () => {
    const proxy = (yaml: string) =>
      loadKubeConfig({ kind: 'content', yaml }, undefined, { HTTPS_PROXY: 'http://env:1' }).endpoint.proxyUrl;
    expect(proxy(kubeconfig())).toBe('http://env:1');
    expect(proxy(kubeconfig({ cluster: { 'proxy-url': 'http://own:1' } }))).toBe('http://own:1');
  });
});

describe('the credentials of a kubeconfig', () => {
  async function headers(user: object): Promise<unknown> {
    const yaml = kubeconfig({ user });
    return (await readCredentials(loadKubeConfig({ kind: 'content', yaml }, undefined, {}))).headers;
  }

  test('are a token, a password or nothing', async () => {
    expect(await headers({ token: 't' })).toEqual({ Authorization: 'Bearer t' });
    expect(await headers({ username: 'u', password: 'p' })).toEqual({ Authorization: 'Basic dTpw' });
    expect(await headers({})).toEqual({});
  });

  test('come from the token file for every request, with a path relative to the kubeconfig', async () => {
    file('token', 'old\n');
    const path = file('with-token-file', kubeconfig({ user: { tokenFile: 'token', token: 'ignored' } }));
    const connection = loadKubeConfig({ kind: 'path', path }, undefined, {});
    expect((await readCredentials(connection)).headers).toEqual({ Authorization: 'Bearer old' });
    file('token', 'new\n');
    expect((await readCredentials(connection)).headers).toEqual({ Authorization: 'Bearer new' });
  });

  test('come from a plugin that gets its API version', async () => {
    const script =
      'const {kind,apiVersion}=JSON.parse(process.env.KUBERNETES_EXEC_INFO);console.log(JSON.stringify({kind,apiVersion,status:{token:apiVersion}}))';
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: ['-e', script] };
    expect(await headers({ exec })).toEqual({ Authorization: 'Bearer client.authentication.k8s.io/v1' });
  });

  test.each<[string, object]>([
    ['is not installed', { command: 'no-such-plugin' }],
    ['fails', { command: 'false' }],
    ['returns an invalid response', { command: 'echo', args: ['hello'] }],
    ['returns no status', { command: 'echo', args: ['{}'] }],
  ])('are UNAUTHENTICATED if the plugin %s', async (_name, exec) => {
    const apiVersion = 'client.authentication.k8s.io/v1beta1';
    await expect(headers({ exec: { apiVersion, ...exec } })).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      reason: 'CredentialPlugin',
    });
  });

  test('are refused if a certificate file is missing, and the file is named', async () => {
    const pair = { 'client-certificate': '/nonexistent/crt', 'client-key': '/nonexistent/key' };
    await expect(headers(pair)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('/nonexistent/crt'),
    });
  });
});
