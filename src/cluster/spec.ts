import type { KeyAlgorithm } from '../pki/key-algorithm.ts';

/** A merge patch (RFC 7386) on objects that the Action renders. */
export type Override = {
  readonly kind: string;
  /** The role of the object (`client`), `all` for every object of the kind, or the name of one object. */
  readonly role: string;
  readonly patch: Readonly<Record<string, unknown>>;
};

/** Returns the name of an override as the input spells it. */
export function overrideName({ kind, role }: Pick<Override, 'kind' | 'role'>): string {
  return `${kind}/${role}`;
}

/** The word that stands in place of a role and selects every object of the kind. */
export const ALL_OF_KIND = 'all';

/** The prefix of the labels and annotations in which the Action keeps its own state. */
export const OWN_PREFIX = 'nats-cluster-action/';

/**
 * The `lame_duck_duration`: a server that shuts down closes its client connections over this time. nats-server rejects
 * less than 30 s.
 */
export const LAME_DUCK_DURATION_SECONDS = 30;

/** The `lame_duck_grace_period`: the time before the first of these connections is closed. */
export const LAME_DUCK_GRACE_SECONDS = 10;

/**
 * The time that the kubelet waits before it kills the container: the lame duck mode, and the time to close the
 * remaining connections.
 */
export const TERMINATION_GRACE_SECONDS = LAME_DUCK_DURATION_SECONDS + 20;

export type AntiAffinity = 'required' | 'preferred' | 'none';

/**
 * `restricted` sets the user and group ids itself; `platform` leaves them to the Kubernetes cluster (OpenShift assigns
 * its own per namespace).
 */
export type PodSecurity = 'restricted' | 'platform';

/** Quantities by resource name, as Kubernetes spells them, for example `{ cpu: '100m', memory: '128Mi' }`. */
export type Quantities = Readonly<Record<string, string>>;

export type Resources = { readonly requests?: Quantities; readonly limits?: Quantities };

/** The JetStream settings of every server. */
export type JetStream = {
  /** The volume of each server for its streams; absent if streams are in memory only. */
  readonly volume?: {
    /** The size as a Kubernetes quantity; `bytes` is the same size in bytes. */
    readonly size: string;
    readonly bytes: number;
    /** The storage class. If it is absent, the default class of the Kubernetes cluster applies. */
    readonly storageClass?: string;
  };
  /** The bytes that streams in memory may use on each server. */
  readonly memoryBytes: number;
};

/**
 * The kind of access to the Service for applications: inside the Kubernetes cluster, by a port of every node, or by an
 * address of its own.
 */
export type ServiceType = 'ClusterIP' | 'NodePort' | 'LoadBalancer';

/** Limits of a server. An absent limit keeps the default of nats-server. */
export type ServerLimits = {
  readonly maxConnections?: number;
  /** Bytes. */
  readonly maxControlLine?: number;
  /** Bytes. */
  readonly maxPayload?: number;
  readonly writeDeadlineMs?: number;
};

export type SubjectAltNames = {
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
};

/** Whether servers request a certificate from clients, and whether the certificate also identifies the user. */
export type ClientVerify = 'none' | 'verify' | 'verify-and-map';

/** The parts of the user's own nats-server configuration that affect the objects and the checks. */
export type ConfigurationNeeds = {
  /** The ports that the configuration opens in addition to those for clients, routes and monitoring. */
  readonly listeners: readonly { readonly name: string; readonly port: number }[];
  /** The pool size and the pinned accounts of the routes, as in `MeshExpectation`. */
  readonly poolSize: number | undefined;
  readonly pinnedAccounts: readonly string[];
  /** Whether gateways join the JetStream of other NATS clusters to this one. */
  readonly joinsClusters: boolean;
  /**
   * The digest of the settings that take effect only when a server starts; undefined if a reload applies all settings.
   */
  readonly restartDigest: string | undefined;
  /** The directory in which the resolver keeps the accounts of an operator; undefined without such a directory. */
  readonly resolverDirectory: string | undefined;
};

/** Whether the servers form one NATS cluster, even a cluster of one, or the only server runs standalone. */
export type ClusterShape = 'cluster' | 'standalone';

/** The wanted state of one NATS cluster. Passwords and certificates are not part of it: they are `Material`. */
export type ClusterSpec = {
  readonly name: string;
  readonly namespace: string;
  /** The number of servers. It differs from the requested number while the cluster is being scaled. */
  readonly replicas: number;
  /**
   * The shape for the requested number of servers, never for a number in between: a server of one shape does not know
   * the streams of a server of the other shape.
   */
  readonly shape: ClusterShape;
  readonly image: string;
  /** The names of the Secrets with which the kubelet pulls images. */
  readonly imagePullSecrets: readonly string[];
  readonly antiAffinity: AntiAffinity;
  readonly resources: Resources;
  readonly securityContext: PodSecurity;
  /**
   * Whether a NetworkPolicy restricts the route port to the servers and closes the monitoring port to all pods of the
   * Kubernetes cluster.
   */
  readonly networkPolicy: boolean;
  /** Whether a Prometheus exporter runs beside each server. */
  readonly metrics: boolean;
  /** Whether the Kubernetes cluster has the kind PodMonitor, through which Prometheus finds the exporters. */
  readonly podMonitor: boolean;
  /** Merge patches on the rendered objects, in the order of the input. */
  readonly overrides: readonly Override[];
  readonly logging: { readonly debug: boolean; readonly trace: boolean; readonly logtime: boolean };
  readonly limits: ServerLimits;
  readonly keyAlgorithm: KeyAlgorithm;
  /** Names and addresses of the server certificate in addition to those derived from the cluster. */
  readonly subjectAltNames: SubjectAltNames;
  readonly serviceType: ServiceType;
  /**
   * The known addresses at which clients outside of the Kubernetes cluster reach that Service. The server certificate
   * contains them.
   */
  readonly externalAddresses: SubjectAltNames;
  /** The requirements of the user's own configuration; absent without such a configuration. */
  readonly configuration?: ConfigurationNeeds;
  readonly clientUser: string;
  readonly routeUser: string;
  readonly clientVerify: ClientVerify;
  /** The stream settings; absent if servers keep no streams. */
  readonly jetstream?: JetStream;
  /** Names of clients that get a certificate of their own. */
  readonly clientCertificates: readonly string[];
  /**
   * Secrets that the user provides (cert-manager's layout). Servers use them in place of generated certificates, and
   * the Action never writes them.
   */
  readonly serverTlsSecret?: string;
  readonly routeTlsSecret?: string;
};

/**
 * Decides the shape of a deployment by its number of servers. One server with JetStream runs standalone: a cluster of
 * one never elects a meta leader, because its group begins with two members (nats-server `server/raft.go`,
 * `bootstrapRaftNode`).
 */
export function decideShape({
  replicas,
  jetstream,
}: {
  readonly replicas: number;
  readonly jetstream: boolean;
}): ClusterShape {
  return replicas === 1 && jetstream ? 'standalone' : 'cluster';
}

/** Checks whether the server runs without clustering and without a route port. */
export function isStandalone({ shape }: Pick<ClusterSpec, 'shape'>): boolean {
  return shape === 'standalone';
}

/**
 * The share of the volume that streams may use. The file system uses a part of the volume, and so do the Raft logs,
 * which no limit of nats-server counts.
 */
const VOLUME_SHARE = 0.9;

/** Returns the number of bytes of streams that fit into the volume of a server. */
export function computeStoreBytes({ volume }: JetStream): number {
  return Math.floor((volume?.bytes ?? 0) * VOLUME_SHARE);
}
