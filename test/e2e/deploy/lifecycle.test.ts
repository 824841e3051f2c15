import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';

describe('deploy, with the published Role only, under restricted PodSecurity', () => {
  let deployment: TestDeployment;

  beforeAll(async () => {
    deployment = await makeDeployment('lifecycle');
  });

  afterAll(async () => {
    await deployment.remove();
  });

  test('makes three servers with a complete mesh out of nothing', async () => {
    const { outputs } = await deployment.requireRun();
    expect(outputs).toMatchObject({ result: 'deployed', changed: 'true', 'ready-replicas': '3' });
    expect(JSON.parse(outputs['routes'] ?? '')).toEqual(mesh(3));
  });

  test('changes nothing the second time', async () => {
    const before = await state(deployment);
    const { outputs } = await deployment.requireRun();
    expect(outputs).toMatchObject({ result: 'unchanged', changed: 'false' });
    expect(await state(deployment)).toEqual(before);
  });

  test('scales 3 → 5 → 1 → 3, leaves running pods alone and removes what no longer belongs', async () => {
    const three = await podUids(deployment);
    const five = await deployment.requireRun({ replicas: '5' });
    expect(JSON.parse(five.outputs['routes'] ?? '')).toEqual(mesh(5));
    expect(await podUids(deployment)).toMatchObject(three);

    await deployment.requireRun({ replicas: '1' });
    expect(await podUids(deployment)).toEqual({ 'nats-0': three['nats-0'] });
    expect(await podServices(deployment)).toEqual(['nats-0']);

    const again = await deployment.requireRun({ replicas: '3' });
    expect(JSON.parse(again.outputs['routes'] ?? '')).toEqual(mesh(3));
    expect((await podUids(deployment))['nats-0']).toBe(three['nats-0']);
    expect(await podServices(deployment)).toEqual(['nats-0', 'nats-1', 'nats-2']);
  });
});

/** Four connections to each peer: a pool of three and the system account's own. */
function mesh(servers: number): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const names = Array.from({ length: servers }, (_, index) => `nats-${index}`);
  const peers = (name: string): Readonly<Record<string, number>> =>
    Object.fromEntries(names.filter((peer) => peer !== name).map((peer) => [peer, 4]));
  return Object.fromEntries(names.map((name) => [name, peers(name)]));
}

async function podUids({ space }: TestDeployment): Promise<Readonly<Record<string, string>>> {
  const { items } = await space.core.listNamespacedPod({ namespace: space.name });
  return Object.fromEntries(items.map(({ metadata }) => [metadata?.name ?? '', metadata?.uid ?? '']));
}

async function podServices({ space }: TestDeployment): Promise<readonly string[]> {
  const { items } = await space.core.listNamespacedService({ namespace: space.name });
  const names = items.map(({ metadata }) => metadata?.name ?? '');
  return names.filter((name) => /^nats-\d+$/.test(name)).sort();
}

/** What a run that changes nothing must leave as it was. */
async function state({ space, apps }: TestDeployment): Promise<unknown> {
  const namespace = space.name;
  const lists = [
    await space.core.listNamespacedSecret({ namespace }),
    await space.core.listNamespacedService({ namespace }),
    await space.core.listNamespacedPod({ namespace }),
    await apps.listNamespacedStatefulSet({ namespace }),
  ];
  const objects = lists.flatMap(
    ({ items }): readonly { metadata?: { name?: string; resourceVersion?: string } }[] => items,
  );
  return objects.map(({ metadata }) => [metadata?.name, metadata?.resourceVersion]);
}
