import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CREDENTIAL_PLUGIN, credentialPlugin } from '../../../src/kubernetes/credential-plugin.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plugin-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A plugin that counts its runs in a file and answers with this status. */
function userOf(status: object) {
  const script = `require('fs').appendFileSync(${JSON.stringify(join(folder, 'runs'))}, 'x');console.log(JSON.stringify({status:${JSON.stringify(status)}}))`;
  const plugin = { command: process.execPath, args: ['-e', script] };
  return { name: 'u', authProvider: { name: CREDENTIAL_PLUGIN, config: { plugin } } };
}

const runs = (): number => readFileSync(join(folder, 'runs'), 'utf8').length;

describe('a credential plugin', () => {
  test('runs once for credentials that do not expire, and again when they are forgotten', async () => {
    const plugin = credentialPlugin(() => 0);
    const user = userOf({ token: 't' });
    const options: RequestOptions = {};
    await plugin.applyAuthentication(user, options);
    await plugin.applyAuthentication(user, {});
    expect([options.headers, runs()]).toEqual([{ Authorization: 'Bearer t' }, 1]);
    plugin.forget();
    await plugin.applyAuthentication(user, {});
    expect(runs()).toBe(2);
  });

  test('runs again 10 s before its credentials expire', async () => {
    let nowMs = Date.parse('2030-01-01T00:00:00Z');
    const plugin = credentialPlugin(() => nowMs);
    const user = userOf({ token: 't', expirationTimestamp: '2030-01-01T00:01:00Z' });
    await plugin.applyAuthentication(user, {});
    nowMs += 49_999;
    await plugin.applyAuthentication(user, {});
    expect(runs()).toBe(1);
    nowMs += 1;
    await plugin.applyAuthentication(user, {});
    expect(runs()).toBe(2);
  });

  test('may give a client certificate', async () => {
    const options: RequestOptions = {};
    const user = userOf({ clientCertificateData: 'CERT', clientKeyData: 'KEY' });
    await credentialPlugin(() => 0).applyAuthentication(user, options);
    expect(options).toEqual({ cert: 'CERT', key: 'KEY' });
  });

  test('that gives no credential is an error without what it wrote', async () => {
    const applying = credentialPlugin(() => 0).applyAuthentication(userOf({ tokken: 'secret' }), {});
    await expect(applying).rejects.toThrow(/wrote no ExecCredential$/);
  });
});
