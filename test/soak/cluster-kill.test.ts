import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clusterProcess, requireCluster } from '../support/cluster-process.ts';
import { findClusterTraces } from '../support/cluster-traces.ts';
import { NOTHING } from '../support/embedded-clusters.ts';

const NAME = 'soak-killed';

/** `SOAK_SEED` repeats the moments of an earlier run; `SOAK_CASES` sets the number of moments. */
const SEED = Number(process.env['SOAK_SEED'] ?? Date.now() % 1_000_000);
const CASES = Number(process.env['SOAK_CASES'] ?? 25);
/** Longer than any start on a warm cache. */
const LATEST_MS = 16_000;

describe(`the embedded Kubernetes, seed ${SEED}`, () => {
  afterAll(async () => {
    await requireCluster('stop', '--name', NAME);
  });

  const moments = fc.sample(
    fc.tuple(fc.nat(LATEST_MS), fc.constantFrom('SIGKILL' as const, 'SIGINT' as const, 'SIGTERM' as const)),
    {
      numRuns: CASES,
      seed: SEED,
    },
  );

  test.each(moments)('leaves nothing after stop if its start is ended after %i ms by %s', async (afterMs, signal) => {
    const start = clusterProcess('start', '--name', NAME, '--nodes', '1');
    await Promise.race([delay(afterMs), start.ended]);
    start.child.kill(signal);
    await start.ended;
    await requireCluster('stop', '--name', NAME);
    expect(await findClusterTraces(NAME, [])).toEqual(NOTHING);
  });
});
