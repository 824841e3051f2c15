import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { listCredentialSecrets } from '../../../src/kubernetes/credentials.ts';
import { loadKubeConfig } from '../../../src/kubernetes/kubeconfig.ts';
import type { Headers } from '../../../src/kubernetes/user-credentials.ts';

const folder = mkdtempSync(join(tmpdir(), 'credentials-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Reads the credentials of a user with this token file. */
async function read(content: string | undefined, more: object = {}): Promise<unknown> {
  const tokenFile = join(folder, content === undefined ? 'none' : 'token');
  if (content !== undefined) writeFileSync(tokenFile, content);
  const yaml = JSON.stringify({
    clusters: [{ name: 'c', cluster: { server: 'https://one.example.com:6443' } }],
    users: [{ name: 'u', user: { tokenFile, ...more } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  });
  const { readUser, endpoint } = loadKubeConfig({ kind: 'content', yaml }, undefined, {});
  return await readUser(endpoint);
}

describe('a token file', () => {
  test('may have white space around its token', async () => {
    expect(await read(' \n t \n')).toEqual({ headers: { Authorization: 'Bearer t' } });
  });

  test('goes together with an impersonated user', async () => {
    expect(await read('t', { as: 'jane' })).toEqual({
      headers: { Authorization: 'Bearer t', 'Impersonate-User': 'jane' },
    });
  });

  test.each<[string, string | undefined, RegExp]>([
    ['it does not exist', undefined, /cannot be read \(ENOENT\)/],
    ['it is empty', '\n', /is empty/],
    ['it holds two tokens', 'CANARY CANARY', /holds more than one/],
  ])('is refused without being quoted if %s', async (_rule, content, message) => {
    const refused = read(content);
    await expect(refused).rejects.toMatchObject({ code: 'INPUT_INVALID', message: expect.stringMatching(message) });
    await expect(refused).rejects.not.toThrow(/CANARY/);
  });
});

describe('the secrets of a connection', () => {
  test.each<[string, Headers, string | undefined, readonly string[]]>([
    ['none', {}, undefined, []],
    ['its token', { authorization: 'Bearer t' }, undefined, ['t']],
    ['no other header', { 'Impersonate-User': 'jane', Authorization: 'Bearer t' }, undefined, ['t']],
    ['each of several tokens', { Authorization: ['Bearer a', 'Bearer b'] }, undefined, ['a', 'b']],
    ['its password, which may hold a colon', { Authorization: 'BASIC dTpwOnE=' }, undefined, ['dTpwOnE=', 'p:q']],
    ['its private key', {}, 'PEM', ['PEM']],
  ])('are %s', (_rule, headers, key, secrets) => {
    const tls = { rejectUnauthorized: true, cert: 'CERT', ...(key === undefined ? {} : { key }) };
    expect(listCredentialSecrets({ headers, tls })).toEqual(secrets);
  });
});
