import { decodeHealthz } from '../nats/mesh/healthz.ts';
import { decodeJetStreamAnswer, type JetStreamAnswer, type JetStreamRequest } from '../nats/mesh/jetstream-api.ts';
import { decodeJsz, type StreamStore } from '../nats/mesh/jsz.ts';
import type { LeavingServer } from '../nats/mesh/leaving.ts';
import { decodeVarz, type Varz } from '../nats/mesh/varz.ts';
import type { SignIn } from './connection.ts';
import { type ServerResult, succeed } from './failure.ts';
import { keptConnection } from './kept-connection.ts';
import { askJetStream } from './system.ts';
import type { ServerTarget } from './target.ts';

/** The streams of one server, over one verified connection as a user of the system account. */
export type JetStreamObserver = {
  readonly varz: () => Promise<ServerResult<Varz>>;
  readonly streams: () => Promise<ServerResult<StreamStore>>;
  /**
   * Reads the health, then the streams, over one connection, so that both answers are from the same start of the
   * server.
   */
  readonly leaving: () => Promise<ServerResult<LeavingServer>>;
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
