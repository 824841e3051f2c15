import type { Routez, Varz } from './monitoring.ts';

/** The pod of a server: its UID, and the StatefulSet revision that it was made from (`controller-revision-hash`). */
export type ServerPod = { readonly uid: string; readonly statefulSetRevision: string };

export type ExpectedServer = ServerPod & { readonly serverName: string };

/** The expected mesh: exactly these servers, each with a full set of routes to each other server. */
export type MeshExpectation = {
  /** The name of the NATS cluster; undefined for a single server without a cluster. */
  readonly clusterName: string | undefined;
  readonly servers: readonly ExpectedServer[];
  /**
   * The `server_tags` entry of the revision (`formatRevisionTag`); undefined accepts any revision, for example while
   * the servers reload one by one.
   */
  readonly revisionTag: string | undefined;
  /** The `cluster.pool_size` of this revision; undefined accepts the size that each server reports. */
  readonly poolSize: number | undefined;
  /** The accounts of `cluster.accounts`. The system account always has a route of its own, so it need not be listed. */
  readonly pinnedAccounts: readonly string[];
  /**
   * The servers that are still to be replaced. They may be peers although they are not observed, and each server must
   * have routes to at least `atLeast` of them. Undefined allows no such peers.
   */
  readonly strangers?: { readonly atLeast: number } | undefined;
  /** Whether servers run JetStream, with a meta leader if there are several servers. */
  readonly jetstream: boolean;
  /** Whether the JetStream meta group also has servers of other clusters, joined by gateways. */
  readonly joinsClusters: boolean;
};

/** One server as observed at one time, over one connection. */
export type ServerObservation = { readonly pod: ServerPod; readonly varz: Varz; readonly routez: Routez };

/** All servers that could be observed in one round. */
export type MeshSample = readonly ServerObservation[];

export type MeshProblemReason =
  | 'NothingExpected'
  | 'NotObserved'
  | 'UnexpectedServer'
  | 'DuplicateServer'
  | 'RestartedWhileObserved'
  | 'ServerUnsupported'
  | 'PodReplaced'
  | 'OldPodTemplate'
  | 'ForeignCluster'
  | 'OldRevision'
  | 'UnexpectedPeer'
  | 'GhostRoute'
  | 'PoolSizeMismatch'
  | 'NoRoute'
  | 'OneSidedRoute'
  | 'ConnectionsMissing'
  | 'ConnectionsSurplus'
  | 'JetStreamOff'
  | 'NoMetaLeader'
  | 'OtherMetaLeader'
  | 'MetaGroupSize'
  | 'OutsideMetaGroup'
  | 'MetaPeerBehind'
  | 'StreamsToMove'
  | 'NotHealthy'
  | 'StreamBehind'
  | 'OtherEndpoints';

/** A problem that keeps the mesh from being complete: at the server `from`, or in its routes to `to`. */
export type MeshProblem = {
  readonly from: string;
  /** The peer; undefined if the problem is the server itself. */
  readonly to: string | undefined;
  readonly reason: MeshProblemReason;
  readonly message: string;
};

export type ServerPair = { readonly from: string; readonly to: string };

/**
 * Returns the pairs of servers that lack routes. A problem with an unexpected peer is left out, because no route to
 * that peer is missing.
 */
export function findMissingPairs(problems: readonly MeshProblem[]): readonly ServerPair[] {
  return problems.flatMap(({ from, to, reason }) =>
    to === undefined || reason === 'UnexpectedPeer' ? [] : [{ from, to }],
  );
}
