import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ActionResult } from '../../support/action.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { errorTitle, podUids, secretTexts } from '../../support/live-cluster.ts';

const ANNA = '{user: anna, password: anna-password-1}';
const BOTH = { replicas: '2', users: `[{user: till, password: till-password-1}, ${ANNA}]` };
const ONE = { replicas: '2', users: `[${ANNA}]` };

describe('what a reload does to clients', () => {
  let deployment: TestDeployment;

  beforeAll(async () => {
    deployment = await makeDeployment('first-reload');
    await deployment.requireRun(BOTH);
  });

  afterAll(async () => {
    await deployment.remove();
  });

  test('is said by the plan, the log and the summary in the same words', async () => {
    const said = 'clients of till disconnected, nobody else';
    const texts = ({ stdout, summary }: ActionResult): readonly boolean[] =>
      [stdout, summary].map((text) => text.includes(said));
    expect(texts(await deployment.requireRun({ ...ONE, command: 'plan' }))).toEqual([true, true]);
    const deployed = await deployment.requireRun(ONE);
    expect(texts(deployed)).toEqual([true, true]);
    expect(deployed.summary).not.toContain('no client disconnected');
  });

  test('is seen on the first server alone: where it lets nobody in it has back what it had, and so have the objects', async () => {
    const before = await podUids(deployment.space);
    const configuration = await secretTexts(deployment.space, 'nats-config');
    const result = await deployment.run({ ...ONE, config: 'authorization { timeout: 0.0001 }' });
    expect(errorTitle(result)).toMatch(/^ROLLOUT_STALLED/);
    expect(result.stdout).toContain('nats-0 was first, and does not hold the change');
    expect(result.stdout).toContain('nats-0 has back what it had, no other server was touched');
    expect((await podUids(deployment.space))['nats-1']).toBe(before['nats-1']);
    expect(await secretTexts(deployment.space, 'nats-config')).toEqual(configuration);
    await deployment.requireRun({ command: 'verify' });
    expect((await deployment.requireRun(ONE)).outputs).toMatchObject({ result: 'unchanged', changed: 'false' });
  });
});
