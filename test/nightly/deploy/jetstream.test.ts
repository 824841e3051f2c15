import { afterEach, beforeEach, test } from '@jest/globals';
import { rollingKeepsMemory, standaloneWorks, upgradesKeepStreams } from '../../e2e/deploy/jetstream.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';

let deployment: TestDeployment;

beforeEach(async () => {
  deployment = await makeDeployment('jetstream');
});

afterEach(async () => {
  await deployment.remove();
});

test('JetStream keeps memory streams over a rolling change, and deploy succeeds only with all peers current', async () => {
  await rollingKeepsMemory(deployment);
});

test('JetStream loses no message in upgrades from 2.10 to 2.15 and in a scale-up by two servers', async () => {
  await upgradesKeepStreams(deployment);
});

test('JetStream works on a single server without clustering', async () => {
  await standaloneWorks(deployment);
});
