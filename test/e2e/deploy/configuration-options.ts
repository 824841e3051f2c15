import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { expect } from '@jest/globals';
import type { ActionResult } from '../../support/action.ts';
import type { TestDeployment } from '../../support/deployment.ts';
import { expectFailure, expectNoSecret } from '../../support/failure.ts';
import { completeMesh, errorTitle, readPodUids, readServerVariables, routesOf } from '../../support/live-cluster.ts';
import type { TestNamespace } from '../../support/namespace.ts';
import { reachServers } from '../../support/server-reach.ts';
import { type OptionCase, withServer } from './options.ts';

/** A configuration of the user's own, as text and as a file. */
export const CONFIGURATIONS: readonly OptionCase[] = [
  {
    inputs: ['config'],
    title: 'a configuration is merged, kept, reloaded, rolled out and removed',
    shows: configWorks,
  },
  { inputs: ['config-file'], title: 'a configuration file is read with its includes', shows: fileWorks },
  { inputs: [], title: 'a configuration with which no server starts is replaced by the earlier one', shows: givesWay },
];

const TWO = { replicas: '2', 'anti-affinity': 'preferred' } as const;
const ONE = { replicas: '1' } as const;
const FIRST = 'canary/config%1';
const SECOND = 'canary/config%2';
const TILL = { user: 'till', password: FIRST } as const;

function configuration(password: string, more = ''): string {
  return `websocket { port: 8080 }
leafnodes { port: 7422 }
cluster { pool_size: 5, accounts: [SHOP] }
accounts {
  SHOP { users: [ {user: till, password: ${JSON.stringify(password)}} ] }
}
${more}`;
}

async function configWorks({ space, run, requireRun }: TestDeployment): Promise<void> {
  const first = await requireRun({ ...TWO, config: configuration(FIRST) });
  expectNoSecret(first, [FIRST]);
  expect(routesOf(first)).toEqual(completeMesh(2, 'nats', 7));
  expect(await servicePorts(space)).toEqual({ client: 4222, leafnodes: 7422, websocket: 8080 });
  await expectListeners(space);
  const uids = await readPodUids(space);
  expect((await requireRun({ ...TWO, config: configuration(FIRST) })).outputs['result']).toBe('unchanged');
  await withServer(space, async (connect) => {
    expect(await connect(TILL)).toBe('connected');
    // Other commands do not have the input `config`, and keep the stored configuration.
    expectNoSecret(await requireRun({ command: 'rotate', force: 'true', 'rotate-targets': 'certificates' }), [FIRST]);
    expect((await requireRun({ command: 'verify' })).outputs['result']).toBe('verified');
    expect(await connect(TILL)).toBe('connected');

    const bad = await run({ ...TWO, config: configuration(SECOND, 'max_subscriptions: "many"') });
    expectRefusedAt(bad, 'config:7:');
    expect(await connect(TILL)).toBe('connected');

    expect((await requireRun({ ...TWO, config: configuration(SECOND) })).outputs['result']).toBe('deployed');
    expect(await connect(TILL)).toBe('AuthorizationViolation');
    expect(await readPodUids(space)).toEqual(uids);
  });

  const rolled = await requireRun({ ...TWO, config: configuration(SECOND, 'max_subscriptions: 1000') });
  expect(routesOf(rolled)).toEqual(completeMesh(2, 'nats', 7));
  const after = Object.values(await readPodUids(space));
  expect(after.filter((uid) => Object.values(uids).includes(uid))).toEqual([]);
  expect(await readServerVariables(space, 'nats-0')).toMatchObject({ max_subscriptions: 1000 });
  expect((await requireRun({ command: 'verify' })).outputs['result']).toBe('verified');

  expect(routesOf(await requireRun(TWO))).toEqual(completeMesh(2, 'nats'));
  expect(await servicePorts(space)).toEqual({ client: 4222 });
}

/**
 * Checks that a configuration with a missing user is rolled back: a server checks the user at its start, and
 * `nats-server -t` does not.
 */
async function givesWay({ space, run, requireRun }: TestDeployment): Promise<void> {
  await requireRun({ ...ONE, config: configuration(FIRST) });
  const config = configuration(SECOND, 'no_auth_user: nobody');
  const { title, text } = expectFailure(await run({ ...ONE, config, 'rollback-on-failure': 'true' }));
  expect(title).toMatch(/^ROLLOUT_STALLED/);
  expect(text).toContain('rolled back to the last verified state');
  await withServer(space, async (connect) => {
    expect(await connect(TILL)).toBe('connected');
  });
  expect((await requireRun({ command: 'verify' })).outputs['result']).toBe('verified');
  expect((await requireRun({ ...ONE, config: configuration(FIRST) })).outputs['result']).toBe('unchanged');
}

async function fileWorks({ space, run }: TestDeployment): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'workspace-'));
  try {
    const workspace = join(folder, 'work');
    await mkdir(join(workspace, 'deploy'), { recursive: true });
    await writeFile(join(workspace, 'deploy/nats.conf'), 'include "users.conf"\nmax_subscriptions: 1000\n');
    await writeFile(join(workspace, 'deploy/users.conf'), `accounts { SHOP { users [${JSON.stringify(TILL)}] } }\n`);
    await writeFile(join(folder, 'outside.conf'), 'ping_max: 3');
    await symlink(join(folder, 'outside.conf'), join(workspace, 'deploy/link.conf'));
    const given = { env: { GITHUB_WORKSPACE: workspace } };
    for (const path of ['../outside.conf', 'deploy/link.conf', 'deploy', 'deploy/absent.conf']) {
      expect(errorTitle(await run({ ...ONE, 'config-file': path }, given))).toBe('INPUT_INVALID');
    }
    const { exitCode, ...first } = await run({ ...ONE, 'config-file': 'deploy/nats.conf' }, given);
    expectNoSecret({ exitCode, ...first }, [TILL.password]);
    expect({ exitCode, result: first.outputs['result'] }).toEqual({ exitCode: 0, result: 'deployed' });
    expect(await readServerVariables(space, 'nats-0')).toMatchObject({ max_subscriptions: 1000 });
    await withServer(space, async (connect) => {
      expect(await connect(TILL)).toBe('connected');
    });
    await writeFile(join(workspace, 'deploy/users.conf'), 'max_connections: 7\nport: 4223\n');
    expectRefusedAt(await run({ ...ONE, 'config-file': 'deploy/nats.conf' }, given), 'users.conf:2:1');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function expectRefusedAt(result: ActionResult, place: string): void {
  expect(errorTitle(result)).toBe('INPUT_INVALID');
  expect(result.stdout).toContain(place);
  expectNoSecret(result, [FIRST, SECOND]);
}

async function servicePorts({ core, name: namespace }: TestNamespace): Promise<Readonly<Record<string, number>>> {
  const { spec } = await core.readNamespacedService({ name: 'nats', namespace });
  return Object.fromEntries((spec?.ports ?? []).map(({ name = '', port }) => [name, port]));
}

/** Expects the listeners: a server greets leaf nodes in plain text, like clients; websocket begins with TLS. */
async function expectListeners(space: TestNamespace): Promise<void> {
  const reach = reachServers(space);
  try {
    const leafnodes = await reach.dial('nats-1', 7422);
    const [greeting] = await once(leafnodes, 'data');
    expect(String(greeting)).toMatch(/^INFO .*"tls_required":true/);
    leafnodes.destroy();
    const websocket = connect({ socket: await reach.dial('nats-1', 8080), rejectUnauthorized: false });
    await once(websocket, 'secureConnect');
    expect(websocket.getPeerX509Certificate()?.checkHost(`nats-1.${space.name}.svc`)).toBeDefined();
    websocket.destroy();
  } finally {
    await reach.close();
  }
}
