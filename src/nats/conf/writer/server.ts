import { CLIENT_PORT, MONITOR_PORT, ROUTE_PORT } from '../../../cluster/addresses.ts';
import { serverEnvironment } from '../../../cluster/server-files.ts';
import {
  type ClusterSpec,
  LAME_DUCK_DURATION_SECONDS,
  LAME_DUCK_GRACE_SECONDS,
  type ServerLimits,
} from '../../../cluster/spec.ts';
import type { ConfiguredUser } from '../../../cluster/user.ts';
import { ActionError } from '../../../errors/action-error.ts';
import { block, type ConfBlock, list, variable } from '../reader/value.ts';
import { buildJetStream, buildPermissions, type JetStreamSettings } from './blocks.ts';

export type User = { readonly user: string; readonly password: string };

/**
 * A user of the servers. With `verify-and-map`, the certificate selects the user. If that user has a password, its
 * clients must send it too; otherwise they must send none (`comparePasswords` in `server/auth.go`). In the other modes
 * every user has a password.
 */
export type ClientUser = { readonly user: string; readonly password?: string };

export type ServerSettings = {
  readonly clusterName: string;
  /** The digest of everything that the server runs; absent while the digest is being computed. */
  readonly revision?: string;
  readonly logging: ClusterSpec['logging'];
  readonly limits: ServerLimits;
  /** The paths that the server reads. Those of the route certificate differ by pod and come from the environment. */
  readonly files: {
    readonly serverCertificate: string;
    readonly serverKey: string;
    readonly clientTrust: string;
    readonly routeTrust: string;
  };
  /**
   * The mode of client certificates. `verify` requests a certificate of `clientTrust` from every client.
   * `verify-and-map` also takes the user from the certificate, so that the name in the certificate selects the user
   * (`formatMappedUser`), not the name that the client sends.
   */
  readonly clientVerify: ClusterSpec['clientVerify'];
  /**
   * The users with all permissions: two while clients move from one to the other, and one more for each named
   * certificate.
   */
  readonly clientUsers: readonly ClientUser[];
  /** The other users, each with permissions of its own. */
  readonly users: readonly ConfiguredUser[];
  readonly probeUser: ClientUser;
  /** The prefix of all subjects that the probe user may publish and subscribe to. It has no final dot. */
  readonly probeSubjectPrefix: string;
  readonly systemUser: ClientUser;
  /**
   * The user of the routes; absent while its password changes: servers then accept every peer with a route certificate.
   */
  readonly routeUser: User | undefined;
  /**
   * The `listRouteUrls` of the cluster: every server's, its own included. Undefined for a standalone server, which is
   * required for one server with JetStream: a cluster of one waits for a second server to elect a leader.
   */
  readonly routes: readonly string[] | undefined;
  readonly jetstream: JetStreamSettings | undefined;
};

/**
 * The timeout of route handshakes, in seconds. In a new cluster, all peers start their handshakes at the same time, on
 * nodes that are busy with the start of the pods. The server's default of 2 s then fails handshakes that only needed
 * more time.
 */
const ROUTE_TLS_TIMEOUT_SECONDS = 5;

/**
 * Returns the user that nats-server finds for a certificate with the subject `CN=<name>` and nothing else. Only the
 * common name can contain every user name, because DNS names cannot contain an underscore. nats-server looks up the
 * alternative names of a certificate first. They never find such a user, because no DNS name or e-mail address equals
 * `CN=…` (`checkClientTLSCertSubject` in `server/auth.go`). Special characters are escaped as `ParseDN` of
 * `internal/ldap/dn.go` reads them (RFC 4514 §2.4).
 */
export function formatMappedUser(name: string): string {
  return `CN=${name.replace(/[ "#+,;<=>\\]/g, '\\$&')}`;
}

/**
 * Returns the tag that names the revision in VARZ (`server_tags`). nats-server lower-cases its tags (`opts.go`,
 * `jwt.TagList`).
 */
export function formatRevisionTag(revision: string): string {
  return `rev:${revision.toLowerCase()}`;
}

/**
 * Builds the one nats.conf that all servers of a cluster share; the differences between servers come from
 * `serverEnvironment`. If the number of servers changes, only `routes` changes, and a reload accepts that. Therefore
 * even a single server without JetStream has routes.
 * @throws ActionError INTERNAL for a user without a password, unless certificates select the users
 */
export function buildServerConfiguration(settings: ServerSettings): ConfBlock {
  const { revision, logging, files } = settings;
  return block({
    server_name: variable(serverEnvironment.serverName),
    server_tags: revision === undefined ? undefined : list([formatRevisionTag(revision)]),
    port: CLIENT_PORT,
    http_port: MONITOR_PORT,
    client_advertise: variable(serverEnvironment.clientAdvertise),
    lame_duck_duration: `${LAME_DUCK_DURATION_SECONDS}s`,
    lame_duck_grace_period: `${LAME_DUCK_GRACE_SECONDS}s`,
    debug: logging.debug,
    trace: logging.trace,
    logtime: logging.logtime,
    ...buildLimits(settings.limits),
    tls: block({
      cert_file: files.serverCertificate,
      key_file: files.serverKey,
      ca_file: files.clientTrust,
      ...buildVerification(settings.clientVerify),
    }),
    authorization: buildAuthorization(settings),
    accounts: block({ $SYS: block({ users: list([buildClient(settings.clientVerify, settings.systemUser)]) }) }),
    system_account: '$SYS',
    jetstream: buildJetStream(settings.jetstream),
    cluster: settings.routes === undefined ? undefined : buildCluster(settings, settings.routes),
  });
}

function buildLimits(limits: ServerLimits) {
  const { maxConnections, maxControlLine, maxPayload, writeDeadlineMs } = limits;
  return {
    max_connections: maxConnections,
    max_control_line: maxControlLine,
    max_payload: maxPayload,
    write_deadline: writeDeadlineMs === undefined ? undefined : `${writeDeadlineMs}ms`,
  };
}

function buildVerification(clientVerify: ServerSettings['clientVerify']) {
  switch (clientVerify) {
    case 'none':
      return {};
    case 'verify':
      return { verify: true };
    case 'verify-and-map':
      return { verify_and_map: true };
  }
}

/**
 * Builds `authorization`, always with a list of users: with the form for a single user, every reload disconnects every
 * client (`clientHasMovedToDifferentAccount`).
 */
function buildAuthorization(settings: ServerSettings): ConfBlock {
  const { clientVerify, clientUsers, users, probeUser, probeSubjectPrefix } = settings;
  const subjects = `${probeSubjectPrefix}.>`;
  const permissions = block({ publish: list([subjects]), subscribe: list([subjects]) });
  const clients = clientUsers.map((user) => buildClient(clientVerify, user));
  const configured = users.map((user) => buildClient(clientVerify, user, buildPermissions(user.permissions)));
  return block({ users: list([...clients, ...configured, buildClient(clientVerify, probeUser, permissions)]) });
}

function buildClient(
  clientVerify: ServerSettings['clientVerify'],
  { user, password }: ClientUser,
  permissions?: ConfBlock,
): ConfBlock {
  const isMapped = clientVerify === 'verify-and-map';
  if (!isMapped && password === undefined) {
    // nats-server would accept every client that sends the user's name and nothing more.
    throw new ActionError(
      'INTERNAL',
      `nats.conf: user ${user} has no password, and \`client-verify\` is not \`verify-and-map\``,
      {
        hint: 'Report this with the inputs of the job.',
        details: {},
      },
    );
  }
  return block({ user: isMapped ? formatMappedUser(user) : user, password, permissions });
}

function buildCluster(settings: ServerSettings, routes: readonly string[]): ConfBlock {
  const { routeUser } = settings;
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
    authorization: routeUser === undefined ? undefined : block({ ...routeUser }),
    routes: list(routes),
  });
}
