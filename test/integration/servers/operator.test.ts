import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PROBE_SUBJECTS } from '../../../src/commands/desired/configuration.ts';
import { type ConfBlock, isBlock } from '../../../src/nats/conf/reader/value.ts';
import { readConfiguration } from '../../../src/nats/conf/settings/sources.ts';
import { readCredentials, type UserCredentials } from '../../../src/nats/jwt/user-credentials.ts';
import { connectServer, type ServerConnection, type SignIn } from '../../../src/servers/connection.ts';
import { verifyPublish } from '../../../src/servers/publish-proof.ts';
import {
  verifyForgedJwtRefused,
  verifyNobodyRefused,
  verifyWrongKeyRefused,
} from '../../../src/servers/sign-in-proof.ts';
import { fetchSystem, reloadServer } from '../../../src/servers/system.ts';
import { testOperator } from '../../support/operator.ts';
import { type Mesh, PREFIX, PROBE, SYSTEM, startMesh } from './mesh.ts';
import type { Configuration } from './nats-process.ts';

const operator = testOperator();

function configurationOf(text: string): Configuration {
  const none = { files: new Map(), environment: new Set<string>() };
  return plain(readConfiguration({ input: 'config', file: 'config', text }, none));
}

function plain({ entries }: ConfBlock): Configuration {
  return Object.fromEntries(
    Object.entries(entries).map(([key, value]) => [key, isBlock(value) ? plain(value) : value]),
  );
}

function credentialsOf(text: string): UserCredentials {
  const read = readCredentials(text);
  if (read.kind === 'unreadable') throw new Error(read.lacks);
  return read.credentials;
}

describe.each(['2.10.29', '2.12.15', '2.15.2'] as const)('nats-server %s in operator mode', (version) => {
  let mesh: Mesh;

  beforeAll(async () => {
    mesh = await startMesh(version, configurationOf(operator.configuration()));
  }, 300_000);
  afterAll(async () => await mesh?.stop());

  const connect = async (signIn: SignIn, server = mesh.servers[0]) =>
    await connectServer({ ...mesh.target(server), ...signIn });

  async function connected(signIn: SignIn, server = mesh.servers[0]): Promise<ServerConnection> {
    const opened = await connect(signIn, server);
    if (!opened.ok) throw new Error(opened.failure.message);
    return opened.value;
  }

  test('answers and reloads for the user of the system credentials, and keeps its clients', async () => {
    const connection = await connected(credentialsOf(operator.systemUser()));
    expect(await fetchSystem(connection, 'VARZ', 5000)).toMatchObject({
      ok: true,
      value: { data: { system_account: operator.systemAccount } },
    });
    const application = await connected(credentialsOf(operator.user()));
    expect(await reloadServer(connection, 5000)).toEqual({ ok: true, value: undefined });
    expect(await fetchSystem(connection, 'ROUTEZ', 5000)).toMatchObject({ ok: true });
    expect(await application.flush(5000)).toMatchObject({ ok: true });
    await Promise.all([connection.close(), application.close()]);
  });

  test('answers and passes messages on for a user with the least permissions', async () => {
    const pub = { allow: ['$SYS.REQ.SERVER.>', `${PROBE_SUBJECTS}.>`] };
    const sub = { allow: ['_INBOX.>', `${PROBE_SUBJECTS}.>`] };
    const signIn = credentialsOf(operator.systemUser(undefined, { pub, sub }));
    const connections = await Promise.all(mesh.servers.map(async (server) => await connected(signIn, server)));
    const answers = await Promise.all(connections.map(async (connection) => await reloadServer(connection, 5000)));
    expect(answers.map(({ ok }) => ok)).toEqual([true, true]);
    const { signal } = new AbortController();
    const target = { connections, subjectPrefix: PROBE_SUBJECTS, signal, timeoutMs: 10_000 };
    expect(await verifyPublish(target)).toEqual({ kind: 'verified' });
    await Promise.all(connections.map(async ({ close }) => await close()));
  });

  test('answers no other user', async () => {
    const connection = await connected(credentialsOf(operator.user()));
    const failure = { reason: 'NoResponders' };
    expect(await fetchSystem(connection, 'VARZ', 2000)).toMatchObject({ ok: false, failure });
    await connection.close();
  });

  test.each([
    ['an expired JWT', () => credentialsOf(operator.systemUser(1_000_000))],
    ['a JWT of another operator', () => credentialsOf(testOperator().systemUser())],
    ['a password', () => SYSTEM],
    ['nothing', () => ({})],
  ])('refuses a client with %s', async (_, signIn) => {
    expect(await connect(signIn())).toMatchObject({ ok: false, failure: { reason: 'AuthorizationViolation' } });
  });

  test('passes the check that unknown clients are refused', async () => {
    const target = mesh.target(mesh.servers[1]);
    const verified = { kind: 'verified' };
    expect(await verifyNobodyRefused(target)).toEqual(verified);
    expect(await verifyForgedJwtRefused(target)).toEqual(verified);
    expect(await verifyWrongKeyRefused(target, credentialsOf(operator.systemUser()))).toEqual(verified);
  });

  test.each([
    ['system account', () => operator.systemUser()],
    ['account of client applications', () => operator.user()],
  ])('passes messages on in the %s', async (_, user) => {
    const signIn = credentialsOf(user());
    const connections = await Promise.all(mesh.servers.map(async (server) => await connected(signIn, server)));
    const { signal } = new AbortController();
    const target = { connections, subjectPrefix: PREFIX, signal, timeoutMs: 10_000 };
    expect(await verifyPublish(target)).toEqual({ kind: 'verified' });
    await Promise.all(connections.map(async ({ close }) => await close()));
  });
});

describe('the check that unknown clients are refused', () => {
  let mesh: Mesh;

  beforeAll(async () => {
    const users = {
      authorization: { users: [PROBE] },
      accounts: { $SYS: { users: [SYSTEM] } },
      no_auth_user: PROBE.user,
    };
    mesh = await startMesh('2.15.2', users);
  }, 300_000);
  afterAll(async () => await mesh?.stop());

  test('fails on servers without authentication', async () => {
    const target = mesh.target(mesh.servers[0]);
    expect(await verifyNobodyRefused(target)).toMatchObject({ kind: 'failed', reason: 'NobodyAccepted' });
    expect(await verifyForgedJwtRefused(target)).toMatchObject({ kind: 'failed', reason: 'ForgedJwtAccepted' });
    const known = credentialsOf(operator.systemUser());
    expect(await verifyWrongKeyRefused(target, known)).toMatchObject({ kind: 'failed', reason: 'WrongKeyAccepted' });
  });
});
