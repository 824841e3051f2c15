import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { block, list } from '../../../src/nats/conf/reader/value.ts';
import type { MeshExpectation, MeshSample } from '../../../src/nats/mesh/observation.ts';
import { checkMesh, collectPairs, type MeshVerdict, STABLE_SAMPLES } from '../../../src/nats/mesh/verdict.ts';
import { NATS_SERVER_VERSIONS, type NatsServerVersion } from '../../cluster/versions.ts';
import { eventually } from '../../support/eventually.ts';
import { expectationOf, type LoopbackCluster, makeLoopbackCluster, type Place } from './loopback-cluster.ts';

let cluster: LoopbackCluster;

beforeEach(async () => {
  cluster = await makeLoopbackCluster();
});

afterEach(async () => {
  await cluster.stop();
});

async function sampleOf(places: readonly Place[]): Promise<MeshSample> {
  return await Promise.all(places.map(async (place) => await cluster.observe(place)));
}

/** Samples until the verdict is of the requested kind. */
async function verdictOf(
  kind: MeshVerdict['kind'],
  expectation: MeshExpectation,
  places: readonly Place[],
): Promise<{ readonly verdict: MeshVerdict; readonly sample: MeshSample }> {
  const samples: MeshSample[] = [];
  return await eventually(`a mesh that is ${kind}`, 60, async () => {
    const sample = await sampleOf(places);
    samples.push(sample);
    const verdict = checkMesh(expectation, samples);
    return verdict.kind === kind ? { verdict, sample } : undefined;
  });
}

/**
 * Returns the lasting problems: the verdict after the servers had time for several attempts at their missing routes.
 */
async function problemsThatLast(expectation: MeshExpectation, places: readonly Place[]): Promise<readonly string[]> {
  let problems: readonly string[] = [];
  let alike = 0;
  return await eventually('the same problems again and again', 60, async () => {
    const verdict = checkMesh(expectation, [await sampleOf(places)]);
    const found = verdict.kind === 'incomplete' ? verdict.problems.map(nameOf).toSorted() : [];
    alike = found.join() === problems.join() ? alike + 1 : 0;
    problems = found;
    return alike >= 20 ? problems : undefined;
  });
}

function nameOf({
  from,
  to,
  reason,
}: {
  readonly from: string;
  readonly to: string | undefined;
  readonly reason: string;
}) {
  return `${from} → ${to ?? ''}: ${reason}`;
}

async function startAll(places: readonly Place[], versions: readonly NatsServerVersion[]): Promise<void> {
  await Promise.all(
    places.map(
      async (place, index) => await cluster.start(versions[index % versions.length] ?? '2.15.2', place, places),
    ),
  );
}

describe('the mesh of three servers', () => {
  const supported = NATS_SERVER_VERSIONS.filter((version) => version !== '2.9.25');

  test.each(supported)('is complete with four connections per pair on %s', async (version) => {
    const places = await cluster.places(3);
    await startAll(places, [version]);
    const { sample } = await verdictOf('complete', expectationOf(places), places);
    const pairs = collectPairs(expectationOf(places), sample);
    expect(pairs.map(({ connections, expected }) => ({ connections, expected }))).toEqual(
      Array.from({ length: 6 }, () => ({ connections: 4, expected: 4 })),
    );
  });

  test('is complete across two releases during an upgrade', async () => {
    const places = await cluster.places(3);
    await startAll(places, ['2.10.29', '2.12.15', '2.15.2']);
    const { verdict } = await verdictOf('complete', expectationOf(places), places);
    expect(verdict).toEqual({ kind: 'complete' });
  });

  test('uses the larger pool if pool sizes differ, from 2.11.2 on', async () => {
    const places = await cluster.places(2);
    const [first, second] = places;
    if (first === undefined || second === undefined) throw new Error('two places were asked for');
    await cluster.start('2.12.15', first, places);
    await cluster.start('2.15.2', second, places, { cluster: block({ pool_size: 5 }) });
    const { sample } = await verdictOf('complete', expectationOf(places), places);
    expect(collectPairs(expectationOf(places), sample).map(({ connections }) => connections)).toEqual([6, 6]);
  });

  test('never forms on 2.10 if pool sizes differ', async () => {
    const places = await cluster.places(2);
    const [first, second] = places;
    if (first === undefined || second === undefined) throw new Error('two places were asked for');
    await cluster.start('2.10.29', first, places);
    await cluster.start('2.15.2', second, places, { cluster: block({ pool_size: 5 }) });
    expect(await problemsThatLast(expectationOf(places), places)).toEqual([
      '12-nats-0 → 12-nats-1: PoolSizeMismatch',
      '12-nats-1 → 12-nats-0: PoolSizeMismatch',
    ]);
  });

  test('uses one connection per pair if one server has no pool', async () => {
    const places = await cluster.places(2);
    const [first, second] = places;
    if (first === undefined || second === undefined) throw new Error('two places were asked for');
    await cluster.start('2.15.2', first, places);
    await cluster.start('2.15.2', second, places, { cluster: block({ pool_size: -1 }) });
    const { sample } = await verdictOf('complete', expectationOf(places), places);
    expect(collectPairs(expectationOf(places), sample).map(({ connections }) => connections)).toEqual([1, 1]);
  });

  test.each(['2.10.29', '2.15.2'] as const)('has one more connection per pinned account on %s', async (version) => {
    const places = await cluster.places(2);
    const change = { cluster: block({ accounts: list(['$G']) }) };
    await Promise.all(places.map(async (place) => await cluster.start(version, place, places, change)));
    const expectation = { ...expectationOf(places), pinnedAccounts: ['$G'] };
    const { sample } = await verdictOf('complete', expectation, places);
    expect(collectPairs(expectation, sample).map(({ connections }) => connections)).toEqual([5, 5]);
  });

  test('is complete without routes if there is a single server', async () => {
    const places = await cluster.places(1);
    await startAll(places, ['2.15.2']);
    const { sample } = await verdictOf('complete', expectationOf(places), places);
    expect(sample.flatMap(({ routez }) => routez.routes)).toEqual([]);
  });
});

describe('an unknown server', () => {
  test.each(['2.10.29', '2.15.2'] as const)(
    'never joins on %s with a certificate of an unknown route CA',
    async (version) => {
      const places = await cluster.places(3);
      const [first, second, foreign] = places;
      if (first === undefined || second === undefined || foreign === undefined) throw new Error('three were asked for');
      await cluster.start(version, first, places);
      await cluster.start(version, second, places);
      await cluster.start(version, foreign, places, { route: cluster.certificates.foreignRoute });
      await verdictOf('complete', expectationOf([first, second]), [first, second]);
      expect(await problemsThatLast(expectationOf(places), places)).toEqual([
        '12-nats-0 → 12-nats-2: NoRoute',
        '12-nats-1 → 12-nats-2: NoRoute',
        '12-nats-2 → 12-nats-0: NoRoute',
        '12-nats-2 → 12-nats-1: NoRoute',
      ]);
    },
  );

  test('is named if it is in the mesh', async () => {
    const places = await cluster.places(3);
    await startAll(places, ['2.15.2']);
    await verdictOf('complete', expectationOf(places), places);
    const expected = places.slice(0, 2);
    const verdict = checkMesh(expectationOf(expected), [await sampleOf(expected)]);
    expect(verdict.kind === 'incomplete' && verdict.problems.map(nameOf)).toEqual([
      '12-nats-0 → 12-nats-2: UnexpectedPeer',
      '12-nats-1 → 12-nats-2: UnexpectedPeer',
    ]);
  });
});

test('the verdict on the mesh names a missing server with each of its missing pairs', async () => {
  const places = await cluster.places(3);
  const present = places.slice(0, 2);
  await Promise.all(present.map(async (place) => await cluster.start('2.12.15', place, places)));
  await verdictOf('complete', expectationOf(present), present);
  expect(await problemsThatLast(expectationOf(places), present)).toEqual([
    '12-nats-0 → 12-nats-2: NoRoute',
    '12-nats-1 → 12-nats-2: NoRoute',
    '12-nats-2 → : NotObserved',
  ]);
});

test('the verdict on the mesh is complete after three samples show the new routes of a restarted server', async () => {
  const places = await cluster.places(2);
  const [first, second] = places;
  if (first === undefined || second === undefined) throw new Error('two places were asked for');
  const server = await cluster.start('2.15.2', first, places);
  await cluster.start('2.15.2', second, places);
  const { sample: before } = await verdictOf('complete', expectationOf(places), places);
  await server.stop();
  await cluster.start('2.15.2', first, places);
  const { sample: after } = await verdictOf('complete', expectationOf(places), places);
  const history = [...Array.from({ length: STABLE_SAMPLES }, () => before), after];
  expect(checkMesh(expectationOf(places), history)).toEqual({ kind: 'settling', stableSamples: 1 });
});
