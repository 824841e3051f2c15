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

test('JetStream loses no stream in memory by a rolling change, and has to be whole to pass', async () => {
  await rollingKeepsMemory(deployment);
});

test('JetStream loses no message by upgrades from 2.10 to 2.15, nor by two servers more', async () => {
  await upgradesKeepStreams(deployment);
});

test('JetStream works on one server, which is no cluster', async () => {
  await standaloneWorks(deployment);
});
