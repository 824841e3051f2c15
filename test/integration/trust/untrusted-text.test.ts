import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type ActionResult, type ActionRun, runAction } from '../../support/action.ts';
import { readAsRunner } from '../../support/runner-grammar.ts';
import { type Hostility, startHostileApi } from './hostile-api.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()));
});

const USERS = {
  'system-username': 'nats-cluster-action-system',
  'system-password': 'canary-password-of-system',
  'probe-username': 'nats-cluster-action-probe',
  'probe-password': 'canary-password-of-probe',
  'client-username': 'nats_client_user',
  'client-password': 'canary-password-of-client',
  'route-username': 'nats_route_user',
  'route-password': 'canary-password-of-route',
};
const DEPLOY = { namespace: 'messaging', replicas: '1', timeout: '20s' };
const STOP = '##[stop-commands]done';

async function runAgainst(hostility: Hostility, run: ActionRun): Promise<ActionResult> {
  const { kubeconfig, close } = await startHostileApi(hostility);
  ends.push(close);
  return await runAction({ ...run, inputs: { kubeconfig, ...run.inputs } });
}

/** Returns all text that a reader of a run sees. */
function readAllText({ stdout, stderr, summary, outputs, files }: ActionResult): string {
  const { shown } = readAsRunner(`${stdout}\n${stderr}`);
  return [...shown, summary, JSON.stringify(outputs), files].join('\n');
}

function commandsOf({ stdout, stderr }: ActionResult): readonly string[] {
  return [...new Set(readAsRunner(`${stdout}\n${stderr}`).commands.map(({ name }) => name))].toSorted();
}

describe('the text of a Lease cannot inject workflow commands', () => {
  test('with the expiry of a preview, in prune of all namespaces', async () => {
    const result = await runAgainst(
      { expires: 'never ##[set-output name=pruned]["prod/anything"]' },
      { inputs: { command: 'prune', 'all-namespaces': 'true' } },
    );
    expect(readAsRunner(result.stdout).outputs).toEqual({});
    expect(result.outputs).toMatchObject({ pruned: '[]' });
    expect(result.stdout).toContain('never ## [set-output name=pruned]');
  });

  test('with the holder of the lock, in deploy, and masks are printed before its line', async () => {
    const result = await runAgainst(
      { holder: `run-17 ${STOP}`, users: USERS, refusal: () => 'refused' },
      { inputs: DEPLOY },
    );
    const { stoppedUntil, masks } = readAsRunner(result.stdout);
    expect(stoppedUntil).toBeUndefined();
    const lines = result.stdout.split('\n');
    const named = lines.findIndex((line) => line.includes('run-17'));
    expect(named).toBeGreaterThan(0);
    for (const [key, text] of Object.entries(USERS)) {
      if (!key.endsWith('-password')) continue;
      expect(masks).toContain(text);
      expect(lines.indexOf(`::add-mask::${text}`)).toBeLessThan(named);
      expect(readAllText(result)).not.toContain(text);
    }
  });

  test('with a holder that quotes a password of the NATS cluster', async () => {
    const holder = `run ${USERS['client-password']} ${Buffer.from(USERS['route-password']).toString('base64')}`;
    const result = await runAgainst({ holder, users: USERS, refusal: () => 'refused' }, { inputs: DEPLOY });
    expect(result.stdout).toContain('took over the lock from run *** ***');
    expect(result.stdout.replaceAll(/::add-mask::.*/g, '')).not.toMatch(/canary-password|Y2FuYXJ5/);
  });
});

test('the name of a preview cannot inject workflow commands, and the secrets of config-file are masked', async () => {
  const workspace = await mkdtemp(join(tmpdir(), 'workspace-'));
  ends.push(() => rm(workspace, { recursive: true }));
  await writeFile(join(workspace, 'nats.conf'), 'accounts { SHOP { users: [{user: till, password: "canary-till"}] } }');
  const inputs = { ttl: '3d', name: `Fix ${STOP}`, 'config-file': 'nats.conf' };
  const result = await runAction({ inputs, env: { GITHUB_WORKSPACE: workspace } });
  expect(result.stdout).toContain('name: Fix ## [stop-commands]done becomes fix-');
  expect(readAsRunner(result.stdout)).toMatchObject({ stoppedUntil: undefined, masks: ['canary-till'] });
  expect(readAllText(result)).not.toContain('canary-till');
});

describe('a refusal by an admission webhook that quotes the object', () => {
  const quoting = (shown: (data: unknown) => string): Hostility => ({
    refusal: (data) => refusalOf(shown(data)),
    users: USERS,
  });
  const refusalOf = (reason: string): string => `admission webhook "policy.example.com" denied the request: ${reason}`;

  test.each<[string, (data: unknown) => string]>([
    ['as it is', (data) => JSON.stringify(data)],
    ['as JSON within JSON', (data) => JSON.stringify(JSON.stringify(data))],
    [
      'decoded',
      (data) =>
        Object.values(data ?? {})
          .map((value) => Buffer.from(String(value), 'base64').toString())
          .join(', '),
    ],
    ['in base64 once more', (data) => Buffer.from(JSON.stringify(data)).toString('base64')],
    ['cut off', (data) => JSON.stringify(data).slice(0, 700)],
    ['behind a command', (data) => `${STOP}\r::stop-commands::x\n${JSON.stringify(data)}`],
  ])('shows no secret: %s', async (_, shown) => {
    const result = await runAgainst(quoting(shown), { inputs: DEPLOY });
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toContain('::error title=APPLY_REJECTED (Webhook)');
    expect(commandsOf(result)).toEqual(['add-mask', 'endgroup', 'error', 'group']);
    const output = readAllText(result);
    const decoded = [output, ...(output.match(/[A-Za-z0-9+/=]{16,}/g) ?? []).map(decodedTwice)].join('\n');
    expect(decoded).not.toMatch(/canary-password/);
    expect(decoded).not.toMatch(/-----BEGIN [A-Z ]*PRIVATE KEY-----\n?M/);
  });
});

function decodedTwice(text: string): string {
  const once = Buffer.from(text, 'base64').toString('latin1');
  return `${once}\n${Buffer.from(once, 'base64').toString('latin1')}`;
}

describe('no output shows the content of a kubeconfig', () => {
  const kubeconfig = (cluster: object, user: object): string => {
    return JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1', ...cluster } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    });
  };
  const plugin = (script: string): object => {
    const env = [{ name: 'REFRESH_TOKEN', value: 'canary-refresh' }];
    return {
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: 'sh',
        args: ['-c', `${script} >&2; exit 1`],
        env,
      },
    };
  };

  test.each<[string, string]>([
    [
      'the password in the URL',
      kubeconfig({ server: 'https://admin:canary-url%2Fpassword@127.0.0.1:1' }, { token: 't' }),
    ],
    [
      'the password in the URL of the proxy',
      kubeconfig({ 'proxy-url': 'http://u:canary-proxy@127.0.0.1:1' }, { token: 't' }),
    ],
    ['the token', kubeconfig({}, { token: 'canary-token-1\n' })],
    ['the password', kubeconfig({}, { username: 'u', password: 'canary-basic' })],
    [
      'the output of a credential plugin',
      kubeconfig({}, plugin('echo refresh of token=canary-plugin password: canary-2 failed')),
    ],
    ['the environment of a credential plugin', kubeconfig({}, plugin('echo refresh with $REFRESH_TOKEN failed'))],
    [
      'a workflow command of a credential plugin',
      kubeconfig({}, plugin("printf '::stop-commands::x\\n##[stop-commands]y\\ncanary-refresh'")),
    ],
  ])('%s', async (_, yaml) => {
    const run = { inputs: { kubeconfig: yaml, command: 'verify', timeout: '10s' }, env: { RUNNER_DEBUG: '1' } };
    const result = await runAction(run);
    expect(result.exitCode).toBe(1);
    expect(result.stdout.replaceAll(/^::add-mask::.*$/gm, '')).not.toMatch(/canary|Y2FuYXJ5/);
    expect(readAllText(result)).not.toMatch(/canary|Y2FuYXJ5/);
    expect(readAsRunner(result.stdout).stoppedUntil).toBeUndefined();
  });

  test('from a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
    ends.push(() => rm(folder, { recursive: true }));
    const path = join(folder, 'config');
    await writeFile(
      path,
      kubeconfig({ server: 'https://admin:canary-url@127.0.0.1:1' }, plugin('echo canary-refresh')),
    );
    const result = await runAction({
      inputs: { kubeconfig: path, command: 'verify', timeout: '10s' },
      env: { RUNNER_DEBUG: '1' },
    });
    expect(result.stdout).toContain('::add-mask::canary-url\n');
    expect(readAllText(result)).not.toContain('canary');
  });
});

test('a password that equals a word of the outputs causes a warning with the outputs that would be lost', async () => {
  const workspace = await mkdtemp(join(tmpdir(), 'workspace-'));
  ends.push(() => rm(workspace, { recursive: true }));
  const inputs = {
    command: 'render',
    allow: 'rendered-secrets',
    namespace: 'test',
    'client-password': 'test',
    'output-directory': 'out',
  };
  const result = await runAction({ inputs, env: { GITHUB_WORKSPACE: workspace } });
  const warnings = readAsRunner(result.stdout).commands.filter(({ name }) => name === 'warning');
  expect(warnings.slice(-1)).toMatchObject([
    {
      properties: { title: 'Secrets' },
      data: expect.stringMatching(/`client-password`: `namespace`, `url`\..*longer secret/s),
    },
  ]);
  expect(result.outputs).toMatchObject({ namespace: 'test', url: 'tls://nats.test.svc:4222' });
});
