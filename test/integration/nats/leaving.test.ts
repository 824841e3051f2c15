import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { NatsConnection } from '@nats-io/transport-node';
import { chooseDrainStep, createDrainRequests } from '../../../src/nats/mesh/drain.ts';
import { createJetStreamObserver, type JetStreamObserver } from '../../../src/servers/observers.ts';
import { NATS_SERVER_VERSIONS } from '../../cluster/versions.ts';
import { eventually } from '../../support/eventually.ts';
import { type LoopbackCluster, makeLoopbackCluster, type Place, users } from './loopback-cluster.ts';

const MIB = 2 ** 20;
const MESSAGES = 10;
const LIMIT_SECONDS = 90;

let cluster: LoopbackCluster;
let folder: string;

beforeEach(async () => {
  cluster = await makeLoopbackCluster();
  folder = await mkdtemp(join(tmpdir(), 'leaving-'));
});

afterEach(async () => {
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The fields of a JetStream answer that this test reads. */
type StreamAnswer = {
  readonly error?: object;
  readonly state: { readonly messages: number };
  readonly cluster: { readonly leader: string; readonly replicas?: readonly { readonly name: string }[] };
};

/** Sends a request again until it is answered, because a group without a leader does not answer. */
async function ask(client: NatsConnection, subject: string, body: object = {}): Promise<StreamAnswer> {
  return await eventually(`an answer to ${subject}`, LIMIT_SECONDS, async () => {
    const answer = await client.request(subject, JSON.stringify(body), { timeout: 2000 }).catch(() => undefined);
    return answer?.json<StreamAnswer>();
  });
}

async function holdersOf(client: NatsConnection, stream: string): Promise<readonly string[]> {
  const { cluster: group } = await ask(client, `$JS.API.STREAM.INFO.${stream}`);
  return [group.leader, ...(group.replicas ?? []).map((other) => other.name)];
}

/** Creates a new stream, with its messages. */
async function fill(
  client: NatsConnection,
  { name, replicas }: { readonly name: string; readonly replicas: number },
): Promise<void> {
  const created = { name, subjects: [`${name}.>`], num_replicas: replicas, storage: 'file' };
  await eventually(`stream ${name}`, LIMIT_SECONDS, async () => {
    const answer = await ask(client, `$JS.API.STREAM.CREATE.${name}`, created);
    return answer.error === undefined || undefined;
  });
  for (let number = 0; number < MESSAGES; number++) {
    await eventually(`message ${number}`, LIMIT_SECONDS, async () => {
      const header = { timeout: 2000 };
      const answer = await client.request(`${name}.new`, String(number), header).catch(() => undefined);
      return answer !== undefined || undefined;
    });
  }
}

/** Asks for the next step until the last one. Returns the kinds of all steps, each once. */
async function leave(leaving: Place, staying: readonly Place[]): Promise<readonly string[]> {
  const observerOf = (place: Place): JetStreamObserver =>
    createJetStreamObserver({ ...cluster.target(place), ...users.system });
  const own = observerOf(leaving);
  const others = staying.map((place) => [place.name, observerOf(place)] as const);
  const kinds = new Set<string>();
  try {
    return await eventually('a server that left', LIMIT_SECONDS, async () => {
      const answers = others.map(async ([name, { varz }]) => {
        const answer = await varz();
        return [name, answer.ok ? answer.value : undefined] as const;
      });
      const seen = await own.leaving();
      const view = { leaving: leaving.name, staying: new Map(await Promise.all(answers)) };
      const step = chooseDrainStep({ ...view, seen: seen.ok ? seen.value : undefined });
      kinds.add(step.kind);
      for (const request of createDrainRequests(step, leaving.name)) await others[0]?.[1].request(request);
      return step.kind === 'left' ? [...kinds] : undefined;
    });
  } finally {
    await Promise.all([own, ...others.map(([, observer]) => observer)].map(async ({ close }) => await close()));
  }
}

test.each(NATS_SERVER_VERSIONS.filter((version) => version !== '2.9.25'))(
  'a drained server of %s leaves after its streams have moved, with every message',
  async (version) => {
    const places = await cluster.places(4);
    const [first, , , last] = places;
    if (first === undefined || last === undefined) throw new Error('four places were asked for');
    for (const place of places) {
      const jetstream = { storeDirectory: join(folder, place.name), maxFileBytes: 64 * MIB, maxMemoryBytes: MIB };
      await cluster.start(version, place, places, { settings: { jetstream } });
    }
    await eventually('a meta leader', LIMIT_SECONDS, async () => {
      const metaGroup = (await cluster.observe(first)).varz.jetstream?.metaGroup;
      return (metaGroup?.leader !== undefined && metaGroup.size === places.length) || undefined;
    });
    const client = await cluster.connect(first, users.client.user, users.client.password);
    const streams = [3, 3, 1].map((replicas, index) => ({ name: `S${index}`, replicas }));
    try {
      for (const stream of streams) await fill(client, stream);
      // The leader moves a stream to the server with the fewest streams. It knows these numbers only from the
      // statistics of the servers, which may take ten seconds to arrive (`statsHBInterval`).
      await eventually(`a stream of one replica on ${last.name}`, LIMIT_SECONDS, async () => {
        const newest = streams.at(-1);
        if (newest !== undefined && (await holdersOf(client, newest.name)).includes(last.name)) return true;
        const stream = { name: `S${streams.length}`, replicas: 1 };
        await fill(client, stream);
        streams.push(stream);
        return undefined;
      });
      const kinds = await leave(last, places.slice(0, -1));
      expect(kinds).toEqual(expect.arrayContaining(['move', 'remove', 'left']));
      expect(kinds).not.toContain('refuse');
      for (const { name, replicas } of streams) {
        const { state } = await ask(client, `$JS.API.STREAM.INFO.${name}`);
        const holders = await holdersOf(client, name);
        expect([name, state.messages >= MESSAGES, holders.length]).toEqual([name, true, replicas]);
        expect(holders).not.toContain(last.name);
      }
    } finally {
      await client.close();
    }
  },
);
