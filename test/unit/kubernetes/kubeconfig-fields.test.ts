import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { ClusterConnection } from '../../../src/kubernetes/cluster-connection.ts';
import { encodeExecInfo } from '../../../src/kubernetes/exec-credential.ts';
import { loadKubeConfig } from '../../../src/kubernetes/kubeconfig.ts';
import { buildTlsOptions } from '../../../src/kubernetes/tls-options.ts';
import { makeCertificate } from '../../integration/kubernetes/fake-api-server.ts';

/**
 * The folder of the files. The table below has every field of k8s.io/client-go/tools/clientcmd/api/v1/types.go
 * (v0.36.3) with its effect on a connection. A field without a row here would be ignored silently.
 */
const folder = mkdtempSync(join(tmpdir(), 'fields-'));
afterAll(() => rmSync(folder, { recursive: true }));

const { cert, key } = makeCertificate();
const other = makeCertificate();
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const [certFile, keyFile] = [join(folder, 'crt'), join(folder, 'key')];
writeFileSync(certFile, cert);
writeFileSync(keyFile, key);
writeFileSync(join(folder, 'token'), 'from-file\n');

type Parts = { readonly user?: object; readonly cluster?: object; readonly context?: object; readonly rest?: object };

function load({ user = {}, cluster = {}, context = {}, rest = {} }: Parts): ClusterConnection {
  const yaml = JSON.stringify({
    clusters: [{ name: 'c', cluster: { server: 'https://one.example.com:6443', ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', ...context } }],
    'current-context': 'x',
    ...rest,
  });
  return loadKubeConfig({ kind: 'content', yaml }, undefined, {});
}

async function credentialsOf(user: object): Promise<unknown> {
  const connection = load({ user });
  return await connection.readUser(connection.endpoint);
}

const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'aws', interactiveMode: 'Never' };
const gives = (more: object = {}, status = '{token:"t"}'): object => ({
  ...exec,
  command: process.execPath,
  args: [
    '-e',
    `const i=JSON.parse(process.env.KUBERNETES_EXEC_INFO);console.log(JSON.stringify({kind:i.kind,apiVersion:i.apiVersion,status:${status}}))`,
  ],
  ...more,
});
const header = (value: string): object => ({ headers: { Authorization: value } });

describe('a cluster', () => {
  test.each<[string, object, (connection: ClusterConnection) => unknown, unknown]>([
    ['server', { server: 'https://h:1/p/' }, ({ server }) => server, 'https://h:1/p'],
    ['tls-server-name', { 'tls-server-name': 'n' }, ({ endpoint }) => buildTlsOptions(endpoint).servername, 'n'],
    [
      'insecure-skip-tls-verify',
      { 'insecure-skip-tls-verify': true },
      ({ endpoint, warnings }) => [buildTlsOptions(endpoint).rejectUnauthorized, warnings.length],
      [false, 1],
    ],
    ['insecure-skip-tls-verify: false', {}, ({ endpoint }) => buildTlsOptions(endpoint).rejectUnauthorized, true],
    [
      'certificate-authority',
      { 'certificate-authority': certFile },
      ({ endpoint }) => buildTlsOptions(endpoint).ca,
      cert,
    ],
    [
      'certificate-authority-data',
      { 'certificate-authority-data': base64(cert) },
      ({ endpoint }) => buildTlsOptions(endpoint).ca,
      cert,
    ],
    ['proxy-url', { 'proxy-url': 'socks5://p:1' }, ({ endpoint }) => endpoint.proxyUrl, 'socks5://p:1'],
    // The action never requests compressed answers, so this setting only concerns plugins.
    [
      'disable-compression',
      { 'disable-compression': true },
      (it) => readClusterInfo(it)?.['disable-compression'],
      true,
    ],
    [
      'extensions',
      { extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { a: 1 } }] },
      (it) => readClusterInfo(it)?.['config'],
      { a: 1 },
    ],
  ])('may have %s', (_field, cluster, read, value) => {
    expect(read(load({ cluster }))).toEqual(value);
  });

  test.each<[string, object, RegExp]>([
    ['no server', { server: '' }, /`server` of cluster c is missing/],
    ['a password in server', { server: 'https://admin:CANARY@h' }, /`server` of cluster c holds a user/],
    ['a query in server', { server: 'https://h?token=CANARY' }, /`server` of cluster c holds a query/],
    ['a server of another type', { server: ['CANARY'] }, /`server` of cluster c has the wrong type/],
    ['a flag as text', { 'insecure-skip-tls-verify': 'true' }, /`insecure-skip-tls-verify` of cluster c has the wrong/],
    [
      'a CA that is not used for verification',
      { 'insecure-skip-tls-verify': true, 'certificate-authority-data': base64(cert) },
      /`insecure-skip-tls-verify` of cluster c is set together with a CA/,
    ],
    [
      'two CAs',
      { 'certificate-authority': certFile, 'certificate-authority-data': base64(cert) },
      /`certificate-authority` of cluster c and `certificate-authority-data` are both set/,
    ],
    ['a CA as PEM without base64', { 'certificate-authority-data': cert }, /is not base64/],
    [
      'a proxy with another scheme',
      { 'proxy-url': 'ftp://p:CANARY@p' },
      /`proxy-url` of cluster c is not an http, https/,
    ],
  ])('is refused with %s, and the field is named', (_rule, cluster, message) => {
    expect(() => load({ cluster })).toThrow(message);
    expect(() => load({ cluster })).not.toThrow(/CANARY/);
  });
});

function readClusterInfo(connection: ClusterConnection): Record<string, unknown> | undefined {
  const info: { spec: { cluster?: Record<string, unknown> } } = JSON.parse(
    encodeExecInfo({ apiVersion: 'v1', provideClusterInfo: true }, connection.endpoint),
  );
  return info.spec.cluster;
}

describe('a user', () => {
  const authorized = { as: 'jane' };
  test.each<[string, object, object]>([
    ['token', { token: 't' }, header('Bearer t')],
    [
      'tokenFile, which takes precedence over token',
      { tokenFile: join(folder, 'token'), token: 't' },
      header('Bearer from-file'),
    ],
    ['token, while tokenFile is missing', { tokenFile: join(folder, 'none'), token: 't' }, header('Bearer t')],
    ['username and password', { username: 'u', password: 'p' }, header('Basic dTpw')],
    ['username alone', { username: 'u' }, header('Basic dTo=')],
    [
      'client-certificate and client-key',
      { 'client-certificate': certFile, 'client-key': keyFile },
      { headers: {}, certificate: { cert, key } },
    ],
    [
      'client-certificate-data and client-key-data',
      { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) },
      { headers: {}, certificate: { cert, key } },
    ],
    ['as', authorized, { headers: { 'Impersonate-User': 'jane' } }],
    ['as-uid', { ...authorized, 'as-uid': '7' }, { headers: { 'Impersonate-User': 'jane', 'Impersonate-Uid': '7' } }],
    [
      'as-groups',
      { ...authorized, 'as-groups': ['a', 'b'] },
      { headers: { 'Impersonate-User': 'jane', 'Impersonate-Group': ['a', 'b'] } },
    ],
    [
      'as-user-extra, with encoded keys',
      { ...authorized, 'as-user-extra': { 'example.com/a%ü': ['1', '2'], empty: [] } },
      { headers: { 'Impersonate-User': 'jane', 'Impersonate-Extra-example.com%2Fa%25%C3%BC': ['1', '2'] } },
    ],
    ['as, in UTF-8', { as: 'jürgen' }, { headers: { 'Impersonate-User': 'jÃ¼rgen' } }],
    ['exec', { exec: gives() }, header('Bearer t')],
    [
      'exec.args and exec.env',
      { exec: gives({ env: [{ name: 'T', value: 'v' }] }, '{token:process.env.T}') },
      header('Bearer v'),
    ],
    [
      'exec.provideClusterInfo',
      { exec: gives({ provideClusterInfo: true }, '{token:new URL(i.spec.cluster.server).host}') },
      header('Bearer one.example.com:6443'),
    ],
    ['exec.apiVersion', { exec: gives({ apiVersion: 'client.authentication.k8s.io/v1beta1' }) }, header('Bearer t')],
    [
      'exec.interactiveMode',
      { exec: gives({ interactiveMode: 'IfAvailable' }, '{token:String(i.spec.interactive)}') },
      header('Bearer false'),
    ],
    [
      'auth-provider oidc',
      { 'auth-provider': { name: 'oidc', config: { 'id-token': jwt(4_000_000_000) } } },
      header(`Bearer ${jwt(4_000_000_000)}`),
    ],
    ['no field', {}, { headers: {} }],
    ['null fields', { token: null, exec: null, as: '', 'as-groups': null }, { headers: {} }],
    ['extensions, which have no effect', { extensions: [{ name: 'x', extension: {} }] }, { headers: {} }],
    // The order is the precedence of client-go: static credentials come first.
    ['token, which takes precedence over exec', { token: 't', exec }, header('Bearer t')],
    [
      'client-certificate, which takes precedence over exec',
      { exec, 'client-certificate': certFile, 'client-key': keyFile },
      { headers: {}, certificate: { cert, key } },
    ],
  ])('may have %s', async (_field, user, credentials) => {
    expect(await credentialsOf(user)).toEqual(credentials);
  });

  test('may have exec.installHint', async () => {
    const missing = { exec: { ...exec, command: 'no-such-plugin', installHint: 'brew install it' } };
    await expect(credentialsOf(missing)).rejects.toMatchObject({ hint: expect.stringContaining('brew install it') });
  });

  test('gets a warning about exec that is not used', () => {
    expect(load({ user: { token: 't', exec } }).warnings).toEqual([
      '`exec` of the user is not used because `token` is set',
    ]);
  });

  test.each<[string, object, RegExp]>([
    ['groups without a user to act as', { 'as-groups': ['a'] }, /`as-groups` of user u is set without `as`/],
    ['a uid without a user to act as', { 'as-uid': '7' }, /`as-uid` of user u is set without `as`/],
    ['extras without a user to act as', { 'as-user-extra': { a: ['1'] } }, /`as-user-extra` of user u is set without/],
    ['a line break in a name', { as: 'a\nb' }, /`as` of user u holds a control character/],
    ['groups as a single text', { as: 'a', 'as-groups': 'CANARY' }, /`as-groups` of user u has the wrong type/],
    [
      'extras that are not lists',
      { as: 'a', 'as-user-extra': { k: 'CANARY' } },
      /`as-user-extra` of user u has the wrong/,
    ],
    ['a token with a line break', { token: 'CANARY\n' }, /`token` of user u holds a line break/],
    ['a number as a token', { token: 12345 }, /`token` of user u has the wrong type/],
    ['two ways to authenticate', { token: 'CANARY', username: 'u' }, /`token` of user u and `username` are both set/],
    ['a colon in the user name', { username: 'a:b' }, /`username` of user u holds a colon/],
    [
      'a certificate without a key',
      { 'client-certificate': certFile },
      /`client-certificate` of user u is set without/,
    ],
    ['a key without a certificate', { 'client-key': keyFile }, /`client-key` of user u is set without/],
    [
      'two certificates',
      { 'client-certificate': certFile, 'client-certificate-data': base64(cert), 'client-key': keyFile },
      /`client-certificate` of user u and `client-certificate-data` are both set/,
    ],
    [
      'the key of another certificate',
      { 'client-certificate-data': base64(cert), 'client-key-data': base64(other.key) },
      /`client-key` of user u is not the key/,
    ],
    [
      'a certificate that is not PEM',
      { 'client-certificate-data': base64('CANARY'), 'client-key-data': base64('CANARY') },
      /`client-certificate` of user u or its `client-key` is not readable PEM/,
    ],
    [
      'exec and auth-provider',
      { exec, 'auth-provider': { name: 'oidc' } },
      /`exec` of user u and `auth-provider` are both/,
    ],
    ['exec without a command', { exec: { ...exec, command: '' } }, /`command` of exec is missing/],
    ['exec without an API version', { exec: { command: 'aws' } }, /`apiVersion` of exec is missing/],
    [
      'exec with a removed API version',
      { exec: { ...exec, apiVersion: 'client.authentication.k8s.io/v1alpha1' } },
      /`apiVersion` of exec is not supported/,
    ],
    [
      'exec that needs a terminal',
      { exec: { ...exec, interactiveMode: 'Always' } },
      /`interactiveMode` of exec is `Always`/,
    ],
    [
      'exec with an unknown interactive mode',
      { exec: { ...exec, interactiveMode: 'never' } },
      /`interactiveMode` of exec is not known/,
    ],
    [
      'exec with a variable without a name',
      { exec: { ...exec, env: [{ value: 'CANARY' }] } },
      /`env` of exec has an entry/,
    ],
    ['exec with arguments as text', { exec: { ...exec, args: 'CANARY' } }, /`args` of exec has the wrong type/],
    ...['gcp', 'azure', 'exec', 'tokenFile', 'nats-cluster-action', 'credential-plugin', ''].map(
      (name): [string, object, RegExp] => [
        `auth-provider ${name}`,
        { 'auth-provider': { name, config: { 'cmd-path': '/bin/false', exec: { command: 'CANARY' } } } },
        /`auth-provider` of user u names/,
      ],
    ),
  ])('is refused with %s, and the field is named', (_rule, user, message) => {
    expect(() => load({ user })).toThrow(message);
    expect(() => load({ user })).not.toThrow(/CANARY/);
  });

  test('is not checked if it belongs to another context', () => {
    const rest = {
      users: [
        { name: 'u', user: {} },
        { name: 'v', user: { 'auth-provider': { name: 'gcp' } } },
      ],
    };
    expect(load({ rest }).warnings).toEqual([]);
  });

  test('sends no credentials over an unencrypted connection', () => {
    const plain = { server: 'http://10.0.0.1:8080' };
    expect(() => load({ cluster: plain, user: { token: 't' } })).toThrow(/cross the network unencrypted/);
    expect(() => load({ cluster: plain, user: { exec } })).toThrow(/cross the network unencrypted/);
    expect(load({ cluster: plain }).server).toBe('http://10.0.0.1:8080');
    expect(load({ cluster: { server: 'http://127.0.0.1:1' }, user: { token: 't' } }).server).toBe('http://127.0.0.1:1');
  });
});

describe('a context', () => {
  test('has a namespace', () => {
    expect(load({ context: { namespace: 'n' } }).namespace).toBe('n');
  });

  test('is anonymous without a user', async () => {
    const connection = load({ context: { user: undefined } });
    expect(await connection.readUser(connection.endpoint)).toEqual({ headers: {} });
  });
});

/** All fields of the types Cluster, AuthInfo, Context, AuthProviderConfig and ExecConfig except `extensions`. */
const FIELDS = {
  cluster:
    'server tls-server-name insecure-skip-tls-verify certificate-authority certificate-authority-data proxy-url disable-compression',
  user: 'client-certificate client-certificate-data client-key client-key-data token tokenFile as as-uid as-groups as-user-extra username password auth-provider exec',
  context: 'cluster user namespace',
  exec: 'command args env apiVersion installHint provideClusterInfo interactiveMode',
  'auth-provider': 'name config',
} as const;

describe('each field of client-go', () => {
  const rows = Object.entries(FIELDS).flatMap(([of, names]) => names.split(' ').map((name) => [of, name] as const));

  test.each(rows)('is checked in %s: %s has a type, and another type is refused', (of, name) => {
    const wrong = { [name]: [['CANARY']] };
    const inner = of === 'exec' ? { ...exec, ...wrong } : { name: 'oidc', ...wrong };
    const parts = of === 'exec' || of === 'auth-provider' ? { user: { [of]: inner } } : { [of]: wrong };
    expect(() => load(parts)).toThrow(new RegExp(`\`${name}\` of .* has (the wrong type|an entry that is not)`));
  });
});

describe('a field that is unknown to client-go', () => {
  test.each<[string, Parts, string]>([
    ['token-file', { user: { 'token-file': 'CANARY' } }, 'tokenFile'],
    ['as-group', { user: { 'as-group': ['CANARY'] } }, 'as-groups'],
    ['certificate_authority_data', { cluster: { certificate_authority_data: 'CANARY' } }, 'certificate-authority-data'],
    ['insecure-skip-tls-verfy', { cluster: { 'insecure-skip-tls-verfy': true } }, 'insecure-skip-tls-verify'],
    ['namespce', { context: { namespce: 'CANARY' } }, 'namespace'],
    ['provideClusterinfo', { user: { exec: gives({ provideClusterinfo: true }) } }, 'provideClusterInfo'],
  ])('gets a warning if it resembles a known field: %s', (field, parts, meant) => {
    const [warning = '', ...more] = load(parts).warnings;
    expect(warning).toContain(`\`${field}\` of `);
    expect(warning).toContain(`did you mean \`${meant}\`?`);
    expect([more, warning.includes('CANARY')]).toEqual([[], false]);
  });

  test('is ignored otherwise', () => {
    expect(load({ user: { 'x-vendor': 1 }, cluster: { vendor: {} }, rest: { tool: 'x' } }).warnings).toEqual([]);
  });
});

function jwt(exp: number): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${encode({ alg: 'none' })}.${encode({ exp })}.x`;
}
