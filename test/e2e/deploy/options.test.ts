import { afterEach, beforeEach, test } from '@jest/globals';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { OPTIONS } from './options.ts';

let deployment: TestDeployment;

beforeEach(async () => {
  deployment = await makeDeployment('options');
});

afterEach(async () => {
  await deployment.remove();
});

test.each(OPTIONS)('$title', async ({ shows }) => {
  await shows(deployment);
});
