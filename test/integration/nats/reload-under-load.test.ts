import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { block } from '../../../src/nats/conf/reader/value.ts';
import { checkMesh } from '../../../src/nats/mesh/verdict.ts';
import { connectServer, type ServerConnection } from '../../../src/servers/connection.ts';
import { reloadServer } from '../../../src/servers/system.ts';
import type { NatsServerVersion } from '../../cluster/versions.ts';
import { eventually } from '../../support/eventually.ts';
import { type Load, type LoadReport, startLoad } from '../../support/load.ts';
import type { NatsServer } from '../../support/nats-server.ts';
import {
  type Change,
  expectationOf,
  type LoopbackCluster,
  makeLoopbackCluster,
  type Place,
  users,
} from './loopback-cluster.ts';

const RELOADS = 10;
const RATE_PER_SECOND = 400;

/**
 * A configuration without a system user, because a system user needs the list form of users. The test reloads this
 * server by a signal.
 */
const single: Change = {
  entries: { authorization: block(users.client), accounts: undefined, system_account: undefined },
};

let cluster: LoopbackCluster;
let load: Load | undefined;

beforeEach(async () => {
  cluster = await makeLoopbackCluster();
});

afterEach(async () => {
  await load?.stop();
  load = undefined;
  await cluster.stop();
});

/** Publishes on the first server, subscribes on all of them. */
async function loadOn(places: readonly Place[]): Promise<Load> {
  const targets = places.map((place) => {
    const { dial, trust } = cluster.target(place);
    const { signal } = new AbortController();
    return { dial: async () => await dial(4222, signal), trust, serverName: 'localhost', credentials: users.client };
  });
  const [publisher] = targets;
  if (publisher === undefined) throw new Error('there are no servers');
  return await startLoad({ publisher, subscribers: targets, subject: 'orders', ratePerSecond: RATE_PER_SECOND });
}

/**
 * Runs `reload` several times under load, with half a second of load before, between and after the reloads. Returns the
 * report of the load.
 */
async function reportOf(running: Load, reload: (round: number) => Promise<void>): Promise<LoadReport> {
  const proceed = async () => {
    const goal = running.sent() + RATE_PER_SECOND / 2;
    await eventually('more messages', 30, async () => running.sent() >= goal || undefined);
  };
  await proceed();
  for (let round = 1; round <= RELOADS; round += 1) {
    await reload(round);
    await proceed();
  }
  return await running.stop();
}

async function connectSystem(place: Place): Promise<ServerConnection> {
  const connected = await connectServer({ ...cluster.target(place), ...users.system });
  if (!connected.ok) throw new Error(connected.failure.message);
  return connected.value;
}

async function completeMesh(places: readonly Place[]): Promise<void> {
  await eventually('the mesh', 60, async () => {
    const sample = await Promise.all(places.map(async (place) => await cluster.observe(place)));
    return checkMesh(expectationOf(places), [sample, sample, sample]).kind === 'complete' || undefined;
  });
}

async function startAll(
  version: NatsServerVersion,
  places: readonly Place[],
  change: Change = {},
): Promise<readonly NatsServer[]> {
  return await Promise.all(places.map(async (place) => await cluster.start(version, place, places, change)));
}

describe.each(['2.10.29', '2.15.2'] as const)(
  'ten configuration reloads of three servers under load on %s',
  (version) => {
    test('lose no message and disconnect no client with the list form of users', async () => {
      const places = await cluster.places(3);
      await startAll(version, places);
      await completeMesh(places);
      const connections = await Promise.all(places.map(connectSystem));
      load = await loadOn(places);
      const report = await reportOf(load, async () => {
        const { certificate, privateKey } = await cluster.certificates.serverLeaf();
        await writeFile(cluster.certificates.server.certificate, certificate);
        await writeFile(cluster.certificates.server.key, privateKey);
        for (const connection of connections) {
          expect(await reloadServer(connection, 10_000)).toMatchObject({ ok: true });
        }
      });
      await Promise.all(connections.map(async (connection) => await connection.close()));
      const whole = { received: report.sent, duplicates: 0, lost: 0, missing: [], disconnects: 0 };
      expect(report).toMatchObject({ publisher: { disconnects: 0 }, subscribers: [whole, whole, whole] });
      expect(report.perSecond).toBeGreaterThan(300);
    });

    test('lose messages and disconnect clients with the single-user form', async () => {
      const places = await cluster.places(3);
      const servers = await startAll(version, places, single);
      load = await loadOn(places);
      const report = await reportOf(load, async (round) => {
        for (const [index, server] of servers.entries()) {
          const place = places[index];
          if (place === undefined) throw new Error('a server without a place');
          const settings = { revision: `R${round}` };
          expect(await server.reload(cluster.configuration(place, places, { ...single, settings }))).toBe(true);
        }
      });
      expect(report.publisher.disconnects).toBeGreaterThanOrEqual(RELOADS);
      expect(report.subscribers.every(({ disconnects }) => disconnects >= RELOADS)).toBe(true);
      expect(report.subscribers.some(({ lost, missing }) => lost > 0 && missing.length > 0)).toBe(true);
    });
  },
);
