import { afterEach, beforeEach, test } from '@jest/globals';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { CONFIGURATIONS } from './configuration-options.ts';

let deployment: TestDeployment;

beforeEach(async () => {
  deployment = await makeDeployment('config');
});

afterEach(async () => {
  await deployment.remove();
});

test.each(CONFIGURATIONS)('$title', async ({ shows }) => {
  await shows(deployment);
});
