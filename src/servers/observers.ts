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

type Decoder<Value> = (answer: unknown) => Decoded<Value>;

/** One verified connection to one server. It is opened when it is needed, and opened again after a failure. */
export class KeptConnection {
  readonly #target: ServerTarget & SignIn;
  #connection: ServerConnection | undefined;

  constructor(target: ServerTarget & SignIn) {
    this.#target = target;
  }

  async connect(): Promise<ServerResult<ServerConnection>> {
    if (this.#connection !== undefined) {
      return succeed(this.#connection);
    }
    const opened = await connectServer(this.#target);
    if (opened.ok) {
      this.#connection = opened.value;
    }
    return opened;
  }

  /** Returns the decoded answer of the server itself. */
  async ask<Value>(query: SystemQuery, decode: Decoder<Value>): Promise<ServerResult<Value>> {
    return await this.over(query, async (opened) => await fetchSystem(opened, query, this.#target.timeoutMs), decode);
  }

  /** Sends a request over the connection and returns the decoded answer. */
  async over<Value>(
    operation: string,
    request: (connection: ServerConnection) => Promise<ServerResult<unknown>>,
    decode: Decoder<Value>,
  ): Promise<ServerResult<Value>> {
    const opened = await this.connect();
    if (!opened.ok) {
      return opened;
    }
    const answer = await request(opened.value);
    if (!answer.ok) {
      await this.close();
      return answer;
    }
    const decoded = decode(answer.value);
    return decoded.kind === 'decoded'
      ? succeed(decoded.value)
      : fail('ProtocolError', `${operation}: ${decoded.path}: ${decoded.message}`);
  }

  async close(): Promise<void> {
    const closing = this.#connection;
    this.#connection = undefined;
    await closing?.close();
  }
}

/** Reads the full HEALTHZ of one server and, with JetStream, the streams it leads. Closes its connection. */
export async function fetchHealth(
  target: ServerTarget & SignIn,
  { server, jetstream }: { readonly server: string; readonly jetstream: boolean },
): Promise<HealthAnswer> {
  const kept = new KeptConnection(target);
  try {
    const health = await kept.ask('HEALTHZ', decodeHealthz);
    if (!health.ok) return { server, unanswered: health.failure.message };
    const { problem } = health.value;
    if (!jetstream) return { server, problem, led: undefined };
    const led = await kept.ask('JSZ', decodeLedStreams(server));
    return led.ok ? { server, problem, led: led.value } : { server, unanswered: led.failure.message };
  } finally {
    await kept.close();
  }
}

/** The streams of one server, over one verified connection as a user of the system account. */
export type JetStreamObserver = {
  readonly varz: () => Promise<ServerResult<Varz>>;
  readonly streams: () => Promise<ServerResult<StreamStore>>;
  /**
   * Reads the health, then the streams, over one connection, so that both answers come from the same server process.
   */
  readonly leaving: () => Promise<ServerResult<DrainingServer>>;
  /** Sends the request to the meta leader, regardless of which server that is. */
  readonly request: (request: JetStreamRequest) => Promise<ServerResult<JetStreamAnswer>>;
  readonly close: () => Promise<void>;
};

/** Creates the observer; it connects at the first request. */
export function createJetStreamObserver(target: ServerTarget & SignIn): JetStreamObserver {
  const kept = new KeptConnection(target);
  const [varz, streams] = [
    async () => await kept.ask('VARZ', decodeVarz),
    async () => await kept.ask('JSZ', decodeJsz),
  ];
  return {
    varz,
    streams,
    leaving: async () => {
      const answer = await varz();
      if (!answer.ok) return answer;
      const health = await kept.ask('HEALTHZ', decodeHealthz);
      if (!health.ok) return health;
      const store = await streams();
      return store.ok ? succeed({ varz: answer.value, health: health.value, store: store.value }) : store;
    },
    request: async (request) =>
      await kept.over(
        request.kind,
        async (connection) => await askJetStream(connection, request, target.timeoutMs),
        decodeJetStreamAnswer,
      ),
    close: async () => await kept.close(),
  };
}

export type Seen = {
  readonly varz: Varz;
  readonly routez: Routez;
  /** The SHA-256 fingerprint of the leaf certificate that the handshake of this connection presented. */
  readonly fingerprint: string;
};

type Observed = ServerTarget &
  SignIn & {
    /** The SHA-256 fingerprint of the leaf certificate that the server must present. */
    readonly fingerprint: string;
  };

/** An observer of one server over one verified connection, which it opens when it is needed and keeps. */
export class ServerObserver {
  readonly #target: Observed;
  readonly #kept: KeptConnection;
  #asked: { readonly connection: ServerConnection; readonly at: number } | undefined;

  constructor(target: Observed) {
    this.#target = target;
    this.#kept = new KeptConnection(target);
  }

  async observe(): Promise<ServerResult<Seen>> {
    const began = performance.now();
    const opened = await this.#kept.connect();
    if (!opened.ok) {
      return opened;
    }
    const asked = this.#asked?.connection === opened.value ? this.#asked : { connection: opened.value, at: began };
    this.#asked = asked;
    const fingerprint = opened.value.certificate.fingerprint256;
    const [varz, routez] = await Promise.all([
      this.#kept.ask('VARZ', decodeVarz),
      this.#kept.ask('ROUTEZ', decodeRoutez),
    ]);
    const hasLoadedSince = varz.ok && varz.value.loadedMs <= performance.now() - asked.at;
    if (fingerprint !== this.#target.fingerprint && hasLoadedSince) {
      await this.close(); // Only a new handshake can show the certificate after a reload.
    }
    if (!varz.ok) {
      return varz;
    }
    return routez.ok ? succeed({ varz: varz.value, routez: routez.value, fingerprint }) : routez;
  }

  /** Reads the full health of the server, including every stream and consumer of which it holds a replica. */
  async health(): Promise<ServerResult<Health>> {
    return await this.#kept.ask('HEALTHZ', decodeHealthz);
  }

  /** Makes the server read its configuration and certificates again. */
  async reload(): Promise<ServerResult<undefined>> {
    const opened = await this.#kept.connect();
    const answer = opened.ok ? await reloadServer(opened.value, this.#target.timeoutMs) : opened;
    await this.close(); // Only a new handshake can show the certificate after a reload.
    return answer;
  }

  async close(): Promise<void> {
    await this.#kept.close();
  }
}
