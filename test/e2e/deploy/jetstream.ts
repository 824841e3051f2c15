import { expect } from '@jest/globals';
import type { TestDeployment } from '../../support/deployment.ts';
import { eventually } from '../../support/eventually.ts';
import { errorTitle, readPodUids, readServerVariables } from '../../support/live-cluster.ts';
import type { TestNamespace } from '../../support/namespace.ts';
import { makeTestStorage, type TestStorage } from '../../support/storage.ts';
import {
  awaitStreamLeader,
  findLostMessages,
  openStreamClient,
  openSystemClient,
  startStreamLoad,
} from '../../support/stream-client.ts';

const MIB = 2 ** 20;

const ROTATION = {
  command: 'rotate',
  force: 'true',
  'rotate-targets': 'certificates, route-ca, ca',
  'ca-overlap': '0s',
};

type Texts = Readonly<Record<string, string>>;

export async function jetstreamWorks(deployment: TestDeployment): Promise<void> {
  const storage = await makeTestStorage(deployment.space);
  try {
    const given = {
      jetstream: 'true',
      'jetstream-storage': '100Mi',
      'jetstream-storage-class': storage.className,
      'jetstream-memory': '1Mi',
    };
    const deployed = await deployment.requireRun(given);
    expect(deployed.outputs).toMatchObject({ result: 'deployed' });
    expect((await deployment.requireRun(given)).outputs).toMatchObject({ result: 'unchanged', changed: 'false' });
    await storesWork(deployment, storage);
    await rotationKeepsStreams(deployment);
    await restartKeepsStreams(deployment);
    await changesAreRefused(deployment, given);
  } finally {
    await storage.remove();
  }
}

async function storesWork({ space }: TestDeployment, { className }: TestStorage): Promise<void> {
  const { items } = await space.core.listNamespacedPersistentVolumeClaim({ namespace: space.name });
  const claims = items.map(({ metadata, spec, status }) => [metadata?.name, spec?.storageClassName, status?.phase]);
  expect(claims).toEqual([0, 1, 2].map((pod) => [`jetstream-nats-${pod}`, className, 'Bound']));
  const { jetstream } = await readServerVariables(space, 'nats-0');
  const limits = { max_storage: 90 * MIB, max_memory: MIB, store_dir: '/data/jetstream/jetstream' };
  expect(jetstream).toMatchObject({ config: limits, meta: { cluster_size: 3, leader: expect.any(String) } });
}

/** Checks that a rotation keeps streams under a load that never pauses. */
async function rotationKeepsStreams({ space, requireRun }: TestDeployment): Promise<void> {
  const uids = await readPodUids(space);
  const client = await openStreamClient(space, 'nats-0');
  try {
    expect(await client.ask('STREAM.CREATE.ORDERS', stream('ORDERS', 3))).not.toHaveProperty('error');
    const load = startStreamLoad(client, 'ORDERS.new');
    try {
      expect((await requireRun(ROTATION)).outputs).toMatchObject({ result: 'rotated', 'rotation-phase': 'idle' });
    } finally {
      await load.stop();
    }
    expect(load.refused).toEqual([]);
    expect(load.acknowledged.size).toBeGreaterThan(100);
    expect(await findLostMessages(client, 'ORDERS', load.acknowledged)).toEqual([]);
    expect(await readPodUids(space)).toEqual(uids);
  } finally {
    await client.close();
  }
}

/** Checks that the volume of a restarted server returns a stream of which no other server has a copy. */
async function restartKeepsStreams({ space, requireRun }: TestDeployment): Promise<void> {
  const first = await openStreamClient(space, 'nats-0');
  expect(await first.ask('STREAM.CREATE.ALONE', stream('ALONE', 1))).not.toHaveProperty('error');
  const owner = await awaitStreamLeader(first, 'ALONE');
  const alone = startStreamLoad(first, 'ALONE.new');
  await eventually('messages on one server', 60, async () => alone.acknowledged.size >= 20 || undefined);
  await alone.stop();
  await first.close();

  const client = await openStreamClient(space, owner === 'nats-0' ? 'nats-1' : 'nats-0');
  const load = startStreamLoad(client, 'ORDERS.new');
  try {
    await replacePod(space, owner);
    expect((await requireRun({ command: 'verify' })).outputs).toMatchObject({ result: 'verified' });
  } finally {
    await load.stop();
  }
  expect(await awaitStreamLeader(client, 'ALONE')).toBe(owner);
  expect(await findLostMessages(client, 'ALONE', alone.acknowledged)).toEqual([]);
  expect(load.acknowledged.size).toBeGreaterThan(20);
  expect(await findLostMessages(client, 'ORDERS', load.acknowledged)).toEqual([]);
  await client.close();
}

function stream(name: string, replicas: number, storage = 'file'): object {
  return { name, subjects: [`${name}.>`], num_replicas: replicas, storage };
}

async function replacePod(space: TestNamespace, name: string): Promise<void> {
  const before = await readPodUids(space);
  await space.core.deleteNamespacedPod({ name, namespace: space.name });
  await eventually(`another ${name}`, 120, async () => {
    const { items } = await space.core.listNamespacedPod({ namespace: space.name });
    const pod = items.find(({ metadata }) => metadata?.name === name && metadata.uid !== before[name]);
    return pod?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') || undefined;
  });
}

const MEMORY = { jetstream: 'true', 'jetstream-storage': '0', 'jetstream-memory': '16Mi' } as const;

/**
 * Checks a rolling change of streams in memory. Every restarted server loses its copy, so the next one may restart only
 * when the copy is restored.
 */
export async function rollingKeepsMemory({ space, requireRun, run }: TestDeployment): Promise<void> {
  await requireRun(MEMORY);
  const uids = await readPodUids(space);
  const publisher = await openStreamClient(space, 'nats-2', { others: ['nats-0', 'nats-1'] });
  expect(await publisher.ask('STREAM.CREATE.ORDERS', stream('ORDERS', 3, 'memory'))).not.toHaveProperty('error');
  const load = startStreamLoad(publisher, 'ORDERS.new');
  try {
    await requireRun({ ...MEMORY, resources: '{requests: {cpu: 50m, memory: 64Mi}}' });
  } finally {
    await load.stop();
    await publisher.close();
  }
  expect(Object.values(await readPodUids(space)).filter((uid) => Object.values(uids).includes(uid))).toEqual([]);
  const reader = await openStreamClient(space, 'nats-1');
  expect(load.acknowledged.size).toBeGreaterThan(100);
  expect(await findLostMessages(reader, 'ORDERS', load.acknowledged)).toEqual([]);
  await reader.close();
  await gateAsksForWholeGroup({ space, run });
}

/**
 * Checks an upgrade. Each server converts its store at its start, and the next may restart only when the previous one
 * has caught up.
 */
export async function upgradesKeepStreams({ space, requireRun, run }: TestDeployment): Promise<void> {
  const { className, remove } = await makeTestStorage(space);
  try {
    const given = { jetstream: 'true', 'jetstream-storage': '100Mi', 'jetstream-storage-class': className };
    await requireRun({ ...given, image: 'nats:2.10.29' });
    const first = await openStreamClient(space, 'nats-0');
    expect(await first.ask('STREAM.CREATE.ORDERS', stream('ORDERS', 3))).not.toHaveProperty('error');
    expect(await first.ask('STREAM.CREATE.ALONE', stream('ALONE', 1))).not.toHaveProperty('error');
    const alone = startStreamLoad(first, 'ALONE.new');
    await eventually('messages on one server', 60, async () => alone.acknowledged.size >= 20 || undefined);
    await alone.stop();
    await first.close();
    for (const image of ['nats:2.12.15', 'nats:2.15.2']) {
      const publisher = await openStreamClient(space, 'nats-2', { others: ['nats-0', 'nats-1'] });
      const load = startStreamLoad(publisher, 'ORDERS.new');
      try {
        expect((await requireRun({ ...given, image })).outputs).toMatchObject({ result: 'deployed' });
      } finally {
        await load.stop();
        await publisher.close();
      }
      const reader = await openStreamClient(space, 'nats-1');
      expect(load.acknowledged.size).toBeGreaterThan(100);
      expect(await findLostMessages(reader, 'ORDERS', load.acknowledged)).toEqual([]);
      expect(await findLostMessages(reader, 'ALONE', alone.acknowledged)).toEqual([]);
      await reader.close();
    }
    expect(errorTitle(await run({ ...given, image: 'nats:2.12.15' }))).toBe('CHANGE_FORBIDDEN (Downgrade)');
    await scalingKeepsStreams({ space, requireRun }, { ...given, image: 'nats:2.15.2', replicas: '5' });
  } finally {
    await remove();
  }
}

async function scalingKeepsStreams(
  { space, requireRun }: Pick<TestDeployment, 'space' | 'requireRun'>,
  inputs: Texts,
): Promise<void> {
  const uids = await readPodUids(space);
  const client = await openStreamClient(space, 'nats-0');
  const load = startStreamLoad(client, 'ORDERS.new');
  try {
    expect((await requireRun(inputs)).outputs).toMatchObject({ result: 'deployed', 'ready-replicas': '5' });
  } finally {
    await load.stop();
  }
  expect(await readPodUids(space)).toMatchObject(uids);
  expect(load.refused).toEqual([]);
  expect(await findLostMessages(client, 'ORDERS', load.acknowledged)).toEqual([]);
  await client.close();
}

/**
 * Checks that the gate requires the whole meta group, even if the routes are complete. The test removes a server that
 * is not the leader, because a leader that removes itself does not answer.
 */
async function gateAsksForWholeGroup({ space, run }: Pick<TestDeployment, 'space' | 'run'>): Promise<void> {
  const { leader } = await readMetaGroup(space);
  const system = await openSystemClient(space, 'nats-0');
  const peer = leader === 'nats-2' ? 'nats-1' : 'nats-2';
  expect(await system.ask('SERVER.REMOVE', { peer })).toMatchObject({ success: true });
  await system.close();
  await eventually('a smaller meta group', 60, async () => (await readMetaGroup(space)).size === 2 || undefined);
  expect(errorTitle(await run({ command: 'verify' }))).toBe('MESH_INCOMPLETE (MetaGroupSize)');
}

/** Reads the meta group as `nats-0` sees it. */
export async function readMetaGroup(
  space: TestNamespace,
): Promise<{ readonly leader: unknown; readonly size: unknown }> {
  const { jetstream } = await readServerVariables(space, 'nats-0');
  const meta: unknown =
    typeof jetstream === 'object' && jetstream !== null ? Reflect.get(jetstream, 'meta') : undefined;
  const group = typeof meta === 'object' && meta !== null ? meta : {};
  return { leader: Reflect.get(group, 'leader'), size: Reflect.get(group, 'cluster_size') };
}

/** Checks a standalone server: it has neither routes nor a leader, and the other checks still run. */
export async function standaloneWorks(deployment: TestDeployment): Promise<void> {
  const { space, requireRun, run } = deployment;
  const alone = { ...MEMORY, replicas: '1' };
  await requireRun(alone);
  expect((await requireRun(alone)).outputs).toMatchObject({ result: 'unchanged', routes: '{"nats-0":{}}' });
  const client = await openStreamClient(space, 'nats-0');
  expect(await client.ask('STREAM.CREATE.ORDERS', stream('ORDERS', 1, 'memory'))).not.toHaveProperty('error');
  const load = startStreamLoad(client, 'ORDERS.new');
  expect((await requireRun(ROTATION)).outputs).toMatchObject({ result: 'rotated' });
  await load.stop();
  expect([load.refused, await findLostMessages(client, 'ORDERS', load.acknowledged)]).toEqual([[], []]);
  await client.close();
  expect((await requireRun({ command: 'verify' })).outputs).toMatchObject({ result: 'verified' });
  expect(errorTitle(await run({ ...alone, replicas: '3' }))).toBe('CHANGE_FORBIDDEN (StandaloneJetStream)');
  await missingClassIsTold(deployment);
}

/** Checks that the error for a missing class names the input `jetstream-storage-class`, which corrects it. */
async function missingClassIsTold({ run }: TestDeployment): Promise<void> {
  const lost = { name: 'lost', replicas: '1', jetstream: 'true', 'jetstream-storage-class': 'absent' };
  const failed = await run(lost);
  expect(errorTitle(failed)).toBe('ROLLOUT_STALLED (StorageClassMissing)');
  expect(failed.stdout).toContain('jetstream-storage-class');
}

/** Checks that these changes are refused before any write. */
async function changesAreRefused({ run }: TestDeployment, given: Texts): Promise<void> {
  const refusals = [
    { ...given, 'jetstream-storage': '200Mi' },
    { ...given, replicas: '1' },
    { jetstream: 'false' },
    { ...given, image: 'nats:2.12.15' },
  ].map(async (inputs) => errorTitle(await run(inputs)));
  expect(await Promise.all(refusals)).toEqual([
    'CHANGE_FORBIDDEN (VolumeInUse)',
    'CHANGE_FORBIDDEN (StandaloneJetStream)',
    'CHANGE_FORBIDDEN (JetStreamInUse)',
    'CHANGE_FORBIDDEN (Downgrade)',
  ]);
}
