import { expect } from '@jest/globals';
import { readCredentials, type UserCredentials } from '../../../src/nats/jwt/user-credentials.ts';
import { connectServer, type ServerConnection, type SignIn } from '../../../src/servers/connection.ts';
import type { ServerResult } from '../../../src/servers/failure.ts';
import { verifyPublish } from '../../../src/servers/publish-proof.ts';
import type { TestDeployment } from '../../support/deployment.ts';
import { expectFailure, expectNoSecret } from '../../support/failure.ts';
import { findLeaksInNamespace, readSecrets } from '../../support/leaks.ts';
import { completeMesh, errorTitle, readPodUids, readSecret, routesOf } from '../../support/live-cluster.ts';
import type { TestNamespace } from '../../support/namespace.ts';
import { seedIn, testOperator } from '../../support/operator.ts';
import { reachServers } from '../../support/server-reach.ts';
import { makeTestStorage } from '../../support/storage.ts';
import type { OptionCase } from './options.ts';

/** Users that authenticate by JWT. */
export const OPERATOR_MODE: readonly OptionCase[] = [
  {
    inputs: ['system-credentials'],
    title: 'servers in operator mode are reached with system credentials, which other commands keep and replace',
    shows: systemCredentialsWork,
  },
  { inputs: [], title: 'a resolver can write accounts to its folder', shows: folderWorks },
  {
    inputs: [],
    title: 'a resolver keeps accounts on the volume of the streams when its pod is deleted',
    shows: volumeWorks,
  },
];

const TWO = { replicas: '2', 'anti-affinity': 'preferred' } as const;
const PODS = ['nats-0', 'nats-1'] as const;

async function systemCredentialsWork(deployment: TestDeployment): Promise<void> {
  const { space, run, requireRun } = deployment;
  const operator = testOperator();
  const [given, other] = [operator.systemUser(), operator.systemUser()];
  const secrets = [given, other].flatMap((text) => [seedIn(text), credentialsOf(text).jwt]);
  const inputs = { ...TWO, config: operator.configuration(), 'system-credentials': given };
  const silently = async (more: Readonly<Record<string, string>>) => {
    const result = await requireRun(more);
    expectNoSecret(result, secrets);
    return result;
  };

  for (const wrong of [{ 'system-credentials': '' }, { 'client-password': 'canary' }, { config: '' }]) {
    const refused = await run({ ...inputs, ...wrong });
    expectNoSecret(refused, secrets);
    expect(errorTitle(refused)).toBe('INPUT_INVALID');
  }
  // The operator's own JWT names the account, so that only a server can detect a user of another account.
  const unnamed = { ...inputs, config: inputs.config.replace(/^system_account.*$/m, '') };
  const stranger = expectFailure(await run({ ...unnamed, 'system-credentials': operator.user() }));
  expect(stranger.text).toContain('does not accept its user as a user of the system account');
  const first = await silently(inputs);
  expect(routesOf(first)).toEqual(completeMesh(2));
  expect((await silently(inputs)).outputs['result']).toBe('unchanged');
  expect(Object.keys(await readSecret(space, 'nats-client')).toSorted()).toEqual(['ca.crt', 'url']);
  const uids = await readPodUids(space);

  await withClients(space, async (connect) => {
    expect(await outcome(connect({}))).toBe('AuthorizationViolation');
    expect(await outcome(connect({ user: 'nats_client_user', password: 'x' }))).toBe('AuthorizationViolation');
    expect(await outcome(connect(credentialsOf(testOperator().user())))).toBe('AuthorizationViolation');
    const clients = await Promise.all(
      PODS.map(async (pod) => await opened(connect(credentialsOf(operator.user()), pod))),
    );
    await expectPassing(clients);

    const rotation = { command: 'rotate', force: 'true', 'rotate-targets': 'certificates, route-ca, credentials' };
    expect((await silently(rotation)).outputs['changed']).toBe('true');
    expect((await silently({ command: 'verify' })).outputs['result']).toBe('verified');
    await expectPassing(clients);

    const strange = await run({ command: 'rotate', 'system-credentials': operator.user() });
    expect(errorTitle(strange)).toBe('INPUT_INVALID');
    expect((await readSecret(space, 'nats-system'))['system.creds']).toContain(seedIn(given));
    await silently({ command: 'rotate', 'system-credentials': other });
    expect((await readSecret(space, 'nats-system'))['system.creds']).toContain(seedIn(other));
    expect((await silently({ command: 'verify' })).outputs['result']).toBe('verified');
    await expectPassing(clients);
    expect(await readPodUids(space)).toEqual(uids);
  });

  const replaced = testOperator();
  const wrong = { config: replaced.configuration(), 'system-credentials': replaced.systemUser() };
  expect(expectFailure(await run({ ...TWO, ...wrong })).text).toContain(
    'the running server nats-0 does not accept its user',
  );
  expect(expectFailure(await run({ ...TWO })).title).toBe('CHANGE_FORBIDDEN (OperatorModeInUse)');
  expect(await findLeaksInNamespace(deployment, [...secrets, ...(await readSecrets(deployment))])).toEqual([]);
}

async function folderWorks({ space, requireRun }: TestDeployment): Promise<void> {
  const operator = testOperator();
  const resolver = '{ type: full, dir: "/accounts", limit: 1000 }';
  const inputs = { ...TWO, config: operator.configuration(resolver), 'system-credentials': operator.systemUser() };
  expect(routesOf(await requireRun(inputs))).toEqual(completeMesh(2));
  expect((await requireRun(inputs)).outputs['result']).toBe('unchanged');
  await withClients(space, async (connect) => {
    await expectPassing(
      await Promise.all(PODS.map(async (pod) => await opened(connect(credentialsOf(operator.user()), pod)))),
    );
  });
  const moved = { ...inputs, config: operator.configuration(resolver.replace('/accounts', '/var/accounts')) };
  expect((await requireRun(moved)).outputs['result']).toBe('deployed');
  expect((await requireRun({ command: 'verify' })).outputs['result']).toBe('verified');
}

async function volumeWorks({ space, requireRun }: TestDeployment): Promise<void> {
  const operator = testOperator();
  const storage = await makeTestStorage(space);
  try {
    const config = operator.configuration('{ type: full, dir: "/data/accounts" }');
    const streams = { jetstream: 'true', 'jetstream-storage': '100Mi', 'jetstream-storage-class': storage.className };
    const inputs = { ...streams, replicas: '1', config, 'system-credentials': operator.systemUser() };
    await requireRun(inputs);
    const preloaded = config.indexOf('resolver_preload');
    // The action checks the system account before it reads any folder.
    const system = new RegExp(`^ *${operator.systemAccount}: .*$`, 'm').exec(config)?.[0] ?? '';
    const alone = `${config.slice(0, preloaded)}resolver_preload: {\n${system}\n}`;
    await requireRun({ ...inputs, config: alone });
    await withClients(space, async (connect) => {
      expect(await outcome(connect(credentialsOf(operator.user())))).toBe('connected');
    });
  } finally {
    await storage.remove();
  }
}

type Opening = Promise<ServerResult<ServerConnection>>;

async function withClients(
  space: TestNamespace,
  look: (connect: (signIn: SignIn, pod?: string) => Opening) => Promise<void>,
): Promise<void> {
  const reach = reachServers(space);
  const ended = new AbortController();
  try {
    const { 'ca.crt': trust = '' } = await readSecret(space, 'tls-nats-client');
    await look(
      async (signIn, pod = 'nats-0') =>
        await connectServer({
          dial: async () => await reach.dial(pod, 4222),
          trust,
          serverName: `${pod}.${space.name}.svc`,
          signal: ended.signal,
          timeoutMs: 10_000,
          ...signIn,
        }),
    );
  } finally {
    ended.abort();
    await reach.close();
  }
}

async function opened(opening: Opening): Promise<ServerConnection> {
  const result = await opening;
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

async function outcome(opening: Opening): Promise<string> {
  const result = await opening;
  if (!result.ok) return result.failure.reason;
  await result.value.close();
  return 'connected';
}

async function expectPassing(connections: readonly ServerConnection[]): Promise<void> {
  const { signal } = new AbortController();
  const target = { connections, subjectPrefix: 'orders', signal, timeoutMs: 20_000 };
  expect(await verifyPublish(target)).toEqual({ kind: 'verified' });
}

function credentialsOf(text: string): UserCredentials {
  const read = readCredentials(text);
  if (read.kind === 'unreadable') throw new Error(read.lacks);
  return read.credentials;
}
