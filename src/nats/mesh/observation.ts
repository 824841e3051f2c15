import type { Routez } from './routez.ts';
import type { Varz } from './varz.ts';

/** The pod a server runs in: its UID, and the revision of the StatefulSet it was made of (`controller-revision-hash`). */
export type ServerPod = { readonly uid: string; readonly statefulSetRevision: string };

export type ExpectedServer = ServerPod & { readonly serverName: string };

/** The mesh that is to be: exactly these servers, each with a full set of routes to each other. */
export type MeshExpectation = {
  /** Undefined for one server that is no cluster. */
  readonly clusterName: string | undefined;
  readonly servers: readonly ExpectedServer[];
  /** The `server_tags` entry of the revision (`revisionTag`); undefined takes any, while one after the other reloads. */
  readonly revisionTag: string | undefined;
  /** The `cluster.pool_size` of this revision; undefined takes each server's own word for it. */
  readonly poolSize: number | undefined;
  /** The accounts of `cluster.accounts`. The system account has a route of its own anyway and need not be here. */
  readonly pinnedAccounts: readonly string[];
  /** Servers that are not observed may be peers as well, and each server has routes to at least so many of them. */
  readonly strangers?: { readonly atLeast: number } | undefined;
  /** Whether servers run JetStream, with a meta leader where they are several. */
  readonly jetstream: boolean;
  /** Whether the JetStream meta group also has servers of other clusters, joined by gateways. */
  readonly joinsClusters: boolean;
};

/** One server as seen at one time, over one connection. */
export type ServerObservation = { readonly pod: ServerPod; readonly varz: Varz; readonly routez: Routez };

/** All servers that could be observed in one round. One that could not is simply not in it. */
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

/** What keeps the mesh from being complete: at the server `from`, or in its routes to `to`. */
export type MeshProblem = {
  readonly from: string;
  /** Undefined when it is the server itself. */
  readonly to: string | undefined;
  readonly reason: MeshProblemReason;
  readonly message: string;
};
