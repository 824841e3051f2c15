import type { ServerFailure } from '../../servers/failure.ts';
import type { PodObservation } from '../pods/pod-observation.ts';

/**
 * The problem of a server that a reload does not reach or fix, in the server's own words, and the time until it is
 * certain.
 */
export type Ailment = {
  readonly words: string;
  readonly patienceMs: number;
  /**
   * The kind of the problem.
   * `for-start`: the server is healthy, but applies an option only when it starts.
   * `unreached`: the server no longer accepts our connections.
   * `unready`: the server serves no clients.
   * `outside`: the JetStream meta group works without this server.
   */
  readonly kind: 'for-start' | 'unreached' | 'unready' | 'outside';
};

/**
 * The time in milliseconds after which an unexpected answer is final. A server that starts or reloads gives such
 * answers for less time.
 */
const REFUSED_MS = 4000;
/** The same time for a broken handshake: on a very busy node, handshakes time out. */
const BROKEN_MS = 15_000;
/** The same time for an unhealthy JetStream, which assigns its streams within a second or two of a start. */
const UNHEALTHY_MS = 6000;
/**
 * The same time for a server outside of the meta group. A new leader adds the peers that answer its heartbeats, one
 * heartbeat a second. A group that loses its leader has another one after 4 to 9 s (`hbInterval`, `maxElectionTimeout`
 * in nats-server `server/raft.go`). In 80 fresh starts of 2.10.29 under load, six servers stayed outside permanently,
 * and none only for a moment.
 */
const OUTSIDE_MS = 15_000;
/**
 * The time before the second restart of a server outside of the meta group. A group excludes a server that left it for
 * five minutes, and no start shortens that time (`peerRemoveTimeout`).
 */
const LEFT_MS = 330_000;

/** The refusal of an option that only a start applies (nats-server `diffOptions` in `server/reload.go`). */
const TAKEN_BY_START = /config reload not supported/;

/**
 * The problems that a reload does not fix: it neither enables JetStream again for an account, nor restores the streams
 * that were assigned in the meantime (error 10039, 10076; nats-server `healthz` in `server/monitor.go`).
 */
const GIVEN_BY_START = /JetStream (?:system )?not enabled|not enabled for account/i;

type Circumstances = {
  /** Whether the wanted state of the servers differs from the one that was last verified. */
  readonly isNewState: boolean;
  /** Whether JWTs authenticate users. A refusal is then about credentials that the user provided. */
  readonly isByJwt: boolean;
};

/**
 * Returns the problem of a server that only a restart fixes; undefined if waiting or a reload may fix it. `restarts`:
 * the number of restarts that did not fix it.
 */
export function ailmentOf(
  { outdated, failure, ailment, outsider }: Pick<PodObservation, 'outdated' | 'failure' | 'ailment' | 'outsider'>,
  circumstances: Circumstances,
  restarts = 0,
): Ailment | undefined {
  if (outdated?.refusal !== undefined) {
    const words = outdated.refusal;
    return TAKEN_BY_START.test(words) ? { words, patienceMs: 0, kind: 'for-start' } : undefined;
  }
  if (failure !== undefined && isBeyondReload(failure.reason, circumstances)) {
    const patienceMs = failure.reason === 'HandshakeBroken' ? BROKEN_MS : REFUSED_MS;
    return { words: failure.message, patienceMs, kind: 'unreached' };
  }
  if (ailment !== undefined && GIVEN_BY_START.test(ailment)) {
    return { words: ailment, patienceMs: UNHEALTHY_MS, kind: 'unready' };
  }
  return outsider === undefined
    ? undefined
    : { words: outsider.words, patienceMs: restarts === 0 ? OUTSIDE_MS : LEFT_MS, kind: 'outside' };
}

function isBeyondReload(reason: ServerFailure['reason'], { isNewState, isByJwt }: Circumstances): boolean {
  switch (reason) {
    case 'ConnectionRefused':
    case 'HandshakeBroken':
      // Without a new state a restart keeps the connection limit, so the server would only fill up again.
      return isNewState;
    case 'AuthorizationViolation':
    case 'PermissionsViolation':
    case 'NoResponders':
      return !isByJwt;
    case 'TlsNotOffered':
    case 'TlsUntrusted':
    case 'TlsNameMismatch':
    case 'TlsExpired':
    case 'ClientCertificateRefused':
      return true;
    case 'Unreachable':
    case 'RequestRefused':
    case 'Timeout':
    case 'ProtocolError':
      return false;
  }
}
