import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ServerSettings } from '../../../src/nats/conf/writer/server.ts';
import { checkMesh } from '../../../src/nats/mesh/verdict.ts';
import { provideNatsServer } from '../../cluster/nats-server.ts';
import { NATS_SERVER_VERSIONS } from '../../cluster/versions.ts';
import { eventually } from '../../support/eventually.ts';
import {
  expectationOf,
  hostilePassword,
  type LoopbackCluster,
  makeLoopbackCluster,
  users,
} from './loopback-cluster.ts';

const supported = NATS_SERVER_VERSIONS.filter((version) => version !== '2.9.25');

let cluster: LoopbackCluster;

beforeEach(async () => {
  cluster = await makeLoopbackCluster();
});

afterEach(async () => {
  await cluster.stop();
});

async function onePlace() {
  const [place] = await cluster.places(1);
  if (place === undefined) throw new Error('one place was asked for');
  return place;
}

const limits = { maxConnections: 100, maxControlLine: 4096, maxPayload: 1_048_576, writeDeadlineMs: 10_000 };

describe.each(supported)('the configuration on nats-server %s', (version) => {
  test.each<readonly [string, Partial<ServerSettings>]>([
    ['with all settings', { limits, logging: { debug: true, trace: true, logtime: false } }],
    ['with certificates asked of clients', { clientVerify: 'verify' }],
    ['with users found by certificates', { clientVerify: 'verify-and-map', clientUsers: [{ user: hostilePassword }] }],
    ['without route password', { routeUser: undefined, routes: ['tls://127.0.0.1:6222'] }],
  ])('passes the configuration check of nats-server %s', async (_, settings) => {
    const place = await onePlace();
    const file = join(dirname(cluster.certificates.server.certificate), 'nats.conf');
    await writeFile(file, cluster.configuration(place, [place], { settings }));
    const env = { ...process.env, ...cluster.environment(place) };
    const child = spawn(await provideNatsServer(version), ['-t', '-c', file], { env, stdio: 'ignore' });
    await once(child, 'exit');
    expect(child.exitCode).toBe(0);
  });

  test('keeps every character of a hostile password', async () => {
    const place = await onePlace();
    await cluster.start(version, place, []);
    const client = await cluster.connect(place, users.client.user, hostilePassword);
    expect(client.info?.server_name).toBe(place.name);
    await client.close();
    await expect(cluster.connect(place, users.client.user, `${hostilePassword}.`)).rejects.toThrow();
  });

  test('keeps every character of arbitrary passwords', async () => {
    const place = await onePlace();
    const arbitrary = fc.string({ unit: 'binary', minLength: 1 });
    const passwords = fc.sample(arbitrary, { numRuns: 30, seed: 1 }).filter((text) => !text.startsWith('$2'));
    const clientUsers = passwords.map((password, index) => ({ user: `user-${index}`, password }));
    await cluster.start(version, place, [place], { settings: { clientUsers } });
    for (const { user, password } of clientUsers) {
      const client = await cluster.connect(place, user, password);
      await client.close();
    }
    expect(clientUsers.length).toBeGreaterThan(20);
  });

  test('restricts the probe user to its own subjects', async () => {
    const place = await onePlace();
    await cluster.start(version, place, [place]);
    const client = await cluster.connect(place, users.probe.user, users.probe.password);
    const subscription = client.subscribe('proof.1', { max: 1 });
    client.publish('proof.1', 'seen');
    for await (const message of subscription) {
      expect(message.string()).toBe('seen');
    }
    const refused = Promise.withResolvers<string>();
    client.subscribe('orders.>', { callback: (error) => refused.resolve(error?.name ?? 'no error') });
    expect(await refused.promise).toBe('PermissionViolationError');
    await client.close();
  });

  test('changes revision, logging and limits via configuration reload without a disconnect of clients or routes', async () => {
    const places = await cluster.places(2);
    const [place, peer] = places;
    if (place === undefined || peer === undefined) throw new Error('two places were asked for');
    const server = await cluster.start(version, place, places);
    await cluster.start(version, peer, places);
    const routeIds = async () =>
      (await cluster.observe(place)).routez.routes.map(({ routeId }) => routeId).toSorted((a, b) => a - b);
    await eventually('the full set of routes', 60, async () => (await routeIds()).length === 4 || undefined);
    const before = await routeIds();
    const client = await cluster.connect(place, users.client.user, users.client.password);
    const settings = { revision: 'R2', limits, logging: { debug: true, trace: true, logtime: true } };
    expect(await server.reload(cluster.configuration(place, places, { settings }))).toBe(true);
    expect((await cluster.observe(place)).varz.tags).toEqual(['rev:r2']);
    await client.flush();
    expect(client.isClosed()).toBe(false);
    expect(await routeIds()).toEqual(before);
    await client.close();
  });

  test('grows from one server to three via configuration reload without a disconnect of clients', async () => {
    const places = await cluster.places(3);
    const [first, ...others] = places;
    if (first === undefined) throw new Error('three places were asked for');
    const server = await cluster.start(version, first, [first]);
    const client = await cluster.connect(first, users.client.user, users.client.password);
    await Promise.all(others.map(async (place) => await cluster.start(version, place, places)));
    expect(await server.reload(cluster.configuration(first, places))).toBe(true);
    await eventually('the mesh of three', 60, async () => {
      const sample = await Promise.all(places.map(async (place) => await cluster.observe(place)));
      return checkMesh(expectationOf(places), [sample, sample, sample]).kind === 'complete' || undefined;
    });
    await client.flush();
    expect(client.isClosed()).toBe(false);
    await client.close();
  });
});

test('nats-server refuses a reload that would change the server name, and changes nothing', async () => {
  const place = await onePlace();
  const server = await cluster.start('2.15.2', place, [place]);
  const renamed = cluster.configuration(place, [place]).replace('server_name: $SERVER_NAME', 'server_name: "other"');
  expect(await server.reload(renamed)).toBe(false);
  expect((await cluster.observe(place)).varz.serverName).toBe(place.name);
});
