import { type Decoded, decodeAnswer, type FieldReader } from './decoder.ts';

/** The part of ROUTEZ that the gate reads (nats-server `server/monitor.go`, `type Routez`). */
export type Routez = {
  readonly serverId: string;
  readonly routes: readonly Route[];
};

/** One connection to a peer. A server has several connections to each peer. */
export type Route = {
  /** The id of this connection at this server; the server does not reuse an id until it restarts. */
  readonly routeId: number;
  /** The id of the peer's process, which changes with every start. */
  readonly remoteId: string;
  /** The age of the connection, in milliseconds by the server's clock. */
  readonly ageMs: number;
  /** The peer's `server_name`; absent before 2.9.16. */
  readonly remoteName: string | undefined;
  /** The account that the connection is reserved for; undefined for connections of the pool. */
  readonly account: string | undefined;
};

/** Decodes the answer of `$SYS.REQ.SERVER.<id>.ROUTEZ` or `/routez`. */
export function decodeRoutez(answer: unknown): Decoded<Routez> {
  return decodeAnswer(answer, (fields) => ({
    serverId: fields.text('server_id'),
    routes: decodeRoutes(fields.objects('routes'), fields.time('now')),
  }));
}

function decodeRoutes(routes: readonly FieldReader[], now: number): readonly Route[] {
  return routes.map((fields) => ({
    routeId: fields.integer('rid'),
    remoteId: fields.text('remote_id'),
    ageMs: now - fields.time('start'),
    remoteName: fields.optionalText('remote_name'),
    account: fields.optionalText('account'),
  }));
}

/** The part of VARZ that the gate reads (nats-server `server/monitor.go`, `type Varz`). */
export type Varz = {
  readonly serverId: string;
  readonly serverName: string;
  readonly version: string;
  /**
   * The tags, lower-cased by the server. Before 2.12, the tags are stale over HTTP after a reload; over `$SYS` they are
   * always current.
   */
  readonly tags: readonly string[];
  /**
   * The time since the server loaded its configuration, including by a reload, in milliseconds by the server's clock.
   */
  readonly loadedMs: number;
  /** The time since the server started, in milliseconds by the server's clock. */
  readonly upMs: number;
  /** The account that the server always gives a route of its own; undefined without one. */
  readonly systemAccount: string | undefined;
  readonly tlsRequired: boolean;
  /** The cluster settings; undefined if the server has no cluster block. */
  readonly cluster: VarzCluster | undefined;
  /** The state of JetStream; undefined if it does not run, because it was not requested or the server turned it off. */
  readonly jetstream: VarzJetStream | undefined;
};

/** The part of `type JetStreamVarz` that the gate reads. A single server has no meta group. */
type VarzJetStream = { readonly metaGroup: VarzMetaGroup | undefined };

/** The Raft group that decides about streams, as this server sees it (`type MetaClusterInfo`). */
export type VarzMetaGroup = {
  /** The `server_name` of the leader; undefined while no leader is elected. */
  readonly leader: string | undefined;
  readonly size: number;
  /**
   * The members except the leader; before 2.12 only the leader lists them. `current` means that the leader heard from
   * the member recently, and that the member is up to date.
   * `silent`: the leader has not heard from the member for ten seconds, or never.
   */
  readonly replicas: readonly { readonly name: string; readonly current: boolean; readonly silent: boolean }[];
};

type VarzCluster = {
  readonly name: string;
  /**
   * The number of pooled connections per peer; below zero, pooling is off. Absent before 2.10. Over HTTP, the value
   * stays the same after the first request, even if a reload changes it.
   */
  readonly poolSize: number | undefined;
  readonly tlsRequired: boolean;
  readonly tlsVerify: boolean;
};

/** Decodes the answer of `$SYS.REQ.SERVER.<id>.VARZ` or `/varz`. */
export function decodeVarz(answer: unknown): Decoded<Varz> {
  return decodeAnswer(answer, (fields) => {
    const cluster = fields.optionalObject('cluster');
    return {
      serverId: fields.text('server_id'),
      serverName: fields.text('server_name'),
      version: fields.text('version'),
      tags: fields.texts('tags'),
      loadedMs: fields.time('now') - fields.time('config_load_time'),
      upMs: fields.time('now') - fields.time('start'),
      systemAccount: fields.optionalText('system_account'),
      tlsRequired: fields.flag('tls_required'),
      cluster: cluster === undefined ? undefined : decodeCluster(cluster),
      jetstream: decodeJetStream(fields.optionalObject('jetstream')),
    };
  });
}

/** Reads the state of JetStream. A server without running JetStream writes `"jetstream": {}`. */
function decodeJetStream(fields: FieldReader | undefined): VarzJetStream | undefined {
  const meta = fields?.optionalObject('meta');
  return fields?.optionalObject('config') === undefined
    ? undefined
    : { metaGroup: meta === undefined ? undefined : decodeMetaGroup(meta) };
}

/**
 * The time after which a leader gives a member up: ten heartbeats, each answered at once (`lostQuorumInterval` of
 * server/raft.go). A member that catches up answers as well. `active` is 0 for a member that has never answered.
 */
export const SILENT_MS = 10_000;
const NANOSECONDS = 1_000_000;

function decodeMetaGroup(fields: FieldReader): VarzMetaGroup {
  return {
    leader: fields.optionalText('leader'),
    size: fields.integer('cluster_size'),
    replicas: fields.optionalObjects('replicas').map((replica) => {
      const current = replica.flag('current') && !replica.flag('offline');
      const activeMs = (replica.optionalInteger('active') ?? 0) / NANOSECONDS;
      const silent = !current && (activeMs === 0 || activeMs >= SILENT_MS);
      return { name: replica.optionalText('name') ?? '', current, silent };
    }),
  };
}

/** Reads the cluster settings. A server without a cluster block still writes `"cluster": {}`. */
function decodeCluster(fields: FieldReader): VarzCluster | undefined {
  const name = fields.optionalText('name');
  if (name === undefined) {
    return undefined;
  }
  return {
    name,
    poolSize: fields.optionalInteger('pool_size'),
    tlsRequired: fields.flag('tls_required'),
    tlsVerify: fields.flag('tls_verify'),
  };
}

/** Returns how many clients of any account are connected to a server, as VARZ reports it (nats-server `type Varz`). */
export function decodeConnections(answer: unknown): Decoded<number> {
  return decodeAnswer(answer, (fields) => fields.integer('connections'));
}
