import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { MeshSample } from '../../../../src/nats/mesh/observation.ts';
import { checkMesh, collectPairs } from '../../../../src/nats/mesh/verdict.ts';
import { expectationOf, problemsOf, routesTo, sampleOf, thrice, without } from '../../support/mesh-sample.ts';

/**
 * Returns a mesh of three with this age of the configuration, and this age of one connection of the last server;
 * everything else is much older.
 */
function settled(loadedMs: number, youngestMs: number): MeshSample {
  return sampleOf(3).map(({ pod, varz, routez }, own) => {
    const routes = routez.routes.map((route, index) => ({
      ...route,
      ageMs: own === 2 && index === 0 ? youngestMs : 9_000_000,
    }));
    return { pod, varz: { ...varz, loadedMs }, routez: { ...routez, routes } };
  });
}

describe('a complete mesh', () => {
  test.each([1, 2, 3, 5, 50])('of %d servers is complete after three samples', (count) => {
    expect(checkMesh(expectationOf(count), thrice(sampleOf(count)))).toEqual({ kind: 'complete' });
  });

  test('needs three samples', () => {
    const sample = sampleOf(3);
    expect(checkMesh(expectationOf(3), [sample])).toEqual({ kind: 'settling', stableSamples: 1 });
    expect(checkMesh(expectationOf(3), [sample, sample])).toEqual({ kind: 'settling', stableSamples: 2 });
  });

  test('needs no second sample where its servers say that all of it is old', () => {
    expect(checkMesh(expectationOf(3), [settled(5000, 5000)])).toEqual({ kind: 'complete' });
    expect(checkMesh(expectationOf(3), [[], settled(5000, 5000)])).toEqual({ kind: 'complete' });
  });

  test.each([
    ['a configuration that was just loaded', settled(4999, 9000)],
    ['one connection that is young', settled(9000, 4999)],
  ])('needs three samples with %s', (_, sample) => {
    expect(checkMesh(expectationOf(3), [sample])).toEqual({ kind: 'settling', stableSamples: 1 });
  });

  test('is not complete for being old', () => {
    const short = settled(9000, 9000).map((one) => ({ ...one, routez: { ...one.routez, routes: [] } }));
    expect(checkMesh(expectationOf(3), [short]).kind).toBe('incomplete');
    expect(checkMesh(expectationOf(4), [settled(9000, 9000)]).kind).toBe('incomplete');
  });

  test('does not mind the order of samples, servers and routes', () => {
    const sample = sampleOf(3);
    const turned = sample.toReversed().map((one) => ({
      ...one,
      routez: { ...one.routez, routes: one.routez.routes.toReversed() },
    }));
    expect(checkMesh(expectationOf(3), [sample, turned, sample]).kind).toBe('complete');
  });

  test('settles anew when a connection was replaced', () => {
    const replaced = routesTo('nats-1').map((route) => ({ ...route, routeId: route.routeId + 50 }));
    const later = sampleOf(2, { 'nats-0': { routes: replaced } });
    const earlier = sampleOf(2);
    const verdict = checkMesh(expectationOf(2), [earlier, earlier, later]);
    expect(verdict).toEqual({ kind: 'settling', stableSamples: 1 });
  });

  test('settles anew after a sample that was incomplete with the same connections', () => {
    const sample = sampleOf(2);
    const old = sampleOf(2, { 'nats-1': { varz: { tags: ['rev:r0'] } } });
    expect(checkMesh(expectationOf(2), [old, sample, sample])).toEqual({ kind: 'settling', stableSamples: 2 });
  });

  test('is judged by the last three samples alone', () => {
    const sample = sampleOf(2);
    expect(checkMesh(expectationOf(2), [[], ...thrice(sample)]).kind).toBe('complete');
  });
});

describe('what is expected and what is observed must be equal', () => {
  test('nothing expected is never complete', () => {
    expect(problemsOf(expectationOf(0), [])).toEqual(['>:NothingExpected']);
  });

  test('nothing observed is never complete', () => {
    expect(problemsOf(expectationOf(1), [])).toEqual(['nats-0>:NotObserved']);
    const verdict = checkMesh(expectationOf(2), []);
    expect(verdict.kind === 'incomplete' && verdict.problems.map(({ reason }) => reason)).toEqual([
      'NotObserved',
      'NotObserved',
    ]);
  });

  test('a server that was not observed is named with the pairs towards it, whether they have routes or not', () => {
    const sample = sampleOf(3, { 'nats-0': { routes: routesTo('nats-1') } }).slice(0, 2);
    expect(problemsOf(expectationOf(3), sample)).toEqual([
      'nats-2>:NotObserved',
      'nats-0>nats-2:NoRoute',
      'nats-1>nats-2:NotObserved',
    ]);
  });

  test('a server beyond the expected ones is named', () => {
    expect(problemsOf(expectationOf(2), sampleOf(3))).toEqual([
      'nats-2>:UnexpectedServer',
      'nats-0>nats-2:UnexpectedPeer',
      'nats-1>nats-2:UnexpectedPeer',
    ]);
  });

  test('one server seen twice is no second one', () => {
    const [first, second] = sampleOf(2);
    if (first === undefined || second === undefined) throw new Error('two servers were asked for');
    expect(problemsOf(expectationOf(2), [first, second, first])).toEqual(['nats-0>:DuplicateServer']);
    const twin = { ...second, varz: { ...second.varz, serverId: first.varz.serverId } };
    expect(problemsOf(expectationOf(2), [first, twin])).toContain('nats-1>:DuplicateServer');
  });

  test('each pinned account has a connection, and the system account does so unasked', () => {
    const expectation = expectationOf(2, { pinnedAccounts: ['ORDERS', '$SYS'] });
    expect(problemsOf(expectation, sampleOf(2))).toEqual([
      'nats-0>nats-1:ConnectionsMissing',
      'nats-1>nats-0:ConnectionsMissing',
    ]);
    const accounts = ['$SYS', 'ORDERS'];
    const pinned = sampleOf(2, {
      'nats-0': { routes: routesTo('nats-1', { accounts }) },
      'nats-1': { routes: routesTo('nats-0', { accounts }) },
    });
    expect(problemsOf(expectation, pinned)).toEqual([]);
  });

  test('the pool size of this revision overrules a stale report of servers that run it', () => {
    const pooled = (name: string) => ({ routes: routesTo(name, { pooled: 5 }) });
    const sample = sampleOf(2, { 'nats-0': pooled('nats-1'), 'nats-1': pooled('nats-0') });
    expect(problemsOf(expectationOf(2, { poolSize: 5 }), sample)).toEqual([]);
    expect(problemsOf(expectationOf(2), sample)).toHaveLength(2);
  });
});

test('the matrix has every pair with its connections beside those expected', () => {
  const sample = sampleOf(2, { 'nats-0': { routes: without(routesTo('nats-1'), 0) } });
  const matrix = collectPairs(expectationOf(2), sample);
  expect(matrix.map(({ problem, ...pair }) => ({ ...pair, reason: problem?.reason }))).toEqual([
    { from: 'nats-0', to: 'nats-1', connections: 3, expected: 4, reason: 'ConnectionsMissing' },
    { from: 'nats-1', to: 'nats-0', connections: 4, expected: 4, reason: undefined },
  ]);
});

test('no subset of the connections of a complete mesh is complete', () => {
  const whole = sampleOf(3);
  const total = whole.reduce((sum, { routez }) => sum + routez.routes.length, 0);
  fc.assert(
    fc.property(fc.subarray([...Array(total).keys()], { minLength: 1 }), (dropped) => {
      let at = 0;
      const sample = whole.map((one) => ({
        ...one,
        routez: { ...one.routez, routes: one.routez.routes.filter(() => !dropped.includes(at++)) },
      }));
      return checkMesh(expectationOf(3), thrice(sample)).kind === 'incomplete';
    }),
  );
});
