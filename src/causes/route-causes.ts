import { type Cause, type Facts, shorten } from './facts.ts';
import { findRouteRefusals, isUnreached, type RefusalKind, type RouteRefusal } from './route-log.ts';
import { STORIES } from './route-stories.ts';

/** A time that is longer than any resolver caches a negative answer. */
const NEGATIVE_CACHE_MS = 35_000;
/** The cause must be seen in two observations; servers retry several times a second. */
const PATIENCE_MS = 600;
/** The other server logs the reason within this time, if it logs it at all. */
const HEARSAY_PATIENCE_MS = 1600;
/**
 * The same time while a server is not reached: a server cannot log the reason before the connection reaches it. Servers
 * log only the first of the connection attempts that time out.
 */
const UNREACHED_PATIENCE_MS = 3500;
/** The difference between clocks in milliseconds below which a certificate becomes valid during the wait. */
const SKEW_MS = 60_000;
const EVIDENCE_LINES = 4;

/** Finds the routes that servers refuse each other, by pair, from their logs. */
export function findRouteCauses(facts: Facts): readonly Cause[] {
  const pairs = new Map<string, readonly RouteRefusal[]>();
  for (const logged of findRouteRefusals(facts)) {
    const refusal = { ...logged, to: logged.to ?? findOnlyMissingPeer(facts, logged) };
    if (isMissing(facts, refusal) && !isAboutStoppedServer(facts, refusal)) {
      const key = pairKey(refusal);
      pairs.set(key, [...(pairs.get(key) ?? []), refusal]);
    }
  }
  const isAnyUnreached = [...pairs.values()].flat().some(({ kind }) => isUnreached(kind));
  const causes = [...pairs.values()].map((refusals) => explainPair(refusals, isAnyUnreached));
  return causes.toSorted((left, right) => rankOf(left) - rankOf(right));
}

function isMissing({ missingPairs }: Facts, { from, to }: RouteRefusal): boolean {
  return (
    missingPairs === undefined ||
    missingPairs.some(
      (pair) =>
        (pair.from === from && (to === undefined || pair.to === to)) ||
        (pair.to === from && (to === undefined || pair.from === to)),
    )
  );
}

/**
 * Finds the peer behind an unknown address, for example when a Service hides the address of the client. The server
 * checks the password only after a valid certificate, so the client is the only peer that this server has no route
 * with.
 */
function findOnlyMissingPeer({ missingPairs = [] }: Facts, { from, kind }: RouteRefusal): string | undefined {
  const missing = missingPairs.filter((pair) => pair.from === from || pair.to === from);
  const peers = new Set(missing.map((pair) => (pair.from === from ? pair.to : pair.from)));
  return kind === 'AuthorizationViolation' && peers.size === 1 ? [...peers][0] : undefined;
}

/**
 * Checks whether the peer does not run. A server that does not run cannot be reached; the reason why it does not run is
 * the cause.
 */
function isAboutStoppedServer({ pods }: Facts, { kind, to }: RouteRefusal): boolean {
  const peer = pods.find(({ name }) => name === to);
  return isUnreached(kind) && peer !== undefined && peer.containers[0]?.state.kind !== 'running';
}

/** Returns one key for both directions of a pair, because both servers log the same refusal. */
function pairKey({ from, to, peer }: RouteRefusal): string {
  return [from, to ?? peer].toSorted().join(' ');
}

/**
 * The kinds in the order of how much they explain. The server that refuses knows the reason; its peer only learns that
 * it was refused.
 */
const ORDER: readonly RefusalKind[] = [
  'CertificateExpired',
  'CertificateNotYetValid',
  'NameMismatch',
  'UnknownAuthority',
  'PeerWithoutTls',
  'AuthorizationViolation',
  'DuplicateName',
  'ForeignCluster',
  'CertificateMissing',
  'CertificateRefused',
  'NameUnresolved',
  'HandshakeTimeout',
  'ConnectionTimeout',
  'ConnectionRefused',
];

function rankOf({ reason }: Cause): number {
  return ORDER.findIndex((kind) => kind === reason);
}

function explainPair(refusals: readonly RouteRefusal[], isAnyUnreached: boolean): Cause {
  const current = refusals.some(({ fresh }) => fresh) ? refusals.filter(({ fresh }) => fresh) : refusals;
  const [first] = current.toSorted((left, right) => ORDER.indexOf(left.kind) - ORDER.indexOf(right.kind));
  const { from, to, peer, kind, text } = first ?? NO_REFUSAL;
  const { says, hint } = STORIES[kind];
  const pair = `${from} → ${to ?? `a server at ${peer}`}`;
  const others = current.filter((refusal) => refusal.kind === kind);
  return {
    code: 'MESH_INCOMPLETE',
    reason: kind,
    object: pair,
    message: `${pair}: ${says}: ${shorten(text)}`,
    evidence: others.slice(-EVIDENCE_LINES).map((refusal) => `${refusal.from}: ${shorten(refusal.line)}`),
    hint,
    fatal: isFatal(kind, text) && (isUnreached(kind) || others.some(({ fresh }) => fresh)),
    patienceMs: selectPatienceMs(kind, isAnyUnreached),
  };
}

function selectPatienceMs(kind: RefusalKind, isAnyUnreached: boolean): number {
  switch (kind) {
    case 'NameUnresolved':
      return NEGATIVE_CACHE_MS;
    case 'CertificateMissing':
    case 'CertificateRefused':
      return isAnyUnreached ? UNREACHED_PATIENCE_MS : HEARSAY_PATIENCE_MS;
    case 'UnknownAuthority':
    case 'NameMismatch':
    case 'CertificateExpired':
    case 'CertificateNotYetValid':
    case 'PeerWithoutTls':
    case 'HandshakeTimeout':
    case 'AuthorizationViolation':
    case 'DuplicateName':
    case 'ForeignCluster':
    case 'ConnectionRefused':
    case 'ConnectionTimeout':
      return PATIENCE_MS;
  }
}

const NO_REFUSAL = { from: '', to: undefined, peer: '', kind: 'ConnectionRefused', text: '' } as const;

function isFatal(kind: RefusalKind, text: string): boolean {
  switch (kind) {
    case 'HandshakeTimeout':
    case 'ConnectionTimeout':
    case 'ConnectionRefused':
      return false;
    case 'CertificateNotYetValid': {
      const [, now = '', validFrom = ''] = /current time (\S+) is before (\S+)/.exec(text) ?? [];
      return !(Date.parse(validFrom) - Date.parse(now) < SKEW_MS);
    }
    case 'CertificateExpired':
    case 'NameMismatch':
    case 'UnknownAuthority':
    case 'PeerWithoutTls':
    case 'AuthorizationViolation':
    case 'DuplicateName':
    case 'ForeignCluster':
    case 'CertificateMissing':
    case 'CertificateRefused':
    case 'NameUnresolved':
      return true;
  }
}
