import type { Decoded } from '../nats/mesh/decoder.ts';
import type { DrainingServer } from '../nats/mesh/drain.ts';
import {
  decodeJetStreamAnswer,
  decodeJsz,
  type JetStreamAnswer,
  type JetStreamRequest,
  type StreamStore,
} from '../nats/mesh/jetstream.ts';
import { decodeRoutez, decodeVarz, type Routez, type Varz } from '../nats/mesh/monitoring.ts';
import { decodeHealthz, decodeLedStreams, type Health, type HealthAnswer } from '../nats/mesh/stream-replicas.ts';
import { connectServer, type ServerConnection, type SignIn } from './connection.ts';
import type { ServerTarget } from './dial.ts';
import { fail, type ServerResult, succeed } from './failure.ts';
import { askJetStream, fetchSystem, reloadServer, type SystemQuery } from './system.ts';

/** One verified connection to one server, opened when it is needed, and again after a failure. */
export type KeptConnection = {
  readonly connected: () => Promise<ServerResult<ServerConnection>>;
  /** Returns the decoded answer of the server itself. */
  readonly ask: <Value>(query: SystemQuery, decode: Decoder<Value>) => Promise<ServerResult<Value>>;
  /** Sends a request over the connection and returns the decoded answer. */
  readonly over: <Value>(
    what: string,
    request: (connection: ServerConnection) => Promise<ServerResult<unknown>>,
    decode: Decoder<Value>,
  ) => Promise<ServerResult<Value>>;
  readonly close: () => Promise<void>;
};

type Decoder<Value> = (answer: unknown) => Decoded<Value>;

export function keptConnection(target: ServerTarget & SignIn): KeptConnection {
  let connection: ServerConnection | undefined;
  const close = async (): Promise<void> => {
    const closing = connection;
    connection = undefined;
    await closing?.close();
  };
  const connected = async (): Promise<ServerResult<ServerConnection>> => {
    if (connection !== undefined) {
      return succeed(connection);
    }
    const opened = await connectServer(target);
    if (opened.ok) {
      connection = opened.value;
    }
    return opened;
  };
  const over: KeptConnection['over'] = async (what, request, decode) => {
    const opened = await connected();
    if (!opened.ok) {
      return opened;
    }
    const answer = await request(opened.value);
    if (!answer.ok) {
      await close();
      return answer;
    }
    const decoded = decode(answer.value);
    return decoded.kind === 'decoded'
      ? succeed(decoded.value)
      : fail('ProtocolError', `${what}: ${decoded.path}: ${decoded.message}`);
  };
  return {
    connected,
    over,
    ask: async (query, decode) =>
      await over(query, async (opened) => await fetchSystem(opened, query, target.timeoutMs), decode),
    close,
  };
}

/** Reads the full HEALTHZ of one server and, with JetStream, the streams it leads. Closes its connection. */
export async function fetchHealth(
  target: ServerTarget & SignIn,
  { server, jetstream }: { readonly server: string; readonly jetstream: boolean },
): Promise<HealthAnswer> {
  const { ask, close } = keptConnection(target);
  try {
    const health = await ask('HEALTHZ', decodeHealthz);
    if (!health.ok) return { server, unanswered: health.failure.message };
    const { problem } = health.value;
    if (!jetstream) return { server, problem, led: undefined };
    const led = await ask('JSZ', decodeLedStreams(server));
    return led.ok ? { server, problem, led: led.value } : { server, unanswered: led.failure.message };
  } finally {
    await close();
  }
}

/** The streams of one server, over one verified connection as a user of the system account. */
export type JetStreamObserver = {
  readonly varz: () => Promise<ServerResult<Varz>>;
  readonly streams: () => Promise<ServerResult<StreamStore>>;
  /**
   * Reads the health, then the streams, over one connection, so that both answers are from the same start of the
   * server.
   */
  readonly leaving: () => Promise<ServerResult<DrainingServer>>;
  /** Sends the request to the meta leader, regardless of which server that is. */
  readonly request: (request: JetStreamRequest) => Promise<ServerResult<JetStreamAnswer>>;
  readonly close: () => Promise<void>;
};

export function jetstreamObserver(target: ServerTarget & SignIn): JetStreamObserver {
  const { ask, over, close } = keptConnection(target);
  const [varz, streams] = [async () => await ask('VARZ', decodeVarz), async () => await ask('JSZ', decodeJsz)];
  return {
    varz,
    streams,
    leaving: async () => {
      const told = await varz();
      if (!told.ok) return told;
      const health = await ask('HEALTHZ', decodeHealthz);
      if (!health.ok) return health;
      const store = await streams();
      return store.ok ? succeed({ varz: told.value, health: health.value, store: store.value }) : store;
    },
    request: async (request) =>
      await over(
        request.kind,
        async (connection) => await askJetStream(connection, request, target.timeoutMs),
        decodeJetStreamAnswer,
      ),
    close,
  };
}

export type Seen = {
  readonly varz: Varz;
  readonly routez: Routez;
  /** The SHA-256 fingerprint of the leaf certificate that the handshake of this connection presented. */
  readonly fingerprint: string;
};

/** An observer of one server over one verified connection, which it opens when it is needed and keeps. */
export type ServerObserver = {
  readonly observe: () => Promise<ServerResult<Seen>>;
  /** Reads the full health of the server, including every stream and consumer of which it holds a replica. */
  readonly health: () => Promise<ServerResult<Health>>;
  /** Makes the server read its configuration and certificates again. */
  readonly reload: () => Promise<ServerResult<undefined>>;
  readonly close: () => Promise<void>;
};

type Observed = ServerTarget &
  SignIn & {
    /** The SHA-256 fingerprint of the leaf certificate that the server must present. */
    readonly fingerprint: string;
  };

export function serverObserver(target: Observed): ServerObserver {
  const { connected, ask, close } = keptConnection(target);
  let asked: { readonly connection: ServerConnection; readonly at: number } | undefined;
  return {
    observe: async () => {
      const began = performance.now();
      const opened = await connected();
      if (!opened.ok) {
        return opened;
      }
      asked = asked?.connection === opened.value ? asked : { connection: opened.value, at: began };
      const fingerprint = opened.value.certificate.fingerprint256;
      const [varz, routez] = await Promise.all([ask('VARZ', decodeVarz), ask('ROUTEZ', decodeRoutez)]);
      const hasLoadedSince = varz.ok && varz.value.loadedMs <= performance.now() - asked.at;
      if (fingerprint !== target.fingerprint && hasLoadedSince) {
        await close(); // Only a new handshake can show the certificate after a reload.
      }
      if (!varz.ok) {
        return varz;
      }
      return routez.ok ? succeed({ varz: varz.value, routez: routez.value, fingerprint }) : routez;
    },
    health: async () => await ask('HEALTHZ', decodeHealthz),
    reload: async () => {
      const opened = await connected();
      const answer = opened.ok ? await reloadServer(opened.value, target.timeoutMs) : opened;
      await close(); // Only a new handshake can show the certificate after a reload.
      return answer;
    },
    close,
  };
}
