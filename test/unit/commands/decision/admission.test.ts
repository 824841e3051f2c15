import { expect, test } from '@jest/globals';
import { admitDeployment } from '../../../../src/commands/decision/admission.ts';
import { useCluster } from '../../support/simulation/simulated-cluster.ts';
import { deployRun } from '../../support/simulation/simulated-run.ts';

const cluster = useCluster();

test.each([
  [false, ['Namespace/fresh']],
  [true, []],
])('the creation of a namespace counts as a change of the run, unless it is a dry run: %s', async (dryRun, changed) => {
  const run = deployRun(cluster(), { namespace: 'fresh', 'create-namespace': 'true' });
  await cluster().clock.run(admitDeployment(run, { dryRun }));
  expect(run.diagnoser.history().changed).toEqual(changed);
});
