import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readMetaGroup } from '../../e2e/deploy/jetstream.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { eventually } from '../../support/eventually.ts';
import { errorTitle, readPodUids } from '../../support/live-cluster.ts';
import { readObjectVersions } from '../../support/objects.ts';
import { makeTestStorage, type TestStorage } from '../../support/storage.ts';
import {
  awaitStreamLeader,
  findLostMessages,
  openStreamClient,
  type StreamClient,
  type StreamLoad,
  startStreamLoad,
} from '../../support/stream-client.ts';

type Texts = Readonly<Record<string, string>>;

const SINGLE = 20;

/** The streams with one replica. There are more than servers, so that the leaving servers have some of them. */
const ALONE = Array.from({ length: 12 }, (_, number) => `ALONE${number}`);

/**
 * The timeout: a removed peer is accepted again five minutes later (nats-server `server/raft.go`, `peerRemoveTimeout`).
 */
const PATIENT = { timeout: '9m' } as const;
const TEST_MS = 15 * 60_000;

describe.each(['nats:2.15.2', 'nats:2.10.29'])('a scale-down of five servers with streams on %s', (image) => {
  let deployment: TestDeployment;
  let storage: TestStorage;
  let so: Texts = {};
  const stored = new Map<string, ReadonlyMap<number, string>>();

  beforeAll(async () => {
    deployment = await makeDeployment('scale-down');
    storage = await makeTestStorage(deployment.space);
    so = { image, jetstream: 'true', 'jetstream-storage': '100Mi', 'jetstream-storage-class': storage.className };
    so = { ...so, 'jetstream-memory': '4Mi' };
    await deployment.requireRun({ ...so, replicas: '5' });
    await withClient(async (client) => {
      await create(client, 'ORDERS', 3);
      await create(client, 'WIDE', 5);
      for (const [number, name] of ALONE.entries()) {
        await create(client, name, 1, number % 4 === 3 ? 'memory' : 'file');
        stored.set(name, await published(client, name));
      }
      const owners = await Promise.all(ALONE.map(async (name) => await awaitStreamLeader(client, name)));
      expect(owners).toEqual(expect.arrayContaining(['nats-3', 'nats-4']));
      const config = { durable_name: 'worker', ack_policy: 'explicit' };
      for (const name of ['ORDERS', ...ALONE]) {
        const consumer = { stream_name: name, config };
        expect(await client.ask(`CONSUMER.DURABLE.CREATE.${name}.worker`, consumer)).not.toHaveProperty('error');
      }
    });
  });

  afterAll(async () => {
    await storage.remove();
    await deployment.remove();
  });

  async function withClient<Result>(work: (client: StreamClient) => Promise<Result>): Promise<Result> {
    const client = await openStreamClient(deployment.space, 'nats-0');
    try {
      return await work(client);
    } finally {
      await client.close();
    }
  }

  async function create(client: StreamClient, name: string, replicas: number, kind = 'file'): Promise<void> {
    const stream = { name, subjects: [`${name}.>`], num_replicas: replicas, storage: kind };
    expect(await client.ask(`STREAM.CREATE.${name}`, stream)).not.toHaveProperty('error');
  }

  /** Publishes messages. Returns only the acknowledged ones, because some servers may not know a new stream yet. */
  async function published(client: StreamClient, name: string): Promise<ReadonlyMap<number, string>> {
    const acknowledged = new Map<number, string>();
    for (let number = 0; number < SINGLE; number++) {
      const body = `${name} ${number}`;
      const seq = await eventually(`an acknowledgement of ${body}`, 30, async () => {
        const answer = await client.publish(`${name}.new`, body);
        return typeof answer['seq'] === 'number' ? answer['seq'] : undefined;
      });
      acknowledged.set(seq, body);
    }
    expect(acknowledged.size).toBe(SINGLE);
    return acknowledged;
  }

  async function killed(inputs: Texts, at: string): Promise<void> {
    const killer = new AbortController();
    const options = {
      signal: killer.signal,
      onLine: (line: string) => {
        if (line.startsWith(at)) killer.abort('SIGKILL');
      },
    };
    expect((await deployment.run({ ...so, ...inputs }, options)).exitCode).toBe(137);
  }

  /**
   * Publishes to the stream with three replicas while `work` runs, through a server that stays. Every message must be
   * acknowledged in the end.
   */
  async function underLoad(work: () => Promise<void>): Promise<void> {
    await withClient(async (client) => {
      const load: StreamLoad = startStreamLoad(client, 'ORDERS.new');
      try {
        await work();
      } finally {
        await load.stop();
      }
      expect(load.acknowledged.size).toBeGreaterThan(100);
      expect(await findLostMessages(client, 'ORDERS', load.acknowledged)).toEqual([]);
    });
  }

  async function expectWhole(servers: number): Promise<void> {
    const names = Array.from({ length: servers }, (_, ordinal) => `nats-${ordinal}`);
    expect(Object.keys(await readPodUids(deployment.space)).toSorted()).toEqual(names);
    const { leader, size } = await readMetaGroup(deployment.space);
    expect(names).toContain(leader);
    expect(size).toBe(servers);
    await withClient(async (client) => {
      for (const [name, messages] of stored) {
        expect(names).toContain(await awaitStreamLeader(client, name));
        expect([name, await findLostMessages(client, name, messages)]).toEqual([name, []]);
      }
      for (const name of ['ORDERS', ...ALONE]) {
        expect(await client.ask(`CONSUMER.INFO.${name}.worker`)).toMatchObject({ name: 'worker' });
      }
      const { cluster } = await client.ask('STREAM.INFO.ORDERS');
      expect(cluster).toMatchObject({ replicas: [{ current: true }, { current: true }] });
    });
  }

  test('is refused while a stream has five replicas, and nothing is changed', async () => {
    const before = await readObjectVersions(deployment);
    const refused = await deployment.run({ ...so, replicas: '3' });
    expect(errorTitle(refused)).toBe('CHANGE_FORBIDDEN (StreamReplicas)');
    expect(refused.stdout).toContain('/WIDE');
    expect(await readObjectVersions(deployment)).toEqual(before);
    await withClient(async (client) => {
      expect(await client.ask('STREAM.DELETE.WIDE')).not.toHaveProperty('error');
    });
  });

  test(
    'removes two under load without a loss, also after a kill while the first is drained',
    async () => {
      await underLoad(async () => {
        await killed({ replicas: '3' }, 'requested: move of ');
        expect(Object.keys(await readPodUids(deployment.space))).toHaveLength(5);
        const { outputs } = await deployment.requireRun({ ...so, replicas: '3', ...PATIENT });
        expect(outputs).toMatchObject({ result: 'deployed', 'ready-replicas': '3' });
      });
      await expectWhole(3);
      expect((await deployment.requireRun({ ...so, replicas: '3' })).outputs).toMatchObject({ result: 'unchanged' });
    },
    TEST_MS,
  );

  test(
    'lets two return to their old volumes, and removes one again, also after a kill before its pod is deleted',
    async () => {
      await underLoad(async () => {
        await deployment.requireRun({ ...so, replicas: '5', ...PATIENT });
      });
      await expectWhole(5);
      await killed({ replicas: '4' }, 'nats-4: left the JetStream meta group');
      expect((await readMetaGroup(deployment.space)).size).toBe(4);
      await deployment.requireRun({ ...so, replicas: '4', ...PATIENT });
      await expectWhole(4);
    },
    TEST_MS,
  );

  test('leaves at least two servers, which keep the NATS cluster', async () => {
    await withClient(async (client) => {
      const { config } = await client.ask('STREAM.INFO.ORDERS');
      const stream = { ...(typeof config === 'object' ? config : {}), num_replicas: 1 };
      expect(errorTitle(await deployment.run({ ...so, replicas: '2' }))).toBe('CHANGE_FORBIDDEN (StreamReplicas)');
      expect(await client.ask('STREAM.UPDATE.ORDERS', stream)).not.toHaveProperty('error');
    });
    await deployment.requireRun({ ...so, replicas: '2', ...PATIENT });
    await withClient(async (client) => {
      for (const [name, messages] of stored) {
        expect([name, await findLostMessages(client, name, messages)]).toEqual([name, []]);
      }
    });
    expect(errorTitle(await deployment.run({ ...so, replicas: '1' }))).toBe('CHANGE_FORBIDDEN (StandaloneJetStream)');
  });
});
