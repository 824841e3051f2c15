import { connectServer, type ServerConnection } from '../../src/servers/connection.ts';
import type { ServerTarget } from '../../src/servers/dial.ts';
import type { ServerResult } from '../../src/servers/failure.ts';
import { eventually } from './eventually.ts';
import { readSecret } from './live-cluster.ts';
import type { TestNamespace } from './namespace.ts';
import { reachServers } from './server-reach.ts';

type Answer = Readonly<Record<string, unknown>>;

const REQUEST_MS = 5000;
const PAUSE_MS = 10;
const READ_AT_ONCE = 50;

/** An application that stores messages, over one connection at a time. */
export type StreamClient = {
  /** Sends the request `$JS.API.<verb>` of JetStream's own API and returns the answer. */
  readonly ask: (verb: string, body?: object) => Promise<Answer>;
  readonly publish: (subject: string, body: string) => Promise<Answer>;
  readonly close: () => Promise<void>;
};

type SignIn = { readonly user: string; readonly password: string };

type StreamOptions = {
  /** Other servers for the time when the first one is unavailable; by default none. */
  readonly others?: readonly string[];
  /** The named client whose certificate this client presents; by default none. */
  readonly certificateOf?: string;
};

/** Opens a client with the user of the applications. */
export async function openStreamClient(
  space: TestNamespace,
  pod: string,
  terms: StreamOptions = {},
): Promise<StreamClient> {
  const { username: user = '', password = '' } = await readSecret(space, 'nats-client');
  const { others = [], certificateOf } = terms;
  const leaf = certificateOf === undefined ? undefined : await namedLeaf(space, certificateOf);
  return await clientOf(space, [pod, ...others], { user, password, ...leaf });
}

async function namedLeaf(space: TestNamespace, name: string): Promise<Pick<ServerTarget, 'clientCertificate'>> {
  const { 'tls.crt': certificate = '', 'tls.key': privateKey = '' } = await readSecret(
    space,
    `tls-nats-client-${name}`,
  );
  return { clientCertificate: { certificate, privateKey } };
}

/** Opens a client with the user of `$SYS`, because only that user may change the meta group. */
export async function openSystemClient(space: TestNamespace, pod: string): Promise<StreamClient> {
  const { 'system-username': user = '', 'system-password': password = '' } = await readSecret(space, 'nats-system');
  return await clientOf(space, [pod], { user, password });
}

async function clientOf(
  space: TestNamespace,
  pods: readonly string[],
  credentials: SignIn & Pick<ServerTarget, 'clientCertificate'>,
): Promise<StreamClient> {
  const reach = reachServers(space);
  const { 'ca.crt': trust = '' } = await readSecret(space, 'nats-client');
  let turn = 0;
  const open = async (): Promise<ServerResult<ServerConnection>> => {
    const pod = pods[turn++ % pods.length] ?? '';
    return await connectServer({
      dial: async () => await reach.dial(pod, 4222),
      serverName: `${pod}.${space.name}.svc`,
      signal: new AbortController().signal,
      timeoutMs: 10_000,
      trust,
      ...credentials,
    });
  };
  let opened = await open();
  if (!opened.ok) {
    await reach.close();
    throw new Error(opened.failure.message);
  }
  const answer = async (subject: string, body: string): Promise<Answer> => {
    if (!opened.ok) opened = await reopen(open);
    const result = opened.ok ? await answerOf(opened.value, subject, body) : { failed: opened.failure.reason };
    if (result['failed'] === 'Unreachable' && opened.ok && pods.length > 1) opened = { ok: false, failure: GONE };
    return result;
  };
  return {
    ask: async (verb, body = {}) => await answer(`$JS.API.${verb}`, JSON.stringify(body)),
    publish: answer,
    close: async () => {
      if (opened.ok) await opened.value.close();
      await reach.close();
    },
  };
}

const GONE = { reason: 'Unreachable', message: 'the connection closed' } as const;

/** Opens a connection. If the pod is missing, `open` rejects; that counts as a failed connection. */
async function reopen(open: () => Promise<ServerResult<ServerConnection>>): Promise<ServerResult<ServerConnection>> {
  return await open().catch(() => ({ ok: false, failure: GONE }));
}

/** Returns the answer. If no answer arrives, it returns an answer that says so: the message was not acknowledged. */
async function answerOf(connection: ServerConnection, subject: string, body: string): Promise<Answer> {
  const answer = await connection.request(subject, body, REQUEST_MS);
  const parsed: unknown = answer.ok ? JSON.parse(answer.value) : { failed: answer.failure.reason };
  return typeof parsed === 'object' && parsed !== null ? Object.fromEntries(Object.entries(parsed)) : {};
}

export type StreamLoad = {
  /** The bodies of all acknowledged messages, by their sequences. */
  readonly acknowledged: ReadonlyMap<number, string>;
  /** The answers that were not acknowledgements. */
  readonly refused: readonly Answer[];
  readonly stop: () => Promise<void>;
};

/** Publishes one message after the other, each with its own number, and repeats each until it is acknowledged. */
export function startStreamLoad(client: StreamClient, subject: string): StreamLoad {
  const acknowledged = new Map<number, string>();
  const refused: Answer[] = [];
  let isStopped = false;
  const running = (async () => {
    for (let number = 1; !isStopped; number++) {
      const body = `message ${number}`;
      for (let isKept = false; !isKept && !isStopped; ) {
        const { seq, ...answer } = await client.publish(subject, body);
        isKept = typeof seq === 'number';
        if (typeof seq === 'number') acknowledged.set(seq, body);
        else refused.push(answer);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  })();
  return {
    acknowledged,
    refused,
    stop: async () => {
      isStopped = true;
      await running;
    },
  };
}

/** Returns the sequences of acknowledged messages that are missing in the stream or have another body there. */
export async function findLostMessages(
  client: StreamClient,
  stream: string,
  acknowledged: ReadonlyMap<number, string>,
): Promise<readonly number[]> {
  const all = [...acknowledged];
  const lost: number[] = [];
  for (let at = 0; at < all.length; at += READ_AT_ONCE) {
    const batch = all.slice(at, at + READ_AT_ONCE);
    const bodies = await Promise.all(batch.map(async ([seq]) => await storedBody(client, stream, seq)));
    lost.push(...batch.flatMap(([seq, body], index) => (bodies[index] === body ? [] : [seq])));
  }
  return lost;
}

async function storedBody(client: StreamClient, stream: string, seq: number): Promise<string> {
  const { message } = await client.ask(`STREAM.MSG.GET.${stream}`, { seq });
  const data: unknown = typeof message === 'object' && message !== null ? Reflect.get(message, 'data') : undefined;
  return typeof data === 'string' ? Buffer.from(data, 'base64').toString() : '';
}

/** Waits for the leader of a stream and returns the name of its server. */
export async function awaitStreamLeader(client: StreamClient, stream: string): Promise<string> {
  return await eventually(`a leader of stream ${stream}`, 60, async () => {
    const { cluster } = await client.ask(`STREAM.INFO.${stream}`);
    const leader: unknown =
      typeof cluster === 'object' && cluster !== null ? Reflect.get(cluster, 'leader') : undefined;
    return typeof leader === 'string' && leader !== '' ? leader : undefined;
  });
}
