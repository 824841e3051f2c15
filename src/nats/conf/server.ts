import { CLIENT_PORT, MONITOR_PORT, ROUTE_PORT } from '../../cluster/addresses.ts';
import { LAME_DUCK_DURATION_SECONDS, LAME_DUCK_GRACE_SECONDS } from '../../cluster/lame-duck.ts';
import { serverEnvironment } from '../../cluster/server-files.ts';
import type { ClusterSpec, ServerLimits } from '../../cluster/spec.ts';
import { block, type ConfBlock, list, variable } from './value.ts';

export type User = { readonly user: string; readonly password: string };

export type ServerSettings = {
  readonly clusterName: string;
  /** Digest of everything the server runs; absent while that digest is being made. */
  readonly revision?: string;
  readonly logging: ClusterSpec['logging'];
  readonly limits: ServerLimits;
  /** Paths the server reads. Those of the route certificate differ by pod and come from the environment. */
  readonly files: {
    readonly serverCertificate: string;
    readonly serverKey: string;
    readonly clientTrust: string;
    readonly routeTrust: string;
  };
  /** One, or two while clients move from one to the other. */
  readonly clientUsers: readonly User[];
  readonly probeUser: User;
  /** All the probe user may publish and subscribe to is below this. Without a final dot. */
  readonly probeSubjectPrefix: string;
  readonly systemUser: User;
  readonly routeUser: User;
  /** `routeUrls` of the cluster: every server's, its own included. */
  readonly routes: readonly string[];
};

/**
 * Peers of a new cluster shake hands all at once on nodes busy starting them; the server's default of 2 s then fails
 * handshakes that only needed longer.
 */
const ROUTE_TLS_TIMEOUT_SECONDS = 5;

/** `server_tags` names the revision in VARZ. nats-server lower-cases its tags (`opts.go`, `jwt.TagList`). */
export function revisionTag(revision: string): string {
  return `rev:${revision.toLowerCase()}`;
}

/**
 * The one nats.conf all servers of a cluster share; what differs between them comes from `serverEnvironment`.
 * Another number of servers changes `routes` alone, which a reload takes, so there are routes even for one server.
 */
export function serverConfiguration(settings: ServerSettings): ConfBlock {
  const { revision, logging, files } = settings;
  return block({
    server_name: variable(serverEnvironment.serverName),
    server_tags: revision === undefined ? undefined : list([revisionTag(revision)]),
    port: CLIENT_PORT,
    http_port: MONITOR_PORT,
    client_advertise: variable(serverEnvironment.clientAdvertise),
    lame_duck_duration: `${LAME_DUCK_DURATION_SECONDS}s`,
    lame_duck_grace_period: `${LAME_DUCK_GRACE_SECONDS}s`,
    debug: logging.debug,
    trace: logging.trace,
    logtime: logging.logtime,
    ...limitEntries(settings.limits),
    tls: block({ cert_file: files.serverCertificate, key_file: files.serverKey, ca_file: files.clientTrust }),
    authorization: authorizationBlock(settings),
    accounts: block({ $SYS: block({ users: list([userBlock(settings.systemUser)]) }) }),
    system_account: '$SYS',
    cluster: clusterBlock(settings),
  });
}

function limitEntries(limits: ServerLimits) {
  const { maxConnections, maxControlLine, maxPayload, writeDeadlineMs } = limits;
  return {
    max_connections: maxConnections,
    max_control_line: maxControlLine,
    max_payload: maxPayload,
    write_deadline: writeDeadlineMs === undefined ? undefined : `${writeDeadlineMs}ms`,
  };
}

/** Always a list: with the single-user form every reload disconnects every client (`clientHasMovedToDifferentAccount`). */
function authorizationBlock(settings: ServerSettings): ConfBlock {
  const subjects = `${settings.probeSubjectPrefix}.>`;
  const permissions = block({ publish: list([subjects]), subscribe: list([subjects]) });
  const probe = block({ ...userBlock(settings.probeUser).entries, permissions });
  return block({ users: list([...settings.clientUsers.map(userBlock), probe]) });
}

function userBlock({ user, password }: User): ConfBlock {
  return block({ user, password });
}

function clusterBlock(settings: ServerSettings): ConfBlock {
  return block({
    name: settings.clusterName,
    port: ROUTE_PORT,
    advertise: variable(serverEnvironment.routeAdvertise),
    tls: block({
      cert_file: variable(serverEnvironment.routeCertificate),
      key_file: variable(serverEnvironment.routeKey),
      ca_file: settings.files.routeTrust,
      verify: true,
      timeout: ROUTE_TLS_TIMEOUT_SECONDS,
    }),
    authorization: userBlock(settings.routeUser),
    routes: list(settings.routes),
  });
}
