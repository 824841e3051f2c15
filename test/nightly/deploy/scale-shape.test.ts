import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readMetaGroup } from '../../e2e/deploy/jetstream.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { eventually } from '../../support/eventually.ts';
import { errorTitle, readPodUids, readSecret } from '../../support/live-cluster.ts';
import { startPodTimeline, unsafeEnds } from '../../support/pod-timeline.ts';
import { makeTestStorage, type TestStorage } from '../../support/storage.ts';
import { findLostMessages, openStreamClient, startStreamLoad } from '../../support/stream-client.ts';

type Texts = Readonly<Record<string, string>>;

const MEMORY = { jetstream: 'true', 'jetstream-storage': '0', 'jetstream-memory': '16Mi' } as const;
const GONE = 'StatefulSet nats was deleted without its pods';

/** The override that lets pods run only on these nodes. */
const TWO_NODES = `StatefulSet/servers:
  spec:
    template:
      spec:
        affinity:
          nodeAffinity:
            requiredDuringSchedulingIgnoredDuringExecution:
              nodeSelectorTerms:
                - matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [node-1, node-2]}]
`;

describe('servers of a NATS cluster with streams', () => {
  let deployment: TestDeployment;
  let storage: TestStorage;

  beforeAll(async () => {
    deployment = await makeDeployment('shape');
    storage = await makeTestStorage(deployment.space);
  });

  afterAll(async () => {
    await storage.remove();
    await deployment.remove();
  });

  async function killedAt(inputs: Texts, line: string): Promise<void> {
    const killing = new AbortController();
    const onLine = (logLine: string): void => {
      if (logLine.startsWith(line)) killing.abort('SIGKILL');
    };
    expect((await deployment.run(inputs, { signal: killing.signal, onLine })).exitCode).toBe(137);
  }

  /** Returns every configuration with which servers could have started while `work` ran. */
  async function configurationsDuring(work: () => Promise<unknown>): Promise<readonly string[]> {
    const seen = new Set<string>();
    let isOver = false;
    const watching = (async () => {
      while (!isOver) seen.add((await readSecret(deployment.space, 'nats-config'))['nats.conf'] ?? '');
    })();
    try {
      await work();
    } finally {
      isOver = true;
      await watching;
    }
    return [...seen];
  }

  const standalone = (configurations: readonly string[]): readonly string[] =>
    configurations.filter((text) => !/"?cluster"?\s*[:{]/.test(text));

  test('never run standalone, although two of three are missing when their StatefulSet is created again', async () => {
    const volumes = { ...MEMORY, 'jetstream-storage': '100Mi', 'jetstream-storage-class': storage.className };
    await deployment.requireRun(MEMORY);
    await killedAt(volumes, GONE);
    const { core, name: namespace } = deployment.space;
    for (const name of ['nats-1', 'nats-2']) await core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: 0 });
    await eventually('two pods gone', 60, async () => {
      return Object.keys(await readPodUids(deployment.space)).length === 1 || undefined;
    });
    const configurations = await configurationsDuring(async () => {
      expect((await deployment.requireRun(volumes)).outputs).toMatchObject({ 'ready-replicas': '3' });
    });
    expect(configurations.length).toBeGreaterThan(0);
    expect(standalone(configurations)).toEqual([]);
    expect(await readMetaGroup(deployment.space)).toMatchObject({ size: 3 });
  });

  test('never run standalone, although one is left when rotate starts', async () => {
    const ref = { name: 'nats', namespace: deployment.space.name };
    const scale = { body: [{ op: 'replace', path: '/spec/replicas', value: 1 }] };
    await deployment.apps.patchNamespacedStatefulSet({ ...ref, ...scale });
    const configurations = await configurationsDuring(async () => {
      await deployment.run({ command: 'rotate', force: 'true', timeout: '40s' });
    });
    expect(standalone(configurations)).toEqual([]);
  });

  test('are refused volumes of a standalone server', async () => {
    const { className } = storage;
    const alone = { name: 'alone', replicas: '1', jetstream: 'true', 'jetstream-storage': '10Mi' };
    const kept = { ...alone, 'jetstream-storage-class': className };
    await deployment.requireRun(kept);
    const kubeconfig = process.env['KUBECONFIG'] ?? ''; // The published Role of `deploy` may not delete objects.
    await deployment.requireRun({ command: 'delete', name: 'alone', kubeconfig, namespace: deployment.space.name });
    expect(errorTitle(await deployment.run({ ...kept, replicas: '3' }))).toBe('CHANGE_FORBIDDEN (StandaloneJetStream)');
    await deployment.requireRun(kept);
  });
});

describe('the removal of a server', () => {
  let deployment: TestDeployment;

  beforeAll(async () => {
    deployment = await makeDeployment('leaves');
  });

  afterAll(async () => {
    await deployment.remove();
  });

  test.each([
    ['with streams', { name: 'nats', ...MEMORY }],
    ['without streams', { name: 'plain' }],
  ])('%s frees its node for the remaining servers, without a restart before it', async (_, given) => {
    const { space, requireRun } = deployment;
    const inputs = { ...given, overrides: TWO_NODES };
    await requireRun({ ...inputs, 'anti-affinity': 'none' });
    const stored = 'jetstream' in given ? await storedMessages() : new Map<number, string>();
    const timeline = await startPodTimeline(space);
    const smaller = { ...inputs, replicas: '2', 'anti-affinity': 'required', timeout: '5m' };
    expect((await requireRun(smaller)).outputs).toMatchObject({ 'ready-replicas': '2' });
    timeline.stop();
    const moments = timeline.moments();
    const servers = [0, 1].map((ordinal) => `${given.name}-${ordinal}`);
    expect(unsafeEnds(moments, { servers, struck: new Set() })).toEqual([]);
    const leaving = moments.filter(({ name }) => name === `${given.name}-2`);
    expect(new Set(leaving.map(({ uid }) => uid)).size).toBe(1);
    if (stored.size > 0) await expectStored(stored);
    expect((await requireRun(smaller)).outputs).toMatchObject({ result: 'unchanged' });
  });

  async function storedMessages(): Promise<ReadonlyMap<number, string>> {
    const client = await openStreamClient(deployment.space, 'nats-0');
    const stream = { name: 'ORDERS', subjects: ['ORDERS.>'], num_replicas: 2, storage: 'memory' };
    expect(await client.ask('STREAM.CREATE.ORDERS', stream)).not.toHaveProperty('error');
    const load = startStreamLoad(client, 'ORDERS.new');
    await eventually('messages', 60, async () => load.acknowledged.size >= 20 || undefined);
    await load.stop();
    await client.close();
    return load.acknowledged;
  }

  async function expectStored(messages: ReadonlyMap<number, string>): Promise<void> {
    const client = await openStreamClient(deployment.space, 'nats-1');
    expect(await findLostMessages(client, 'ORDERS', messages)).toEqual([]);
    await client.close();
  }
});
