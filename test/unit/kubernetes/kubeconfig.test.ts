import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { type ActionError, hasCode } from '../../../src/errors.ts';
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
  test('gives server, context and namespace', () => {
    expect(loadKubeConfig({ kind: 'content', yaml: kubeconfig() }, undefined, {})).toMatchObject({
      server: 'https://one.example.com:6443',
      context: 'one',
      namespace: 'nats',
      authorities: [],
    });
  });

  test.each<[string, string, string]>([
    ['', 'kubeconfig', 'empty'],
    ['a: b', 'kubeconfig', 'any mapping'],
    ['- a', 'kubeconfig', 'a list'],
    ['clusters: [\ntoken: secret-token', 'kubeconfig', 'broken YAML'],
    ['clusters: secret-token', 'kubeconfig', 'clusters that are no list'],
    ['clusters: [{name: a}]', 'kubeconfig', 'a cluster without its server'],
    ['clusters: [1, null]', 'kubeconfig', 'clusters of another type'],
    [kubeconfig({ rest: { contexts: [] } }), 'context', 'no contexts'],
    [kubeconfig({ rest: { 'current-context': '' } }), 'context', 'no current context'],
    [kubeconfig({ rest: { users: [] } }), 'kubeconfig', 'a user that is not there'],
    [kubeconfig({ rest: { clusters: [] } }), 'kubeconfig', 'a cluster that is not there'],
    [kubeconfig({ cluster: { server: 'ftp://x' } }), 'kubeconfig', 'a server of another scheme'],
    [
      kubeconfig({ cluster: { 'certificate-authority-data': 'bm90aGluZw==' } }),
      'kubeconfig',
      'an authority that is none',
    ],
    [
      kubeconfig({ cluster: { 'certificate-authority': '/nonexistent/ca' } }),
      'kubeconfig',
      'an authority file that is not there',
    ],
  ])('%#: is refused without being quoted', (yaml, input) => {
    const error = refusal(yaml);
    expect(error.code).toBe('INPUT_INVALID');
    expect(error.details).toMatchObject({ violations: [{ input }] });
    expect(error.message + error.hint).not.toContain('secret-token');
  });

  test('an unknown context is refused with those it has', () => {
    expect(refusal(kubeconfig(), 'two').message).toMatch(/two; it has one/);
  });

  test('of several files the first to name something wins, and missing ones are passed over', () => {
    const first = file('first', kubeconfig({ name: 'one' }));
    const second = file('second', kubeconfig({ name: 'two' }));
    const env = { KUBECONFIG: [join(folder, 'missing'), first, second, first].join(':') };
    expect(loadKubeConfig(undefined, undefined, env).context).toBe('one');
    expect(loadKubeConfig(undefined, 'two', env).server).toBe('https://two.example.com:6443');
  });

  test('without any there is no guess', () => {
    expect(() => loadKubeConfig(undefined, undefined, { HOME: folder })).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
    expect(() => loadKubeConfig({ kind: 'path', path: join(folder, 'none') }, undefined, {})).toThrow(/ENOENT/);
  });

  test('its own proxy-url comes before the environment’s', () => {
    const proxy = (yaml: string) =>
      loadKubeConfig({ kind: 'content', yaml }, undefined, { HTTPS_PROXY: 'http://env:1' }).config.getCurrentCluster()
        ?.proxyUrl;
    expect(proxy(kubeconfig())).toBe('http://env:1');
    expect(proxy(kubeconfig({ cluster: { 'proxy-url': 'http://own:1' } }))).toBe('http://own:1');
  });
});

describe('credentials', () => {
  async function headers(user: object): Promise<Readonly<Record<string, string>>> {
    const yaml = kubeconfig({ user });
    return (await readCredentials(loadKubeConfig({ kind: 'content', yaml }, undefined, {}))).headers;
  }

  test('a token, a password and no user', async () => {
    expect(await headers({ token: 't' })).toEqual({ Authorization: 'Bearer t' });
    expect(await headers({ username: 'u', password: 'p' })).toEqual({ Authorization: 'Basic dTpw' });
    expect(await headers({})).toEqual({});
  });

  test('a token file is read for every request, relative to the kubeconfig', async () => {
    file('token', 'old\n');
    const path = file('with-token-file', kubeconfig({ user: { tokenFile: 'token', token: 'ignored' } }));
    const connection = loadKubeConfig({ kind: 'path', path }, undefined, {});
    expect((await readCredentials(connection)).headers).toEqual({ Authorization: 'Bearer old' });
    file('token', 'new\n');
    expect((await readCredentials(connection)).headers).toEqual({ Authorization: 'Bearer new' });
  });

  test('a plugin is told its API version and gives the token', async () => {
    const script =
      'const {apiVersion}=JSON.parse(process.env.KUBERNETES_EXEC_INFO);console.log(JSON.stringify({apiVersion,status:{token:apiVersion}}))';
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: ['-e', script] };
    expect(await headers({ exec })).toEqual({ Authorization: 'Bearer client.authentication.k8s.io/v1' });
  });

  test.each<[string, object]>([
    ['is not installed', { command: 'no-such-plugin' }],
    ['fails', { command: 'false' }],
    ['answers nonsense', { command: 'echo', args: ['hello'] }],
    ['answers without a status', { command: 'echo', args: ['{}'] }],
  ])('a plugin that %s is UNAUTHENTICATED', async (_name, exec) => {
    await expect(headers({ exec })).rejects.toMatchObject({ code: 'UNAUTHENTICATED', reason: 'CredentialPlugin' });
  });

  test('a certificate file that is not there is named', async () => {
    await expect(headers({ 'client-certificate': '/nonexistent/crt' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('/nonexistent/crt'),
    });
  });
});
