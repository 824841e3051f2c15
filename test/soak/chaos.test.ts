import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { type ChaosCase, caseOf, describeCase } from '../chaos/case.ts';
import { startChaosCluster } from '../chaos/chaos-cluster.ts';
import { inOrder, schedule } from '../chaos/schedule.ts';
import type { ChaosCluster, Outcome } from '../chaos/trial.ts';

/** `SOAK_SEED` is the seed of the first case. Together with `SOAK_CASES=1` it repeats only that case. */
const SEED = Number(process.env['SOAK_SEED'] ?? Date.now() % 900_000);
const CASES = Number(process.env['SOAK_CASES'] ?? 200);
const CANCELS = Number(process.env['SOAK_CANCELS'] ?? Math.floor(CASES / 4));
/** The first seed of the cancellations. A seed from here on shows that the case is a cancellation. */
const FIRST_CANCEL = 1_000_000;

describe(`the result of the action matches the state that an observer sees, from seed ${SEED},`, () => {
  const { promise, resolve } = Promise.withResolvers<ChaosCluster>();
  let stop = async (): Promise<void> => {};

  beforeAll(async () => {
    const cluster = await startChaosCluster('soak-chaos');
    stop = cluster.stop;
    resolve(cluster);
  });

  afterAll(async () => await stop());

  const cases = Array.from({ length: CASES }, (_, index) => chaosOf(SEED + index));
  const cancels = Array.from({ length: SEED < FIRST_CANCEL ? CANCELS : 0 }, (_, index) => {
    return chaosOf(FIRST_CANCEL + SEED + index);
  });
  const scheduled = schedule(inOrder([...cases, ...cancels]), promise, { holdsLaws: true });
  let ended = 0;
  for (const { outcome } of scheduled) {
    outcome.then(
      (result) => {
        ended += 1;
        const log = result.problems.length === 0 ? [] : result.log;
        process.stdout.write(`${[`${ended} of ${scheduled.length}: ${line(result)}`, ...log].join('\n')}\n`);
      },
      () => {}, // Its test reports the error.
    );
  }

  test.each(scheduled.map(({ chaos, outcome }) => [describeCase(chaos), outcome] as const))(
    '%s',
    async (_, outcome) => {
      const { problems, log } = await outcome;
      if (problems.length > 0) throw new Error([...problems, ...log].join('\n'));
    },
  );
});

/** Formats one line for each case; results.md keeps a summary of these lines. */
function line({ description, ended, tookMs, problems }: Outcome): string {
  const verdict = problems.length === 0 ? 'agreed' : `DISAGREED: ${problems.join('; ')}`;
  return `${description}; ${ended}; ${(tookMs / 1000).toFixed(1)} s; ${verdict}`;
}

function chaosOf(seed: number): ChaosCase {
  return caseOf(seed, seed < FIRST_CANCEL ? undefined : ['cancelled']);
}
