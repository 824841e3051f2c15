import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ailmentOf } from '../../../src/commands/reload/ailments.ts';
import { findOutsiders } from '../../../src/nats/mesh/meta-group.ts';
import type { MeshExpectation, MeshSample } from '../../../src/nats/mesh/observation.ts';
import { checkMesh } from '../../../src/nats/mesh/verdict.ts';
import { DEFAULT_NATS_SERVER_VERSION, type NatsServerVersion } from '../../cluster/versions.ts';
import { eventually } from '../../support/eventually.ts';
import type { NatsServer } from '../../support/nats-server.ts';
import {
  type Change,
  expectationOf,
  type LoopbackCluster,
  makeLoopbackCluster,
  type Place,
  users,
} from './loopback-cluster.ts';

const MIB = 2 ** 20;

let cluster: LoopbackCluster;
let folder: string;

beforeEach(async () => {
  cluster = await makeLoopbackCluster();
  folder = await mkdtemp(join(tmpdir(), 'jetstream-'));
});

afterEach(async () => {
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

function withStreams({ name }: Place, limits: { readonly file: number; readonly memory: number }): Change {
  const jetstream = { storeDirectory: join(folder, name), maxFileBytes: limits.file, maxMemoryBytes: limits.memory };
  return { settings: { jetstream } };
}

/** Returns the settings of a server that is deployed without peers. */
function alone(place: Place, memory = 0): Change {
  return { settings: { ...withStreams(place, { file: 64 * MIB, memory }).settings, routes: undefined } };
}

type Restart = (place: Place) => Promise<void>;

/**
 * Waits like the action, which restarts a server that is missing from the meta group. Without `restart`, no server is
 * restarted.
 */
async function passes(expectation: MeshExpectation, places: readonly Place[], restart?: Restart): Promise<MeshSample> {
  const samples: MeshSample[] = [];
  let since: { readonly name: string; readonly at: number } | undefined;
  const complete = eventually('a mesh with a meta leader', 60, async () => {
    const sample = await Promise.all(places.map(async (place) => await cluster.observe(place)));
    samples.push(sample);
    const verdict = checkMesh(expectation, samples);
    const [outside] = findOutsiders(expectation, sample);
    const isAllElseWell =
      verdict.kind === 'incomplete' && verdict.problems.every(({ reason }) => reason === 'OutsideMetaGroup');
    const ailment = outside && ailmentOf({ outsider: outside }, { isNewState: true, isByJwt: false });
    if (restart === undefined || outside === undefined || ailment === undefined || !isAllElseWell) {
      since = undefined;
    } else {
      since = since?.name === outside.name ? since : { name: outside.name, at: performance.now() };
      const place = places.find(({ name }) => name === outside.name);
      if (place !== undefined && performance.now() - since.at >= ailment.patienceMs) await restart(place);
    }
    return verdict.kind === 'complete' ? sample : undefined;
  });
  return await complete.catch((cause: unknown) => {
    const groups = samples.at(-1)?.map(({ varz }) => varz.jetstream?.metaGroup);
    throw new Error(JSON.stringify([checkMesh(expectation, samples), groups]), { cause });
  });
}

async function createStream(place: Place, settings: object): Promise<unknown> {
  const client = await cluster.connect(place, users.client.user, users.client.password);
  try {
    const stream = { name: 'ORDERS', subjects: ['orders.>'], ...settings };
    const answer = await client.request('$JS.API.STREAM.CREATE.ORDERS', JSON.stringify(stream), { timeout: 10_000 });
    return answer.json();
  } finally {
    await client.close();
  }
}

/**
 * A release with an unreliable start. In about one of twenty first starts under load, the meta group permanently lacks
 * one server. In one of ten, the leader does not know for a second that a member accepts streams.
 */
const HASTY: NatsServerVersion = '2.10.29';

async function createStreamLater(place: Place, settings: object): Promise<unknown> {
  return await eventually('a stream', 10, async () => {
    const answer = await createStream(place, settings);
    return JSON.stringify(answer).includes('peer offline') ? undefined : answer;
  });
}

describe('three servers with JetStream', () => {
  test.each<NatsServerVersion>([HASTY, DEFAULT_NATS_SERVER_VERSION])(
    'agree on a meta leader and keep three replicas of a stream on %s',
    async (version) => {
      const places = await cluster.places(3);
      const servers = new Map<Place, NatsServer>();
      const start: Restart = async (place) => {
        await servers.get(place)?.stop();
        const change = withStreams(place, { file: 64 * MIB, memory: 0 });
        servers.set(place, await cluster.start(version, place, places, change));
      };
      await Promise.all(places.map(start));
      const isHasty = version === HASTY;
      const sample = await passes({ ...expectationOf(places), jetstream: true }, places, isHasty ? start : undefined);
      const leaders = sample.map(({ varz }) => varz.jetstream?.metaGroup?.leader);
      expect(new Set(leaders).size).toBe(1);
      const [first] = places;
      const create = isHasty ? createStreamLater : createStream;
      const created = first && (await create(first, { num_replicas: 3, max_bytes: MIB }));
      expect(created).toMatchObject({ config: { name: 'ORDERS', num_replicas: 3, storage: 'file' } });
    },
  );

  test('have no meta leader while two of them are missing', async () => {
    const places = await cluster.places(3);
    const [first] = places;
    if (first === undefined) throw new Error('three places were asked for');
    await cluster.start(DEFAULT_NATS_SERVER_VERSION, first, places, withStreams(first, { file: MIB, memory: 0 }));
    const { varz } = await cluster.observe(first);
    expect(varz.jetstream?.metaGroup).toMatchObject({ leader: undefined, size: 3 });
  });
});

describe('one server with JetStream', () => {
  test.each<NatsServerVersion>(['2.10.29', DEFAULT_NATS_SERVER_VERSION])(
    'is ready for file streams, and refuses memory streams without memory, on %s',
    async (version) => {
      const [place] = await cluster.places(1);
      if (place === undefined) throw new Error('a place was asked for');
      await cluster.start(version, place, [], alone(place));
      await passes({ ...expectationOf([place]), clusterName: undefined, jetstream: true }, [place]);
      expect(await createStream(place, { storage: 'memory' })).toMatchObject({ error: { code: 500 } });
      expect(await createStream(place, { max_bytes: MIB })).toMatchObject({ config: { storage: 'file' } });
    },
  );

  test('raises its memory limit via configuration reload, and refuses to lower it', async () => {
    const [place] = await cluster.places(1);
    if (place === undefined) throw new Error('a place was asked for');
    const server = await cluster.start(DEFAULT_NATS_SERVER_VERSION, place, [], alone(place, 2 * MIB));
    expect(await server.reload(cluster.configuration(place, [], alone(place, 4 * MIB)))).toBe(true);
    expect(await server.reload(cluster.configuration(place, [], alone(place, 3 * MIB)))).toBe(false);
  });
});
