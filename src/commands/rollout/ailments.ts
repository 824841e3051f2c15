import type { ServerFailure } from '../../servers/failure.ts';
import type { PodSeen } from '../gate/pod-observation.ts';

/** Why no reload reaches or heals a server, in its own words, and how long that has to last to be certain. */
export type Ailment = {
  readonly words: string;
  readonly patienceMs: number;
  /**
   * `for-start`: it is well, and takes by a start what it does not take by a reload; `unreached`: it lets us in no more;
   * `unready`: it serves nobody; `outside`: the JetStream of the others goes on without it.
   */
  readonly kind: 'for-start' | 'unreached' | 'unready' | 'outside';
};

/** A server that starts answers strangely for a moment; one that is reloaded, for less. */
const REFUSED_MS = 4000;
/** A node that is very busy lets handshakes time out. */
const BROKEN_MS = 15_000;
/** JetStream hands out its streams within a second or two of a start. */
const UNHEALTHY_MS = 6000;
/**
 * A leader that just began adds who answers its heartbeats, one a second, and a group that loses its leader has another one
 * after 4 to 9 s (`hbInterval`, `maxElectionTimeout` in nats-server `server/raft.go`). In 80 fresh starts of 2.10.29 under
 * load six servers stood outside for good, and none for a moment only.
 */
const OUTSIDE_MS = 15_000;
/** No start shortens the five minutes for which a group keeps a server out that left it (`peerRemoveTimeout`). */
const LEFT_MS = 330_000;

/** An option that only a start takes (nats-server `diffOptions` in `server/reload.go`). */
const TAKEN_BY_START = /config reload not supported/;

/**
 * What a reload gives back to no account: JetStream, and with it the streams that were assigned meanwhile (error 10039,
 * 10076; nats-server `healthz` in `server/monitor.go`).
 */
const GIVEN_BY_START = /JetStream (?:system )?not enabled|not enabled for account/i;

type Circumstances = {
  /** Whether servers are to run something else than what was proved of them. */
  readonly isNews: boolean;
  /** Whether users are proved by JWT: then a refusal is about credentials that somebody gave. */
  readonly isByJwt: boolean;
};

/** Returns what of a server only another start heals; undefined where waiting or a reload may. */
export function ailmentOf(
  { outdated, failure, ailment, outside }: Pick<PodSeen, 'outdated' | 'failure' | 'ailment' | 'outside'>,
  circumstances: Circumstances,
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
  return outside === undefined
    ? undefined
    : { words: outside.words, patienceMs: outside.isLate ? LEFT_MS : OUTSIDE_MS, kind: 'outside' };
}

function isBeyondReload(reason: ServerFailure['reason'], { isNews, isByJwt }: Circumstances): boolean {
  switch (reason) {
    case 'ConnectionRefused':
    case 'HandshakeBroken':
      // It would only fill up again with the limit it has.
      return isNews;
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
