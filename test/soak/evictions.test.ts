import process from 'node:process';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { describeEvictions, evictionCaseOf } from '../chaos/eviction-case.ts';
import { playEvictions } from '../chaos/eviction-trial.ts';
import { attachEmbeddedCluster } from '../support/attached-cluster.ts';

/** `SOAK_SEED` is the seed of the first case. Together with `SOAK_CASES=1` it repeats only that case. */
const SEED = Number(process.env['SOAK_SEED'] ?? Date.now() % 900_000);
const CASES = Number(process.env['SOAK_CASES'] ?? 50);

const CASE_MS = 12 * 60_000;

/** The test removes only pods, so any cluster with a node for each of five servers is sufficient. */
describe(`the action never takes a server down while another one is evicted, from seed ${SEED},`, () => {
  let kubeconfig = process.env['KUBECONFIG'] ?? '';
  let stop = async (): Promise<void> => {};
  let ended = 0;

  beforeAll(async () => {
    if (kubeconfig !== '') return;
    const cluster = await attachEmbeddedCluster('soak-evictions', 5);
    [kubeconfig, stop] = [cluster.kubeconfig, cluster.stop];
  });

  afterAll(async () => await stop());

  const cases = Array.from({ length: CASES }, (_, index) => evictionCaseOf(SEED + index));

  test.each(cases.map((drawn) => [describeEvictions(drawn), drawn] as const))(
    '%s',
    async (description, drawn) => {
      const { problems, log } = await playEvictions(kubeconfig, drawn);
      ended += 1;
      const verdict = problems.length === 0 ? 'agreed' : `DISAGREED: ${problems.join('; ')}`;
      process.stdout.write(`${ended} of ${CASES}: ${description}; ${verdict}\n`);
      if (problems.length > 0) throw new Error([...problems, ...log].join('\n'));
    },
    CASE_MS,
  );
});
