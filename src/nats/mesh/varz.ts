import { type Decoded, decodeAnswer, type FieldReader } from './decoded.ts';

/** What the gate reads of VARZ (nats-server `server/monitor.go`, `type Varz`). */
export type Varz = {
  readonly serverId: string;
  readonly serverName: string;
  readonly version: string;
  /** Lower-cased by the server. Over HTTP stale after a reload before 2.12; over `$SYS` always current. */
  readonly tags: readonly string[];
  /** How long ago it loaded its configuration, be it by a reload, in milliseconds by the server's clock. */
  readonly loadedMs: number;
  /** How long ago it started, in milliseconds by the server's clock. */
  readonly upMs: number;
  /** The account the server always gives a route of its own; undefined without one. */
  readonly systemAccount: string | undefined;
  readonly tlsRequired: boolean;
  /** Undefined when the server has no cluster block. */
  readonly cluster: VarzCluster | undefined;
  /** Undefined where JetStream does not run: not asked for, or turned off by the server itself. */
  readonly jetstream: VarzJetStream | undefined;
};

/** `type JetStreamVarz`. A server that is alone has no meta group. */
type VarzJetStream = { readonly metaGroup: VarzMetaGroup | undefined };

/** `type MetaClusterInfo`: the Raft group that decides about streams, as this server sees it. */
export type VarzMetaGroup = {
  /** A `server_name`; undefined while none is elected. */
  readonly leader: string | undefined;
  readonly size: number;
  /** The members but the leader; before 2.12 only the leader lists them. `current`: seen lately, and up to date. */
  readonly replicas: readonly { readonly name: string; readonly current: boolean }[];
};

type VarzCluster = {
  readonly name: string;
  /**
   * Pooled connections per peer; below zero pooling is off. Absent before 2.10. Over HTTP this stays what it was at
   * the first request, whatever a reload changed.
   */
  readonly poolSize: number | undefined;
  readonly tlsRequired: boolean;
  readonly tlsVerify: boolean;
};

/** The answer of `$SYS.REQ.SERVER.<id>.VARZ` or `/varz`. */
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
      cluster: cluster === undefined ? undefined : varzCluster(cluster),
      jetstream: varzJetStream(fields.optionalObject('jetstream')),
    };
  });
}

/** Where it does not run the server writes `"jetstream": {}`. */
function varzJetStream(fields: FieldReader | undefined): VarzJetStream | undefined {
  const meta = fields?.optionalObject('meta');
  return fields?.optionalObject('config') === undefined
    ? undefined
    : { metaGroup: meta === undefined ? undefined : varzMetaGroup(meta) };
}

function varzMetaGroup(fields: FieldReader): VarzMetaGroup {
  return {
    leader: fields.optionalText('leader'),
    size: fields.integer('cluster_size'),
    replicas: fields.optionalObjects('replicas').map((replica) => {
      const isOffline = replica.flag('offline');
      return { name: replica.optionalText('name') ?? '', current: replica.flag('current') && !isOffline };
    }),
  };
}

/** Without a cluster block the server still writes `"cluster": {}`. */
function varzCluster(fields: FieldReader): VarzCluster | undefined {
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
