import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { caseOf, describeCase } from './case.ts';
import { startChaosCluster } from './chaos-cluster.ts';
import { schedule } from './schedule.ts';
import type { ChaosCluster } from './trial.ts';

/**
 * Seeds with different faults that strike while a run is in a critical phase; `npm run soak` plays hundreds of seeds.
 */
const SEEDS = [57, 117, 144, 158, 196, 210, 213, 215, 247, 269];

// These faults break nodes, networks and the API, so they use a cluster of their own, independently of KUBECONFIG.
describe('the result of the action matches the state that an observer sees', () => {
  const { promise, resolve } = Promise.withResolvers<ChaosCluster>();
  let stop = async (): Promise<void> => {};

  beforeAll(async () => {
    const cluster = await startChaosCluster('chaos');
    stop = cluster.stop;
    resolve(cluster);
  });

  afterAll(async () => await stop());

  const cases = SEEDS.map((seed) => caseOf(seed));

  test('covers ten different faults', () => {
    expect(new Set(cases.map(({ fault }) => fault.kind)).size).toBe(SEEDS.length);
  });

  const scheduled = schedule(cases, promise, { holdsLaws: false });

  test.each(scheduled.map(({ chaos, outcome }) => [describeCase(chaos), outcome] as const))(
    '%s',
    async (_, outcome) => {
      const { problems, log } = await outcome;
      // The disagreement comes first, because a reader of the end of a long output may see only its beginning.
      if (problems.length > 0) throw new Error([...problems, ...log].join('\n'));
    },
  );
});
