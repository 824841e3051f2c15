import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connectServer, type ServerConnection, type SignIn } from '../../../src/servers/connection.ts';
import type { ClientCertificate } from '../../../src/servers/dial.ts';
import type { ServerResult } from '../../../src/servers/failure.ts';
import { fetchSystem, reloadServer } from '../../../src/servers/system.ts';
import { type LoopbackCluster, makeLoopbackCluster, type Place } from './loopback-cluster.ts';

const WAIT_MS = 10_000;
const clients = ['nats_client_user', 'a.b-c', ' #x, y="z"+<\\>; ', 'ä€😀'];
const settings = {
  clientVerify: 'verify-and-map' as const,
  clientUsers: [...clients.map((user) => ({ user })), { user: 'both', password: 'a password' }],
  probeUser: { user: 'probe' },
  systemUser: { user: 'system_user' },
};

let cluster: LoopbackCluster;
let place: Place;

beforeEach(async () => {
  cluster = await makeLoopbackCluster();
  const [only] = await cluster.places(1);
  if (only === undefined) throw new Error('one place was asked for');
  place = only;
});

afterEach(async () => {
  await cluster.stop();
});

async function logIn(clientCertificate: ClientCertificate, credentials: SignIn = {}) {
  return await connectServer({ ...cluster.target(place), clientCertificate, ...credentials });
}

async function requireLogin(...given: Parameters<typeof logIn>): Promise<ServerConnection> {
  return valueOf(await logIn(...given));
}

function valueOf<Value>(result: ServerResult<Value>): Value {
  if (!result.ok) throw new Error(`${result.failure.reason}: ${result.failure.message}`);
  return result.value;
}

async function userOf(connection: ServerConnection): Promise<unknown> {
  const answer: unknown = JSON.parse(valueOf(await connection.request('$SYS.REQ.USER.INFO', '', WAIT_MS)));
  return answer;
}

describe.each(['2.10.29', '2.12.15', '2.15.2'] as const)('verify-and-map on nats-server %s', (version) => {
  test('maps a certificate to the user with its name, with any characters', async () => {
    await cluster.start(version, place, [place], { settings });
    for (const name of clients) {
      const connection = await requireLogin(await cluster.certificates.clientLeaf(name));
      const user = `CN=${name.replace(/[ "#+,;<=>\\]/g, '\\$&')}`;
      expect(await userOf(connection)).toMatchObject({ data: { user, account: '$G' } });
      await connection.close();
    }
  });

  test('ignores the user name that a client sends', async () => {
    await cluster.start(version, place, [place], { settings });
    const { clientLeaf } = cluster.certificates;
    const nobodys = [await clientLeaf('nobody'), await clientLeaf('nobody', ['a.b-c']), await clientLeaf('CN=a.b-c')];
    for (const leaf of [...nobodys, await clientLeaf('A.B-C')]) {
      expect(await logIn(leaf, { user: 'a.b-c', password: '' })).toMatchObject({
        ok: false,
        failure: { reason: 'AuthorizationViolation' },
      });
    }
    const connection = await requireLogin(await clientLeaf('a.b-c', ['probe.example']), {
      user: 'system_user',
      password: '',
    });
    expect(await userOf(connection)).toMatchObject({ data: { user: 'CN=a.b-c' } });
    await connection.close();
  });

  test('requires password and certificate from a user with a password', async () => {
    await cluster.start(version, place, [place], { settings });
    const leaf = await cluster.certificates.clientLeaf('both');
    expect(await logIn(leaf)).toMatchObject({ failure: { reason: 'AuthorizationViolation' } });
    expect(await logIn(leaf, { user: 'both', password: 'wrong' })).toMatchObject({ ok: false });
    await (await requireLogin(leaf, { user: 'both', password: 'a password' })).close();
  });

  test('refuses a password from a user without one', async () => {
    await cluster.start(version, place, [place], { settings });
    const leaf = await cluster.certificates.clientLeaf('a.b-c');
    const refused = await logIn(leaf, { user: 'a.b-c', password: 'any' });
    expect(refused).toMatchObject({ failure: { reason: 'AuthorizationViolation' } });
  });

  test('covers the system and the probe user, and reloads disconnect no user', async () => {
    const server = await cluster.start(version, place, [place], { settings });
    const { clientLeaf } = cluster.certificates;
    const system = await requireLogin(await clientLeaf('system_user'));
    const probe = await requireLogin(await clientLeaf('probe'));
    const client = await requireLogin(await clientLeaf('nats_client_user'));
    const seen = Promise.withResolvers<ServerResult<string>>();
    client.subscribe('proof.1', seen.resolve);
    valueOf(await client.flush(WAIT_MS));
    valueOf(await reloadServer(system, WAIT_MS));
    const changed = { ...settings, revision: 'R2', clientUsers: [...settings.clientUsers, { user: 'late' }] };
    expect(await server.reload(cluster.configuration(place, [place], { settings: changed }))).toBe(true);
    const varz = valueOf(await fetchSystem(system, 'VARZ', WAIT_MS));
    expect(varz).toMatchObject({ data: { tags: ['rev:r2'], tls_verify: true } });
    probe.publish('proof.1', 'after the reloads');
    expect(valueOf(await seen.promise)).toBe('after the reloads');
    await (await requireLogin(await clientLeaf('late'))).close();
    await Promise.all([system, probe, client].map(async (connection) => await connection.close()));
  });
});
