import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { errorTitle } from '../../support/live-cluster.ts';
import { MERGE, readObjectVersions } from '../../support/objects.ts';
import { planThenDeploy, requirePlan } from '../../support/plan-comparison.ts';

const TWO = { replicas: '2', 'client-password': 'canary/client%9a1' } as const;
const LIMITED = { ...TWO, 'max-payload': '64KB' } as const;
const THREE = { ...LIMITED, replicas: '3' } as const;
const SMALL = { ...THREE, resources: '{requests: {cpu: 50m, memory: 64Mi}}' } as const;

describe('a plan', () => {
  let deployment: TestDeployment;

  beforeAll(async () => {
    deployment = await makeDeployment('plan');
  });

  afterAll(async () => {
    await deployment.remove();
  });

  test('of a new NATS cluster creates everything, and is the same each time', async () => {
    const first = await requirePlan(deployment, TWO);
    expect((await requirePlan(deployment, TWO)).summary).toBe(first.summary);
    const { planned, plan } = await planThenDeploy(deployment, TWO);
    expect(new Set(Object.values(planned))).toEqual(new Set(['create objects', 'create scale']));
    expect(plan.stdout).toMatch(/^servers: start of 2 servers: nats-0, nats-1$/m);
  });

  test('of a limit announces a reload, and deploy keeps every pod', async () => {
    const { planned, plan, deployed, kept } = await planThenDeploy(deployment, LIMITED);
    expect(planned).toEqual({ 'Secret/nats-system': 'update objects', 'Secret/nats-config': 'update reload' });
    expect(plan.stdout).toMatch(/^servers: reload of 2 servers, no client disconnected: nats-0, nats-1$/m);
    expect(deployed.summary).toContain('Servers reloaded, no client disconnected (2)');
    expect(kept).toEqual({ 'nats-0': true, 'nats-1': true });
  });

  test('of one more server announces its start and a reload of the others', async () => {
    const { planned, plan, kept } = await planThenDeploy(deployment, THREE);
    expect(planned).toMatchObject({ 'Service/nats-2': 'create objects', 'StatefulSet/nats': 'update scale' });
    expect(plan.stdout).toMatch(/^servers: start of 1 server: nats-2$/m);
    expect(kept).toEqual({ 'nats-0': true, 'nats-1': true });
  });

  test('of other resources announces a rolling restart, with the lines that differ', async () => {
    const { planned, plan, kept } = await planThenDeploy(deployment, SMALL);
    expect(planned).toEqual({ 'Secret/nats-system': 'update objects', 'StatefulSet/nats': 'update rolling' });
    expect(plan.summary).toMatch(/^-\s+cpu: 100m\n-\s+memory: 128Mi\n\+\s+cpu: 50m\n\+\s+memory: 64Mi$/m);
    expect(plan.summary).not.toMatch(/managedFields|resourceVersion|observedGeneration/);
    expect(kept).toEqual({ 'nats-0': false, 'nats-1': false, 'nats-2': false });
  });

  test('refuses the changes that deploy refuses, and changes nothing', async () => {
    const before = await readObjectVersions(deployment);
    const refused = { ...SMALL, 'client-password': 'canary/other%1' };
    const titles = [];
    for (const command of ['plan', 'deploy']) {
      titles.push(errorTitle(await deployment.run({ ...refused, command })));
    }
    expect(titles).toEqual(Array.from({ length: 2 }, () => 'CHANGE_FORBIDDEN (CredentialsInUse)'));
    expect(await readObjectVersions(deployment)).toEqual(before);
  });

  test('reports a field conflict as deploy does, and with `allow` the fields that deploy would take', async () => {
    const { apps, run, space } = deployment;
    const ref = { name: 'nats', namespace: space.name };
    const body = { spec: { revisionHistoryLimit: 7 } };
    await apps.patchNamespacedStatefulSet({ ...ref, body, fieldManager: 'kubectl-edit' }, MERGE);
    const title = 'APPLY_CONFLICT (FieldManagerConflict)';
    expect([errorTitle(await run({ ...SMALL, command: 'plan' })), errorTitle(await run(SMALL))]).toEqual([
      title,
      title,
    ]);
    const { planned, plan } = await planThenDeploy(deployment, { ...SMALL, allow: 'conflicts' });
    expect(planned).toEqual({ 'StatefulSet/nats': 'update objects' });
    expect(plan.summary).toMatch(/^-\s+revisionHistoryLimit: 7$/m);
  });
});
