import { describe, expect, test } from '@jest/globals';
import type { ClusterConnection } from '../../../src/kubernetes/cluster-connection.ts';
import { loadKubeConfig } from '../../../src/kubernetes/kubeconfig.ts';
import { makeCertificate } from '../../integration/kubernetes/fake-api-server.ts';

const { cert, key } = makeCertificate();
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const pair = { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) };
const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'aws' };
const oidc = { name: 'oidc' };

function load(user: object = {}, cluster: object = {}, rest: object = {}): ClusterConnection {
  const yaml = JSON.stringify({
    clusters: [{ name: 'c', cluster: { server: 'https://one.example.com:6443', ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
    ...rest,
  });
  return loadKubeConfig({ kind: 'content', yaml }, undefined, {});
}

describe('a cluster', () => {
  test.each<[string, object, RegExp]>([
    ['a server that is no URL', { server: 'CANARY' }, /`server` of cluster c is not an http or https URL/],
    ['a user in server', { server: 'https://CANARY@h' }, /`server` of cluster c holds a user/],
    ['a password without a user in server', { server: 'https://:CANARY@h' }, /`server` of cluster c holds a user/],
    ['a fragment in server', { server: 'https://h#CANARY' }, /`server` of cluster c holds a query/],
    ['a proxy that is no URL', { 'proxy-url': 'CANARY' }, /`proxy-url` of cluster c is not/],
    ['a proxy without a scheme', { 'proxy-url': 'canary:3128' }, /`proxy-url` of cluster c is not/],
    ['a proxy without a host', { 'proxy-url': 'socks5:///CANARY' }, /`proxy-url` of cluster c is not/],
  ])('is refused with %s, and the field is named', (_rule, cluster, message) => {
    expect(() => load({}, cluster)).toThrow(message);
    expect(() => load({}, cluster)).not.toThrow(/canary/i);
  });

  test('may have its CA as base64 in several lines, beside unreadable certificates', () => {
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    const lines = base64(broken + cert).replaceAll(/.{64}/g, '$&\n');
    expect(load({}, { 'certificate-authority-data': lines }).endpoint.ca).toBe(broken + cert);
  });

  test('gets no warning about an unverified server over plain http, which verifies nothing', () => {
    const plain = { server: 'http://127.0.0.1:8001', 'insecure-skip-tls-verify': true };
    expect(load({}, plain).warnings).toEqual([]);
  });

  test('passes only the extension of credential plugins on', () => {
    const extensions = [
      { name: 'other', extension: 1 },
      { name: 'client.authentication.k8s.io/exec', extension: 2 },
    ];
    expect(load({}, { extensions }).endpoint.stated.pluginConfig).toBe(2);
  });
});

describe('a user', () => {
  test.each<[string, object, RegExp]>([
    ['groups of which one is no text', { as: 'a', 'as-groups': ['b', 7] }, /`as-groups` of user u has the wrong type/],
    [
      'extras of which one is no list',
      { as: 'a', 'as-user-extra': { a: ['1'], b: 'CANARY' } },
      /`as-user-extra` of user u has the wrong type/,
    ],
    ['a control character in a group', { as: 'a', 'as-groups': ['b', 'CANARY\u0000'] }, /`as-groups` of user u holds/],
    ['a NUL in an argument', { exec: { ...exec, args: ['a', 'CANARY\0'] } }, /`command` of exec or `args` holds a NUL/],
    ['a NUL in the command', { exec: { ...exec, command: 'CANARY\0' } }, /`command` of exec or `args` holds a NUL/],
    [
      'a password and the file of a token',
      { tokenFile: 'token', username: 'u', password: 'p' },
      /`tokenFile` of user u and `username` are both set/,
    ],
    ['a password and a token', { token: 'CANARY', password: 'p' }, /`token` of user u and `username` are both set/],
  ])('is refused with %s, and the field is named', (_rule, user, message) => {
    expect(() => load(user)).toThrow(message);
    expect(() => load(user)).not.toThrow(/CANARY/);
  });

  test.each<[string, unknown]>([
    ['no mapping', 'CANARY'],
    ['an empty name', { name: '', value: 'CANARY' }],
    ['a name of another type', { name: 7, value: 'CANARY' }],
    ['an equals sign in its name', { name: 'A=B', value: 'CANARY' }],
    ['a NUL in its name', { name: 'A\0', value: 'CANARY' }],
    ['a value of another type', { name: 'A', value: 7 }],
    ['a NUL in its value', { name: 'A', value: 'CANARY\0' }],
  ])('is refused with a variable for a plugin that has %s', (_rule, entry) => {
    const env = [{ name: 'OK', value: 'v' }, entry];
    expect(() => load({ exec: { ...exec, env } })).toThrow(/`env` of exec has an entry/);
    expect(() => load({ exec: { ...exec, env } })).not.toThrow(/CANARY/);
  });

  test('may have a variable without a value for a plugin', () => {
    expect(load({ exec: { ...exec, env: [{ name: 'A' }] } }).credentials.kind).toBe('plugin');
  });

  test.each<[string, object, object, readonly string[]]>([
    ['a token alone', { token: 't' }, { kind: 'kubeconfig' }, []],
    [
      'a token and an identity provider',
      { token: 't', 'auth-provider': oidc },
      { kind: 'kubeconfig' },
      ['auth-provider'],
    ],
    ['a token file and a plugin', { tokenFile: '/t', exec }, { kind: 'token-file', path: '/t' }, ['exec']],
    ['a password and a plugin', { password: 'p', exec }, { kind: 'kubeconfig' }, ['exec']],
    ['a certificate and a plugin', { ...pair, exec }, { kind: 'kubeconfig' }, ['exec']],
    ['a certificate and a provider', { ...pair, 'auth-provider': oidc }, { kind: 'oidc', issuer: '' }, []],
    ['a plugin alone', { exec }, { kind: 'plugin', command: 'aws' }, []],
  ])('gets a warning for each field that another field replaces: %s', (_rule, user, source, unused) => {
    const { credentials, warnings } = load(user);
    expect(credentials).toMatchObject(source);
    expect(warnings.map((text) => /^`([^`]+)` of the user is not used/.exec(text)?.[1])).toEqual(unused);
  });

  test('may have a password without a name', async () => {
    const connection = load({ password: 'p' });
    expect(await connection.readUser(connection.endpoint)).toEqual({ headers: { Authorization: 'Basic OnA=' } });
  });

  test('is anonymous if its entry has no fields', async () => {
    const connection = load({}, {}, { users: [{ name: 'u' }] });
    expect(await connection.readUser(connection.endpoint)).toEqual({ headers: {} });
  });

  test.each<[string, object, object]>([
    ['a certificate over plain http', pair, { server: 'http://10.0.0.1:8080' }],
    ['a token over plain http to a proxy', { token: 't' }, { server: 'http://127.0.0.1:1', 'proxy-url': 'http://p:1' }],
  ])('sends no %s', (_rule, user, cluster) => {
    expect(() => load(user, cluster)).toThrow(/cross the network unencrypted/);
  });
});
