import type { Facts, LogFacts } from './facts.ts';

/** A log entry of one server about a route that was not established. */
export type RouteRefusal = {
  readonly from: string;
  /** The peer, if the line and the known addresses identify it. */
  readonly to: string | undefined;
  /** The peer as the server logs it: an address or a host name. */
  readonly peer: string;
  readonly kind: RefusalKind;
  /** The text of the server, without address and ids. */
  readonly text: string;
  readonly line: string;
  readonly fresh: boolean;
};

export type RefusalKind =
  | 'UnknownAuthority'
  | 'NameMismatch'
  | 'CertificateExpired'
  | 'CertificateNotYetValid'
  | 'CertificateMissing'
  | 'CertificateRefused'
  | 'PeerWithoutTls'
  | 'HandshakeTimeout'
  | 'AuthorizationViolation'
  | 'DuplicateName'
  | 'ForeignCluster'
  | 'NameUnresolved'
  | 'ConnectionRefused'
  | 'ConnectionTimeout';

/**
 * The patterns of each kind; the first match is used (nats-server `server/route.go`, `client.go`, `auth.go`; Go
 * `crypto/x509/verify.go`).
 */
const KINDS: readonly (readonly [RegExp, RefusalKind])[] = [
  [/certificate signed by unknown authority/, 'UnknownAuthority'],
  [
    /certificate is (?:valid for|not valid for)|doesn't contain any (?:IP )?SANs|not standards compliant/,
    'NameMismatch',
  ],
  [/certificate has expired or is not yet valid: current time \S+ is before/, 'CertificateNotYetValid'],
  [/certificate has expired/, 'CertificateExpired'],
  [/client didn't provide a certificate/, 'CertificateMissing'],
  [/remote error: tls: (?:expired certificate)/, 'CertificateExpired'],
  [/remote error: tls: |failed to verify certificate/, 'CertificateRefused'],
  [/first record does not look like a TLS handshake/, 'PeerWithoutTls'],
  [/TLS route handshake error: .{0,900}timeout|TLS handshake timeout/, 'HandshakeTimeout'],
  [/Authorization Violation|authentication error/, 'AuthorizationViolation'],
  [/has a duplicate name|Duplicate server name|server has the same name/, 'DuplicateName'],
  [/cluster name "[^"]*" does not match/, 'ForeignCluster'],
  [/no such host|lookup for host .{0,900}(?:server misbehaving|timeout|connection refused)/, 'NameUnresolved'],
  [/connect: connection refused/, 'ConnectionRefused'],
  [/i\/o timeout|no route to host|network is unreachable/, 'ConnectionTimeout'],
];

const LOG_LINE = /\[(INF|ERR|WRN|FTL)\] (.*)/;
const ROUTE_LINE = /^\[?([0-9a-fA-F.:]+?)\]?:\d+ - rid:\d+ - (.*)$/;
const DIAL_LINE = /^Error trying to connect to (?:\w+ )?route \(attempt \d+\): (.*)$/;
const CREATED = 'Route connection created';

/**
 * Returns the refusals in the logs of the servers, oldest first. A server logs a connection failure once an hour, so a
 * route that is established later cancels the earlier failures to reach the same peer.
 */
export function findRouteRefusals({
  logs,
  addresses,
  pods,
}: Pick<Facts, 'logs' | 'addresses' | 'pods'>): readonly RouteRefusal[] {
  const names = new Set(pods.map(({ name }) => name));
  return logs.filter(({ run }) => run === 'current').flatMap((log) => findRefusalsInLog(log, addresses, names));
}

function findRefusalsInLog(
  { pod, lines, freshFrom }: LogFacts,
  addresses: Facts['addresses'],
  names: ReadonlySet<string>,
): readonly RouteRefusal[] {
  let refusals: readonly RouteRefusal[] = [];
  for (const [index, line] of lines.entries()) {
    const text = LOG_LINE.exec(line)?.[2];
    const entry = text === undefined ? undefined : parseRouteEntry(text);
    if (entry === undefined) {
      continue;
    }
    const to = addresses[entry.peer] ?? findNamedServer(entry.text, names);
    if (to === undefined && isOwnCheck(entry.peer)) {
      continue;
    }
    if (entry.text.startsWith(CREATED)) {
      refusals = refusals.filter((earlier) => !isUnreached(earlier.kind) || earlier.to !== to);
      continue;
    }
    const kind = KINDS.find(([pattern]) => pattern.test(entry.text))?.[1];
    if (kind !== undefined && to !== pod) {
      refusals = [...refusals, { from: pod, to, ...entry, kind, line, fresh: index >= freshFrom }];
    }
  }
  return refusals;
}

/**
 * Checks whether a connection comes from a check of this action. No server connects from the loopback address of its
 * own pod, but a port-forward does, and each run uses one to check that invalid connections are refused.
 */
function isOwnCheck(peer: string): boolean {
  return ['127.0.0.1', '::1'].includes(peer);
}

/** Checks whether the kind means that the peer was not reached at all. */
export function isUnreached(kind: RefusalKind): boolean {
  return ['NameUnresolved', 'ConnectionRefused', 'ConnectionTimeout'].includes(kind);
}

function parseRouteEntry(text: string): { readonly peer: string; readonly text: string } | undefined {
  const [, address, entry] = ROUTE_LINE.exec(text) ?? [];
  if (address !== undefined && entry !== undefined) {
    return { peer: address, text: entry };
  }
  const dial = DIAL_LINE.exec(text)?.[1];
  if (dial === undefined) {
    return undefined;
  }
  const peer =
    /lookup (?:for host )?"?([^\s":]+)"?/.exec(dial)?.[1] ?? /dial tcp \[?([0-9a-fA-F.:]+?)\]?:\d+/.exec(dial)?.[1];
  return { peer: peer ?? '', text: dial };
}

/**
 * Finds the server that the text names by host (`nats-1.ns.svc`) or, since 2.12, by the common name of its certificate.
 */
function findNamedServer(text: string, names: ReadonlySet<string>): string | undefined {
  const named = [/\(CN=([^\s)]+)/, /, not ([^\s.]+)/, /lookup (?:for host )?"?([^\s".:]+)/];
  return named.map((pattern) => pattern.exec(text)?.[1]).find((name) => name !== undefined && names.has(name));
}
