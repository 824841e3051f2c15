import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { recordCase } from '../../faults/cases.ts';
import type { ActionResult } from '../../support/action.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { errorTitle, readPodUids, readSecret } from '../../support/live-cluster.ts';

const ANNA = '{user: anna, password: anna-password-1}';
const BOTH = { replicas: '2', users: `[{user: till, password: till-password-1}, ${ANNA}]` };
const ONE = { replicas: '2', users: `[${ANNA}]` };

describe('the effect of a change on clients and servers', () => {
  let deployment: TestDeployment;

  beforeAll(async () => {
    deployment = await makeDeployment('first-reload');
    await deployment.requireRun(BOTH);
  });

  afterAll(async () => {
    await deployment.remove();
  });

  test('has the same words in the plan, the log and the summary', async () => {
    const words = 'clients of till disconnected, no other client affected';
    const texts = ({ stdout, summary }: ActionResult): readonly boolean[] =>
      [stdout, summary].map((text) => text.includes(words));
    expect(texts(await deployment.requireRun({ ...ONE, command: 'plan' }))).toEqual([true, true]);
    const deployed = await deployment.requireRun(ONE);
    expect(texts(deployed)).toEqual([true, true]);
    expect(deployed.summary).not.toContain('no client disconnected');
    const met = { title: 'A3: a user is removed from users', line: new RegExp(words) };
    await recordCase({ slug: 'a3-a-user', ...met }, deployed, deployment);
  });

  /** `nats-server -t` accepts it, and a start refuses it (`validateOptions`). */
  test('stays limited to the first server, which is restored, if nats-server does not start with the change', async () => {
    const before = await readPodUids(deployment.space);
    const configuration = await readSecret(deployment.space, 'nats-config');
    const result = await deployment.run({ ...ONE, config: 'max_pending: 1024' });
    expect(errorTitle(result)).toBe('ROLLOUT_STALLED (ConfigurationError)');
    expect(result.stdout).toContain('nats-1 was restored, no other server was touched');
    expect((await readPodUids(deployment.space))['nats-0']).toBe(before['nats-0']);
    expect(await readSecret(deployment.space, 'nats-config')).toEqual(configuration);
    await deployment.requireRun({ command: 'verify' });
    expect((await deployment.requireRun(ONE)).outputs).toMatchObject({ result: 'unchanged', changed: 'false' });
  });
});
