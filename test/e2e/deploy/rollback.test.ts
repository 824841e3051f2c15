import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { expectNoSecret } from '../../support/failure.ts';
import { completeMesh, errorTitle, readSecret, routesOf } from '../../support/live-cluster.ts';

const VERIFIED = { image: 'nats:2.15.2', debug: 'true', replicas: '1' };
const FAILING = { image: 'nats:2.15.2-nowhere', replicas: '1', 'rollback-on-failure': 'true', timeout: '3m' };

describe('a failed deploy with rollback-on-failure', () => {
  let deployment: TestDeployment;

  beforeAll(async () => {
    deployment = await makeDeployment('rollback');
  });

  afterAll(async () => {
    await deployment.remove();
  });

  test('reports that a new NATS cluster has no earlier state', async () => {
    const result = await deployment.run(FAILING);
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toContain('no verified state yet');
  });

  test('restores and checks the last verified state, and still fails with its own cause', async () => {
    await deployment.requireRun(VERIFIED);
    const result = await deployment.run(FAILING);
    expect(result.exitCode).toBe(1);
    expect(errorTitle(result)).toMatch(/^ROLLOUT_STALLED/);
    expect(result.stdout).toContain('rolled back to the last verified state and verified again');
    const { password = '' } = await readSecret(deployment.space, 'nats-client');
    expectNoSecret(result, [password]);
  });

  test('leaves the verified state: verify succeeds, and a deploy of it changes nothing', async () => {
    const verified = await deployment.requireRun({ command: 'verify' });
    expect(routesOf(verified)).toEqual(completeMesh(1));
    const again = await deployment.requireRun(VERIFIED);
    expect(again.outputs).toMatchObject({ result: 'unchanged', changed: 'false' });
  });
});
