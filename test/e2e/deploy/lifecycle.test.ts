import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { completeMesh, readPodUids, routesOf } from '../../support/live-cluster.ts';
import { readObjectVersions } from '../../support/objects.ts';

describe('deploy with the published Role and restricted Pod Security', () => {
  let deployment: TestDeployment;

  beforeAll(async () => {
    deployment = await makeDeployment('lifecycle');
  });

  afterAll(async () => {
    await deployment.remove();
  });

  test('creates three servers with a complete mesh', async () => {
    const result = await deployment.requireRun();
    expect(result.outputs).toMatchObject({ result: 'deployed', changed: 'true', 'ready-replicas': '3' });
    expect(routesOf(result)).toEqual(completeMesh(3));
  });

  test('changes nothing in a second run', async () => {
    const before = await readObjectVersions(deployment);
    const { outputs } = await deployment.requireRun();
    expect(outputs).toMatchObject({ result: 'unchanged', changed: 'false' });
    expect(await readObjectVersions(deployment)).toEqual(before);
  });

  test('scales 3 → 5 → 1 → 3 without a restart of remaining pods, and deletes the objects of removed servers', async () => {
    const three = await readPodUids(deployment.space);
    const five = await deployment.requireRun({ replicas: '5' });
    expect(routesOf(five)).toEqual(completeMesh(5));
    expect(await readPodUids(deployment.space)).toMatchObject(three);

    await deployment.requireRun({ replicas: '1' });
    expect(await readPodUids(deployment.space)).toEqual({ 'nats-0': three['nats-0'] });
    expect(await podServices(deployment)).toEqual(['nats-0']);

    const again = await deployment.requireRun({ replicas: '3' });
    expect(routesOf(again)).toEqual(completeMesh(3));
    expect((await readPodUids(deployment.space))['nats-0']).toBe(three['nats-0']);
    expect(await podServices(deployment)).toEqual(['nats-0', 'nats-1', 'nats-2']);
  });

  test('recovers from the loss of the Secret with the users that it connects as', async () => {
    const { core, name: namespace } = deployment.space;
    const before = await readPodUids(deployment.space);
    await core.deleteNamespacedSecret({ name: 'nats-system', namespace });
    const result = await deployment.requireRun();
    expect(routesOf(result)).toEqual(completeMesh(3));
    expect(await readPodUids(deployment.space)).toEqual(before);
  });
});

async function podServices({ space }: TestDeployment): Promise<readonly string[]> {
  const { items } = await space.core.listNamespacedService({ namespace: space.name });
  const names = items.map(({ metadata }) => metadata?.name ?? '');
  return names.filter((name) => /^nats-\d+$/.test(name)).sort();
}
