import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { isActionError } from '../../../src/errors/action-error.ts';
import { PluginCredentials } from '../../../src/kubernetes/credential-plugin.ts';
import type { Endpoint } from '../../../src/kubernetes/endpoint.ts';
import { encodeExecInfo } from '../../../src/kubernetes/exec-credential.ts';
import type { PluginConfig } from '../../../src/kubernetes/plugin-config.ts';
import { Redactor } from '../../../src/secrets/redactor.ts';
import { makeCertificate } from '../../integration/kubernetes/fake-api-server.ts';

const apiVersion = 'client.authentication.k8s.io/v1';
const ENDPOINT: Endpoint = {
  server: 'https://one.example.com:6443',
  tlsServerName: undefined,
  isInsecure: false,
  ca: undefined,
  proxyUrl: undefined,
  stated: { proxyUrl: undefined, disableCompression: false, pluginConfig: undefined },
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plugin-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function plugin(script: string, more: Partial<PluginConfig> = {}): PluginConfig {
  const args = ['-e', script];
  const rest = { env: [], apiVersion, installHint: undefined, provideClusterInfo: false };
  return { command: process.execPath, args, ...rest, ...more };
}

/** Makes a plugin that counts its runs in a file and answers with this status. */
function answering(status: object): PluginConfig {
  const answer = JSON.stringify({ kind: 'ExecCredential', apiVersion, status });
  const runs = JSON.stringify(join(folder, 'runs'));
  return plugin(`require('fs').appendFileSync(${runs}, 'x');console.log(${JSON.stringify(answer)})`);
}

const runs = (): number => readFileSync(join(folder, 'runs'), 'utf8').length;

function create(config: PluginConfig, now: () => number = () => 0, secrets: readonly string[] = []) {
  return new PluginCredentials(config, { env: { ...process.env, 'INPUT_CLIENT-PASSWORD': 'canary' }, secrets, now });
}

describe('a credential plugin', () => {
  test('runs once for credentials that do not expire, and again once they are discarded', async () => {
    const credentials = create(answering({ token: 't' }));
    const headers = { Authorization: 'Bearer t' };
    expect([await credentials.read(ENDPOINT), await credentials.read(ENDPOINT)]).toEqual([{ headers }, { headers }]);
    expect(runs()).toBe(1);
    credentials.forget();
    await credentials.read(ENDPOINT);
    expect(runs()).toBe(2);
  });

  test('runs again 10 s before its credentials expire', async () => {
    let nowMs = Date.parse('2030-01-01T00:00:00Z');
    const credentials = create(answering({ token: 't', expirationTimestamp: '2030-01-01T00:01:00Z' }), () => nowMs);
    await credentials.read(ENDPOINT);
    nowMs += 49_999;
    await credentials.read(ENDPOINT);
    expect(runs()).toBe(1);
    nowMs += 1;
    await credentials.read(ENDPOINT);
    expect(runs()).toBe(2);
  });

  test('is running until it has answered', async () => {
    const credentials = create(answering({ token: 't' }));
    expect(credentials.isRunning()).toBe(false);
    const reading = credentials.read(ENDPOINT);
    expect(credentials.isRunning()).toBe(true);
    await reading;
    expect(credentials.isRunning()).toBe(false);
  });

  test('may return a client certificate', async () => {
    const { cert, key } = makeCertificate();
    const given = await create(answering({ clientCertificateData: cert, clientKeyData: key })).read(ENDPOINT);
    expect(given).toEqual({ headers: {}, certificate: { cert, key } });
  });

  test('that fails is reported with its exit code and its last lines, without the secrets of the kubeconfig', async () => {
    const lines = ['first', 'second', 'the third CANARY-secret', 'token=CANARY-token password: hunter22', 'last'];
    const failing = plugin(`process.stderr.write(${JSON.stringify(lines.join('\n'))});process.exitCode=3`);
    const failed: unknown = await create(failing, undefined, ['CANARY-secret'])
      .read(ENDPOINT)
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'CredentialPlugin' });
    const redactor = new Redactor();
    expect(isActionError(failed) && redactor.redact(failed.message)).toBe(
      `The credential plugin ${process.execPath} of the kubeconfig ended with exit code 3: the third ***; token=*** password: ***; last.`,
    );
  });

  test('that is not installed is reported with its install hint', async () => {
    const missing = plugin('', { command: 'no-such-plugin', installHint: 'Run: brew install no-such-plugin' });
    await expect(create(missing).read(ENDPOINT)).rejects.toMatchObject({
      message: 'The credential plugin no-such-plugin of the kubeconfig cannot be started (ENOENT).',
      hint: expect.stringContaining('brew install no-such-plugin'),
    });
  });

  test.each<[string, PluginConfig, string]>([
    ['its code, if the system refuses its arguments', plugin('x'.repeat(4_000_000)), 'cannot be started (E2BIG)'],
    ['its signal', plugin("process.kill(process.pid,'SIGKILL')"), 'ended with signal SIGKILL, and wrote nothing'],
    ['its answer, if it is none', plugin("console.log('[]')"), 'wrote no JSON object'],
  ])('that fails is reported with %s', async (_rule, config, text) => {
    await expect(create(config).read(ENDPOINT)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      reason: 'CredentialPlugin',
      details: { server: ENDPOINT.server },
      message: expect.stringContaining(text),
    });
  });

  test('gets its own environment variables, but not the inputs of the step', async () => {
    const script = `console.log(JSON.stringify({kind:'ExecCredential',apiVersion:'${apiVersion}',status:{token:String(process.env['INPUT_CLIENT-PASSWORD'])+process.env.MORE}}))`;
    const { headers } = await create(plugin(script, { env: [['MORE', 'yes']] })).read(ENDPOINT);
    expect(headers).toEqual({ Authorization: 'Bearer undefinedyes' });
  });
});

describe('the information for a credential plugin', () => {
  const pluginConfig = { audience: 'staging' };
  const endpoint: Endpoint = {
    server: 'https://one.example.com:6443',
    tlsServerName: 'kubernetes',
    isInsecure: false,
    ca: 'PEM',
    proxyUrl: 'http://environment:1',
    stated: { proxyUrl: 'http://own:1', disableCompression: true, pluginConfig },
  };

  test('contains the cluster if provideClusterInfo is set, in the format of client-go', () => {
    expect(JSON.parse(encodeExecInfo({ apiVersion, provideClusterInfo: true }, endpoint))).toEqual({
      kind: 'ExecCredential',
      apiVersion,
      spec: {
        cluster: {
          server: 'https://one.example.com:6443',
          'tls-server-name': 'kubernetes',
          'certificate-authority-data': 'UEVN',
          'proxy-url': 'http://own:1',
          'disable-compression': true,
          config: pluginConfig,
        },
        interactive: false,
      },
    });
    const insecure = JSON.parse(
      encodeExecInfo({ apiVersion, provideClusterInfo: true }, { ...ENDPOINT, isInsecure: true }),
    );
    expect(insecure).toMatchObject({
      spec: { cluster: { server: ENDPOINT.server, 'insecure-skip-tls-verify': true } },
    });
  });

  test('otherwise contains nothing about the cluster', () => {
    expect(JSON.parse(encodeExecInfo({ apiVersion, provideClusterInfo: false }, endpoint))).toEqual({
      kind: 'ExecCredential',
      apiVersion,
      spec: { interactive: false },
    });
  });
});
