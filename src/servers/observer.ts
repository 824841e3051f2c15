import { decodeHealthz, type Health } from '../nats/mesh/healthz.ts';
import type { Routez } from '../nats/mesh/routez.ts';
import { decodeRoutez } from '../nats/mesh/routez.ts';
import type { Varz } from '../nats/mesh/varz.ts';
import { decodeVarz } from '../nats/mesh/varz.ts';
import type { ServerConnection, SignIn } from './connection.ts';
import { type ServerResult, succeed } from './failure.ts';
import { keptConnection } from './kept-connection.ts';
import { reloadServer } from './system.ts';
import type { ServerTarget } from './target.ts';

export type Seen = {
  readonly varz: Varz;
  readonly routez: Routez;
  /** Whether the handshake of this connection presented the expected leaf certificate. */
  readonly servesCertificate: boolean;
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
      const servesCertificate = opened.value.certificate.fingerprint256 === target.fingerprint;
      const [varz, routez] = await Promise.all([ask('VARZ', decodeVarz), ask('ROUTEZ', decodeRoutez)]);
      const hasLoadedSince = varz.ok && varz.value.loadedMs <= performance.now() - asked.at;
      if (!servesCertificate && hasLoadedSince) {
        await close(); // Only a new handshake can show the certificate after a reload.
      }
      if (!varz.ok) {
        return varz;
      }
      return routez.ok ? succeed({ varz: varz.value, routez: routez.value, servesCertificate }) : routez;
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
