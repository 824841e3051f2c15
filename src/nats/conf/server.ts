import { CLIENT_PORT, MONITOR_PORT, ROUTE_PORT } from '../../cluster/addresses.ts';
import { LAME_DUCK_DURATION_SECONDS, LAME_DUCK_GRACE_SECONDS } from '../../cluster/lame-duck.ts';
import { serverEnvironment } from '../../cluster/server-files.ts';
import type { ClusterSpec, ServerLimits } from '../../cluster/spec.ts';
import type { ConfiguredUser } from '../../cluster/user.ts';
import { ActionError } from '../../errors.ts';
import { type JetStreamSettings, jetstreamBlock } from './jetstream.ts';
import { permissionsBlock } from './permissions.ts';
import { block, type ConfBlock, list, variable } from './value.ts';

export type User = { readonly user: string; readonly password: string };

/**
 * With `verify-and-map` the certificate tells the user. Has the user a password, its clients must send that too; has it
 * none, they must send none (`comparePasswords` in `server/auth.go`). In the other modes every user has one.
 */
export type ClientUser = { readonly user: string; readonly password?: string };

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
  /**
   * `verify` asks every client for a certificate of `clientTrust`; `verify-and-map` takes the user from it as well, so
   * that users are what certificates are named (`mappedUser`), not what clients say.
   */
  readonly clientVerify: ClusterSpec['clientVerify'];
  /** Those who may do everything: two while clients move from one to the other, one more for each named certificate. */
  readonly clientUsers: readonly ClientUser[];
  /** Further users, each with permissions of its own. */
  readonly users: readonly ConfiguredUser[];
  readonly probeUser: ClientUser;
  /** All the probe user may publish and subscribe to is below this. Without a final dot. */
  readonly probeSubjectPrefix: string;
  readonly systemUser: ClientUser;
  /** Absent while the password of the routes changes: servers then take whoever holds a route certificate. */
  readonly routeUser: User | undefined;
  /**
   * `routeUrls` of the cluster: every server's, its own included. Undefined for a server that is no cluster at all, as
   * one with JetStream must be: a cluster of one waits for a second one to elect a leader with.
   */
  readonly routes: readonly string[] | undefined;
  readonly jetstream: JetStreamSettings | undefined;
};

/**
 * Peers of a new cluster shake hands all at once on nodes busy starting them; the server's default of 2 s then fails
 * handshakes that only needed longer.
 */
const ROUTE_TLS_TIMEOUT_SECONDS = 5;

/**
 * The user nats-server finds for a certificate with the subject `CN=<name>` and nothing else. The common name alone
 * fits every name: a DNS name holds no underscore, and neither it nor an e-mail address ever equals `CN=…`, so that no
 * alternative name of a certificate, which the server looks up first, finds another user (`checkClientTLSCertSubject`
 * in `server/auth.go`). Special characters are escaped as `ParseDN` of `internal/ldap/dn.go` reads them (RFC 4514 §2.4).
 */
export function mappedUser(name: string): string {
  return `CN=${name.replace(/[ "#+,;<=>\\]/g, '\\$&')}`;
}

/** `server_tags` names the revision in VARZ. nats-server lower-cases its tags (`opts.go`, `jwt.TagList`). */
export function revisionTag(revision: string): string {
  return `rev:${revision.toLowerCase()}`;
}

/**
 * The one nats.conf all servers of a cluster share; what differs between them comes from `serverEnvironment`.
 * Another number of servers changes `routes` alone, which a reload takes, so there are routes even for one server
 * without JetStream.
 * @throws ActionError INTERNAL for a user without a password that no certificate stands for
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
    tls: block({
      cert_file: files.serverCertificate,
      key_file: files.serverKey,
      ca_file: files.clientTrust,
      ...verifyEntries(settings.clientVerify),
    }),
    authorization: authorizationBlock(settings),
    accounts: block({ $SYS: block({ users: list([clientBlock(settings.clientVerify, settings.systemUser)]) }) }),
    system_account: '$SYS',
    jetstream: jetstreamBlock(settings.jetstream),
    cluster: settings.routes === undefined ? undefined : clusterBlock(settings, settings.routes),
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

function verifyEntries(clientVerify: ServerSettings['clientVerify']) {
  switch (clientVerify) {
    case 'none':
      return {};
    case 'verify':
      return { verify: true };
    case 'verify-and-map':
      return { verify_and_map: true };
  }
}

/** Always a list: with the single-user form every reload disconnects every client (`clientHasMovedToDifferentAccount`). */
function authorizationBlock(settings: ServerSettings): ConfBlock {
  const { clientVerify, clientUsers, users, probeUser, probeSubjectPrefix } = settings;
  const subjects = `${probeSubjectPrefix}.>`;
  const permissions = block({ publish: list([subjects]), subscribe: list([subjects]) });
  const clients = clientUsers.map((user) => clientBlock(clientVerify, user));
  const configured = users.map((user) => clientBlock(clientVerify, user, permissionsBlock(user.permissions)));
  return block({ users: list([...clients, ...configured, clientBlock(clientVerify, probeUser, permissions)]) });
}

function clientBlock(
  clientVerify: ServerSettings['clientVerify'],
  { user, password }: ClientUser,
  permissions?: ConfBlock,
): ConfBlock {
  const isMapped = clientVerify === 'verify-and-map';
  if (!isMapped && password === undefined) {
    // nats-server would let anybody in who sends the user's name and nothing more.
    throw new ActionError('INTERNAL', `nats.conf: user ${user} has no password, and none is found by its certificate`, {
      hint: 'Report this with the inputs of the job.',
      details: {},
    });
  }
  return block({ user: isMapped ? mappedUser(user) : user, password, permissions });
}

function clusterBlock(settings: ServerSettings, routes: readonly string[]): ConfBlock {
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
