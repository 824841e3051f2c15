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
   * The `server_tags` entry of the revision (`formatRevisionTag`); undefined accepts any, while the servers reload one by
   * one.
   */
  readonly revisionTag: string | undefined;
  /** The `cluster.pool_size` of this revision; undefined accepts the size that each server reports. */
  readonly poolSize: number | undefined;
  /** The accounts of `cluster.accounts`. The system account has a route of its own anyway and need not be listed. */
  readonly pinnedAccounts: readonly string[];
  /**
   * The servers outside of the observation that may be peers as well; each server has routes to at least so many of
   * them.
   */
  readonly strangers?: { readonly atLeast: number } | undefined;
  /** Whether servers run JetStream, with a meta leader if they are several. */
  readonly jetstream: boolean;
  /** Whether the JetStream meta group also has servers of other clusters, joined by gateways. */
  readonly joinsClusters: boolean;
};

/** One server as observed at one time, over one connection. */
export type ServerObservation = { readonly pod: ServerPod; readonly varz: Varz; readonly routez: Routez };

/** All servers that could be observed in one round. The sample leaves out the others. */
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
 * Returns the pairs that lack routes. An unexpected peer lacks no route, whichever other connections the servers
 * refuse.
 */
export function findMissingPairs(problems: readonly MeshProblem[]): readonly ServerPair[] {
  return problems.flatMap(({ from, to, reason }) =>
    to === undefined || reason === 'UnexpectedPeer' ? [] : [{ from, to }],
  );
}
