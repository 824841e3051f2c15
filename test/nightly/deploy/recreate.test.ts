import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { completeMesh, errorTitle, readPodUids, routesOf } from '../../support/live-cluster.ts';
import { makeTestStorage, type TestStorage } from '../../support/storage.ts';
import { findLostMessages, openStreamClient, startStreamLoad } from '../../support/stream-client.ts';

type Texts = Readonly<Record<string, string>>;

const IN_MEMORY = { jetstream: 'true', 'jetstream-storage': '0', 'jetstream-memory': '16Mi' } as const;
const STREAM = { name: 'ORDERS', subjects: ['ORDERS.>'], num_replicas: 3, storage: 'memory' } as const;
const ORDERED = { overrides: 'StatefulSet/servers: {spec: {podManagementPolicy: OrderedReady}}' } as const;
const GONE = 'StatefulSet nats was deleted without its pods';

describe('servers with memory streams', () => {
  let deployment: TestDeployment;
  let storage: TestStorage;
  let volumes: Texts = {};

  beforeAll(async () => {
    deployment = await makeDeployment('recreate');
    storage = await makeTestStorage(deployment.space);
    volumes = { ...IN_MEMORY, 'jetstream-storage': '100Mi', 'jetstream-storage-class': storage.className };
    await deployment.requireRun(IN_MEMORY);
    const client = await openStreamClient(deployment.space, 'nats-0');
    expect(await client.ask('STREAM.CREATE.ORDERS', STREAM)).not.toHaveProperty('error');
    await client.close();
  });

  afterAll(async () => {
    await storage.remove();
    await deployment.remove();
  });

  /** Publishes to the stream while `work` runs, through the server that is replaced last. */
  async function underLoad(work: () => Promise<void>): Promise<void> {
    const publisher = await openStreamClient(deployment.space, 'nats-2');
    const load = startStreamLoad(publisher, 'ORDERS.new');
    try {
      await work();
    } finally {
      await load.stop();
      await publisher.close();
    }
    const reader = await openStreamClient(deployment.space, 'nats-0');
    expect(load.acknowledged.size).toBeGreaterThan(100);
    expect(await findLostMessages(reader, 'ORDERS', load.acknowledged)).toEqual([]);
    await reader.close();
  }

  async function killedAt(inputs: Texts, line: string): Promise<void> {
    const killing = new AbortController();
    const onLine = (logLine: string): void => {
      if (logLine.startsWith(line)) killing.abort('SIGKILL');
    };
    expect((await deployment.run(inputs, { signal: killing.signal, onLine })).exitCode).toBe(137);
  }

  const replaced = (stdout: string): readonly string[] => stdout.match(/^restarting nats-\d(?= \()/gm) ?? [];

  test('are restarted only after a warning that names the streams with one replica', async () => {
    const { space, run, requireRun } = deployment;
    const warned = /^::warning title=Streams in memory::.*?: \$G\/CACHE\. .*--replicas 3/m;
    const client = await openStreamClient(space, 'nats-0');
    const cache = { name: 'CACHE', subjects: ['CACHE'], num_replicas: 1, storage: 'memory' };
    expect(await client.ask('STREAM.CREATE.CACHE', cache)).not.toHaveProperty('error');
    await client.close();
    const inputs = { ...IN_MEMORY, resources: '{requests: {cpu: 20m, memory: 48Mi}}' };
    expect((await run({ ...inputs, command: 'plan' })).stdout).toMatch(warned);
    expect((await requireRun({ ...IN_MEMORY, debug: 'true' })).stdout).not.toContain('Streams in memory');
    expect((await requireRun(inputs)).stdout).toMatch(warned);
    const later = await openStreamClient(space, 'nats-0');
    expect(await later.ask('STREAM.DELETE.CACHE', {})).toHaveProperty('success', true);
    await later.close();
    expect((await requireRun(IN_MEMORY)).stdout).not.toContain('Streams in memory');
  });

  test('return to the verified state without a loss if their new volumes cannot be provisioned', async () => {
    const nowhere = { ...volumes, 'jetstream-storage-class': 'nowhere', 'rollback-on-failure': 'true' };
    await underLoad(async () => {
      const ended = await deployment.run({ ...nowhere, timeout: '3m' });
      expect(errorTitle(ended)).toMatch(/^ROLLOUT_STALLED/);
      expect(ended.stdout).toContain('rolled back to the last verified state and verified again');
    });
    expect((await deployment.requireRun(IN_MEMORY)).outputs).toMatchObject({ changed: 'false' });
    const claims = await deployment.space.core.listNamespacedPersistentVolumeClaim({
      namespace: deployment.space.name,
    });
    for (const { metadata } of claims.items) {
      const name = metadata?.name ?? '';
      await deployment.space.core.deleteNamespacedPersistentVolumeClaim({ name, namespace: deployment.space.name });
    }
  });

  test('are replaced by servers with volumes one after the other, over several killed runs, and can be scaled afterwards', async () => {
    const { space, requireRun } = deployment;
    const before = await readPodUids(space);
    await underLoad(async () => {
      await killedAt(volumes, GONE);
      expect(await readPodUids(space)).toEqual(before);
      await killedAt(volumes, 'restarting nats-1 (');
      const { stdout, outputs } = await requireRun({ ...volumes, replicas: '5' });
      expect(replaced(stdout).at(-1)).toBe('restarting nats-2');
      expect(outputs).toMatchObject({ result: 'deployed' });
    });
    const after = await readPodUids(space);
    expect(Object.keys(after)).toHaveLength(5);
    expect(Object.values(after).filter((uid) => Object.values(before).includes(uid))).toEqual([]);
    const claims = await space.core.listNamespacedPersistentVolumeClaim({ namespace: space.name });
    expect(claims.items.map(({ status }) => status?.phase)).toEqual(Array.from({ length: 5 }, () => 'Bound'));
    expect((await requireRun({ ...volumes, replicas: '5' })).outputs).toMatchObject({ changed: 'false' });
    expect((await requireRun({ command: 'verify' })).outputs).toMatchObject({ result: 'verified' });
  });

  test('keep their volumes after they have used them', async () => {
    const before = await readPodUids(deployment.space);
    expect(errorTitle(await deployment.run({ ...IN_MEMORY, replicas: '5' }))).toMatch(/^CHANGE_FORBIDDEN/);
    expect(await readPodUids(deployment.space)).toEqual(before);
  });
});

describe('servers of a StatefulSet with an immutable field in `overrides`', () => {
  let deployment: TestDeployment;

  beforeAll(async () => {
    deployment = await makeDeployment('recreate-ordered');
    await deployment.requireRun({ replicas: '5' });
  });

  afterAll(async () => {
    await deployment.remove();
  });

  test('are replaced one after the other, and can be removed afterwards', async () => {
    const { space, requireRun } = deployment;
    const before = Object.values(await readPodUids(space));
    const changed = await requireRun(ORDERED);
    expect(changed.stdout).toMatch(/^change: overrides: .*\(recreate: /m);
    expect(routesOf(changed)).toEqual(completeMesh(3));
    const after = await readPodUids(space);
    expect(Object.keys(after).toSorted()).toEqual(['nats-0', 'nats-1', 'nats-2']);
    expect(Object.values(after).filter((uid) => before.includes(uid))).toEqual([]);
    expect((await requireRun(ORDERED)).outputs).toMatchObject({ changed: 'false' });
  });
});
