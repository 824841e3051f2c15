import type { ServerFailure } from '../../servers/failure.ts';
import type { PodSeen } from '../gate/pod-observation.ts';

/** Why no reload reaches or heals a server, in its own words, and how long that has to last to be certain. */
export type Ailment = {
  readonly words: string;
  readonly patienceMs: number;
  /**
   * `for-start`: it is well, and takes by a start what it does not take by a reload; `unreached`: it lets us in no more;
   * `unready`: it serves nobody.
   */
  readonly kind: 'for-start' | 'unreached' | 'unready';
};

/** A server that starts answers strangely for a moment; one that is reloaded, for less. */
const REFUSED_MS = 4000;
/** A node that is very busy lets handshakes time out. */
const BROKEN_MS = 15_000;
/** JetStream hands out its streams within a second or two of a start. */
const UNHEALTHY_MS = 6000;

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
  { outdated, failure, ailment }: Pick<PodSeen, 'outdated' | 'failure' | 'ailment'>,
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
  return ailment !== undefined && GIVEN_BY_START.test(ailment)
    ? { words: ailment, patienceMs: UNHEALTHY_MS, kind: 'unready' }
    : undefined;
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
