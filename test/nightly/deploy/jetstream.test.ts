import { afterAll, beforeAll, test } from '@jest/globals';
import { rollingKeepsMemory } from '../../e2e/deploy/jetstream.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';

let deployment: TestDeployment;

beforeAll(async () => {
  deployment = await makeDeployment('jetstream');
});

afterAll(async () => {
  await deployment.remove();
});

test('JetStream loses no stream in memory by a rolling change, and has to be whole to pass', async () => {
  await rollingKeepsMemory(deployment);
});
