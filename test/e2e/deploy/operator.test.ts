import { afterEach, beforeEach, test } from '@jest/globals';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { OPERATOR_MODE } from './operator-options.ts';

let deployment: TestDeployment;

beforeEach(async () => {
  deployment = await makeDeployment('operator');
});

afterEach(async () => {
  await deployment.remove();
});

test.each(OPERATOR_MODE)('$title', async ({ shows }) => {
  await shows(deployment);
});
