import { expect, test } from '@jest/globals';
import type { Route } from '../../../../src/nats/mesh/monitoring.ts';
import type { MeshSample } from '../../../../src/nats/mesh/observation.ts';
import { checkMesh } from '../../../../src/nats/mesh/verdict.ts';
import { expectationOf, sampleOf, thrice } from '../../support/mesh-sample.ts';

/** Counts the reads of the fields of a route in one verdict: its work, independently of the machine. */
function readsOf(servers: number): { readonly reads: number; readonly routes: number } {
  let reads = 0;
  const counted = (route: Route): Route => ({
    get routeId() {
      reads += 1;
      return route.routeId;
    },
    get ageMs() {
      reads += 1;
      return route.ageMs;
    },
    get remoteId() {
      reads += 1;
      return route.remoteId;
    },
    get remoteName() {
      reads += 1;
      return route.remoteName;
    },
    get account() {
      reads += 1;
      return route.account;
    },
  });
  const sample: MeshSample = sampleOf(servers).map((server) => ({
    ...server,
    routez: { ...server.routez, routes: server.routez.routes.map(counted) },
  }));
  expect(checkMesh(expectationOf(servers), thrice(sample))).toEqual({ kind: 'complete' });
  return { reads, routes: sample.reduce((sum, { routez }) => sum + routez.routes.length, 0) };
}

test.each([3, 10, 25, 50])('a verdict over %d servers reads each route at most a dozen times a sample', (servers) => {
  const { reads, routes } = readsOf(servers);
  expect(reads / (3 * routes)).toBeLessThanOrEqual(12);
});
