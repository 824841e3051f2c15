import type { KeyAlgorithm } from '../pki/key-algorithm.ts';
import type { Override } from './override.ts';

export type AntiAffinity = 'required' | 'preferred' | 'none';

/** `restricted` sets the ids itself; `platform` leaves them to the cluster (OpenShift assigns its own per namespace). */
export type PodSecurity = 'restricted' | 'platform';

/** Quantities by resource name, as Kubernetes writes them, for example `{ cpu: '100m', memory: '128Mi' }`. */
export type Quantities = Readonly<Record<string, string>>;

export type Resources = { readonly requests?: Quantities; readonly limits?: Quantities };

/** Streams, kept by every server. */
export type JetStream = {
  /** The volume each server has for them; absent where they are in memory alone. */
  readonly volume?: {
    /** A quantity, as Kubernetes writes it, and what it comes to. */
    readonly size: string;
    readonly bytes: number;
    /** Absent: the default class of the cluster. */
    readonly storageClass?: string;
  };
  /** What streams in memory may take on each server. */
  readonly memoryBytes: number;
};

/** How the Service of the applications is reached: inside the cluster, by a port of every node, or by an address of its own. */
export type ServiceType = 'ClusterIP' | 'NodePort' | 'LoadBalancer';

/** An absent limit leaves the server's own default. */
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

/** Whether servers ask clients for a certificate, and whether it also says who they are. */
export type ClientVerify = 'none' | 'verify' | 'verify-and-map';

/** What the user's own nats-server configuration asks of what is around it. */
export type ConfigurationNeeds = {
  /** Ports it opens beside those for clients, routes and monitoring. */
  readonly listeners: readonly { readonly name: string; readonly port: number }[];
  /** As in `MeshExpectation`. */
  readonly poolSize: number | undefined;
  readonly pinnedAccounts: readonly string[];
  /** Whether gateways join the JetStream of other clusters to this one. */
  readonly joinsClusters: boolean;
  /** Digest of what only a server that starts takes of it; undefined when a reload takes all. */
  readonly restartDigest: string | undefined;
  /** Where its resolver keeps the accounts of an operator; undefined when nowhere. */
  readonly resolverDirectory: string | undefined;
};

/** Whether servers are one cluster, be it of one, or the only one stands alone. */
export type ClusterShape = 'cluster' | 'standalone';

/** What one cluster is to be. Passwords and certificates are no part of it: they are `Material`. */
export type ClusterSpec = {
  readonly name: string;
  readonly namespace: string;
  /** How many servers there are: on the way to what is asked for, other numbers than that. */
  readonly replicas: number;
  /**
   * Follows the number of servers that is asked for, never one on the way to it: the streams of a server of one shape
   * are unknown to a server of the other.
   */
  readonly shape: ClusterShape;
  readonly image: string;
  readonly antiAffinity: AntiAffinity;
  readonly resources: Resources;
  readonly securityContext: PodSecurity;
  /** Whether only servers may reach the route port, and nobody in the cluster the monitoring port. */
  readonly networkPolicy: boolean;
  /** Whether an exporter for Prometheus is beside each server. */
  readonly metrics: boolean;
  /** Whether the cluster is known to have the kind that tells Prometheus of it. */
  readonly podMonitor: boolean;
  /** Merge patches on the rendered objects, in the order they were written. */
  readonly overrides: readonly Override[];
  readonly logging: { readonly debug: boolean; readonly trace: boolean; readonly logtime: boolean };
  readonly limits: ServerLimits;
  readonly keyAlgorithm: KeyAlgorithm;
  /** Names and addresses of the server certificate beyond those derived from the cluster. */
  readonly subjectAltNames: SubjectAltNames;
  readonly serviceType: ServiceType;
  /** What clients outside of the cluster reach that Service by, as far as it is known; the server certificate names it. */
  readonly externalAddresses: SubjectAltNames;
  /** Absent without a configuration of the user. */
  readonly configuration?: ConfigurationNeeds;
  readonly clientUser: string;
  readonly routeUser: string;
  readonly clientVerify: ClientVerify;
  /** Absent: servers keep no streams. */
  readonly jetstream?: JetStream;
  /** Names of clients that get a certificate of their own. */
  readonly clientCertificates: readonly string[];
  /** Secrets of somebody else (cert-manager's layout), used in place of generated certificates and never written. */
  readonly serverTlsSecret?: string;
  readonly routeTlsSecret?: string;
};
