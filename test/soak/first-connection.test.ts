import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { attachEmbeddedCluster } from '../support/attached-cluster.ts';
import { makeDeployment, type TestDeployment } from '../support/deployment.ts';
import { connectAfterDeploy } from '../support/first-connection.ts';

const CASES = Number(process.env['SOAK_CASES'] ?? 200);

describe(`a client that starts after the step connects at the first attempt, in each of ${CASES} deployments,`, () => {
  let deployment: TestDeployment;
  let stop = async (): Promise<void> => {};
  const late: number[] = [];

  beforeAll(async () => {
    if (process.env['KUBECONFIG'] === undefined) {
      const cluster = await attachEmbeddedCluster('soak-first-connection', 5);
      process.env['KUBECONFIG'] = cluster.kubeconfig;
      stop = cluster.stop;
    }
    deployment = await makeDeployment('first');
  });

  afterAll(async () => {
    await deployment.remove();
    await stop();
    process.stdout.write(`last failed attempt, ms after the step: ${late.toSorted((a, b) => a - b).join(' ')}\n`);
  });

  const cases = Array.from({ length: CASES }, (_, index) => ({ index, replicas: index % 2 === 0 ? '3' : '1' }));

  test.each(cases)('deployment $index, of $replicas servers', async ({ index, replicas }) => {
    const name = `c${index}`;
    const directory = process.env['FIRST_CONNECTION_DIRECTORY'];
    const { lastFailureMs } = await connectAfterDeploy(deployment, { name, replicas }, directory);
    late.push(lastFailureMs);
    await deployment.apps.deleteNamespacedStatefulSet({
      name,
      namespace: deployment.space.name,
      gracePeriodSeconds: 0,
    });
    expect(lastFailureMs).toBeLessThan(0);
  });
});
