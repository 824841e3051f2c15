import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findMissingPairs, type MeshSample } from '../../../../src/nats/mesh/observation.ts';
import { checkMesh, collectPairs } from '../../../../src/nats/mesh/verdict.ts';
import { expectationOf, problemsOf, routesTo, sampleOf, thrice, without } from '../../support/mesh-sample.ts';

/**
 * Returns a mesh of three servers. Configuration and one connection of the last server have these ages, and everything
 * else is much older.
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

describe('the mesh verdict', () => {
  test.each([1, 2, 3, 5, 50])('is complete for %d servers after three samples', (count) => {
    expect(checkMesh(expectationOf(count), thrice(sampleOf(count)))).toEqual({ kind: 'complete' });
  });

  test('needs three samples', () => {
    const sample = sampleOf(3);
    expect(checkMesh(expectationOf(3), [sample])).toEqual({ kind: 'settling', stableSamples: 1 });
    expect(checkMesh(expectationOf(3), [sample, sample])).toEqual({ kind: 'settling', stableSamples: 2 });
  });

  test('needs only one sample if all connections and configurations are older than five seconds', () => {
    expect(checkMesh(expectationOf(3), [settled(5000, 5000)])).toEqual({ kind: 'complete' });
    expect(checkMesh(expectationOf(3), [[], settled(5000, 5000)])).toEqual({ kind: 'complete' });
    const alone = sampleOf(1, { 'nats-0': { varz: { loadedMs: 5000 } } });
    expect(checkMesh(expectationOf(1), [alone])).toEqual({ kind: 'complete' });
  });

  test.each([
    ['a configuration that was just loaded', settled(4999, 9000)],
    ['one young connection', settled(9000, 4999)],
  ])('needs three samples with %s', (_, sample) => {
    expect(checkMesh(expectationOf(3), [sample])).toEqual({ kind: 'settling', stableSamples: 1 });
  });

  test('is not complete because of age alone', () => {
    const short = settled(9000, 9000).map((one) => ({ ...one, routez: { ...one.routez, routes: [] } }));
    expect(checkMesh(expectationOf(3), [short]).kind).toBe('incomplete');
    expect(checkMesh(expectationOf(4), [settled(9000, 9000)]).kind).toBe('incomplete');
  });

  test('does not depend on the order of samples, servers and routes', () => {
    const sample = sampleOf(3);
    const turned = sample.toReversed().map((one) => ({
      ...one,
      routez: { ...one.routez, routes: one.routez.routes.toReversed() },
    }));
    expect(checkMesh(expectationOf(3), [sample, turned, sample]).kind).toBe('complete');
  });

  test('starts again when a connection was replaced', () => {
    const replaced = routesTo('nats-1').map((route) => ({ ...route, routeId: route.routeId + 50 }));
    const earlier = sampleOf(2);
    for (const routes of [replaced, [...replaced.slice(0, 1), ...routesTo('nats-1').slice(1)]]) {
      const later = sampleOf(2, { 'nats-0': { routes } });
      const verdict = checkMesh(expectationOf(2), [earlier, earlier, later]);
      expect(verdict).toEqual({ kind: 'settling', stableSamples: 1 });
    }
  });

  test('starts again after an incomplete sample with the same connections', () => {
    const sample = sampleOf(2);
    const old = sampleOf(2, { 'nats-1': { varz: { tags: ['rev:r0'] } } });
    expect(checkMesh(expectationOf(2), [old, sample, sample])).toEqual({ kind: 'settling', stableSamples: 2 });
  });

  test('depends only on the last three samples', () => {
    const sample = sampleOf(2);
    expect(checkMesh(expectationOf(2), [[], ...thrice(sample)]).kind).toBe('complete');
  });
});

describe('the comparison of expected and observed servers', () => {
  test('is never complete without an expectation', () => {
    expect(problemsOf(expectationOf(0), [])).toEqual(['>:NothingExpected']);
  });

  test('is never complete without an observation', () => {
    expect(problemsOf(expectationOf(1), [])).toEqual(['nats-0>:NotObserved']);
    const verdict = checkMesh(expectationOf(2), []);
    expect(verdict.kind === 'incomplete' && verdict.problems.map(({ reason }) => reason)).toEqual([
      'NotObserved',
      'NotObserved',
    ]);
  });

  test('names a missing server with all pairs towards it, with or without routes', () => {
    const sample = sampleOf(3, { 'nats-0': { routes: routesTo('nats-1') } }).slice(0, 2);
    expect(problemsOf(expectationOf(3), sample)).toEqual([
      'nats-2>:NotObserved',
      'nats-0>nats-2:NoRoute',
      'nats-1>nats-2:NotObserved',
    ]);
  });

  test('names an additional server', () => {
    expect(problemsOf(expectationOf(2), sampleOf(3))).toEqual([
      'nats-2>:UnexpectedServer',
      'nats-0>nats-2:UnexpectedPeer',
      'nats-1>nats-2:UnexpectedPeer',
    ]);
  });

  test('counts a server that is observed twice only once', () => {
    const [first, second] = sampleOf(2);
    if (first === undefined || second === undefined) throw new Error('two servers were asked for');
    expect(problemsOf(expectationOf(2), [first, second, first])).toEqual(['nats-0>:DuplicateServer']);
    const twin = { ...second, varz: { ...second.varz, serverId: first.varz.serverId } };
    expect(problemsOf(expectationOf(2), [first, twin])).toContain('nats-1>:DuplicateServer');
  });

  test('accepts any revision without an expected one', () => {
    const sample = sampleOf(2, { 'nats-1': { varz: { tags: [] } } });
    expect(problemsOf(expectationOf(2, { revisionTag: undefined }), sample)).toEqual([]);
    expect(problemsOf(expectationOf(2), sample)).toEqual(['nats-1>:OldRevision']);
  });

  test('finds the pairs that lack routes, without servers and peers that are not expected', () => {
    const place = { from: 'nats-0', message: '' };
    const problems = [
      { ...place, to: undefined, reason: 'OldRevision' },
      { ...place, to: 'nats-7', reason: 'UnexpectedPeer' },
      { ...place, to: 'nats-1', reason: 'NoRoute' },
    ] as const;
    expect(findMissingPairs(problems)).toStrictEqual([{ from: 'nats-0', to: 'nats-1' }]);
  });

  test('requires a connection for each pinned account, and for the system account in any case', () => {
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

  test('uses the pool size of this revision in place of an outdated report', () => {
    const pooled = (name: string) => ({ routes: routesTo(name, { pooled: 5 }) });
    const sample = sampleOf(2, { 'nats-0': pooled('nats-1'), 'nats-1': pooled('nats-0') });
    expect(problemsOf(expectationOf(2, { poolSize: 5 }), sample)).toEqual([]);
    expect(problemsOf(expectationOf(2), sample)).toHaveLength(2);
  });
});

test('the matrix has every pair with its actual and expected connections', () => {
  const sample = sampleOf(2, { 'nats-0': { routes: without(routesTo('nats-1'), 0) } });
  const matrix = collectPairs(expectationOf(2), sample);
  expect(matrix.map(({ problem, ...pair }) => ({ ...pair, reason: problem?.reason }))).toEqual([
    { from: 'nats-0', to: 'nats-1', connections: 3, expected: 4, reason: 'ConnectionsMissing' },
    { from: 'nats-1', to: 'nats-0', connections: 4, expected: 4, reason: undefined },
  ]);
});

test('a mesh with any connection missing is incomplete', () => {
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
