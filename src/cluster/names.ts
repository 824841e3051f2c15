import type { ClusterSpec } from './spec.ts';

export type ClusterNames = {
  readonly service: string;
  readonly headlessService: string;
  readonly statefulSet: string;
  readonly podDisruptionBudget: string;
  readonly networkPolicy: string;
  readonly podMonitor: string;
  readonly clientSecret: string;
  readonly systemSecret: string;
  readonly authoritiesSecret: string;
  readonly serverTlsSecret: string;
  readonly clientTlsSecret: string;
  readonly routesTlsSecret: string;
  readonly lease: string;
  readonly previewLease: string;
};

/** The container of nats-server in every pod. */
export const SERVER_CONTAINER = 'nats';

/** The largest number of servers that a deployment may have. */
export const MOST_SERVERS = 99;

/** Returns the names of the objects of the cluster `name`, all in its namespace. */
export function clusterNames(name: string): ClusterNames {
  return {
    service: name,
    headlessService: `${name}-headless`,
    statefulSet: name,
    podDisruptionBudget: name,
    networkPolicy: name,
    podMonitor: name,
    clientSecret: `${name}-client`,
    systemSecret: `${name}-system`,
    authoritiesSecret: `${name}-authorities`,
    serverTlsSecret: `tls-${name}-server`,
    clientTlsSecret: `tls-${name}-client`,
    routesTlsSecret: `tls-${name}-routes`,
    lease: `${name}-deploy`,
    previewLease: `${name}-preview`,
  };
}

/**
 * Returns the name of the Secret with nats.conf: `<name>-config`, then `<name>-config-1` and so on with every rolling
 * change. A pod of the old revision that restarts in mid-rollout therefore still finds its own configuration.
 */
export function configurationSecretName(name: string, generation: number): string {
  return generation === 0 ? `${name}-config` : `${name}-config-${generation}`;
}

/** Checks whether a Secret holds the configuration of the cluster `name`, of any generation. */
export function isConfigurationSecretName(name: string, secret: string): boolean {
  const generation = secret.slice(configurationSecretName(name, 0).length);
  return secret.startsWith(configurationSecretName(name, 0)) && /^(?:-\d+)?$/.test(generation);
}

/** Returns the name of the Secret of one named client. */
export function namedClientSecretName(name: string, client: string): string {
  return `${clusterNames(name).clientTlsSecret}-${client}`;
}

/** Returns the name of a pod, which is also the name of the pod's own Service. */
export function podName(name: string, ordinal: number): string {
  return `${name}-${ordinal}`;
}

/** Returns the names of all pods of the cluster in the order of their ordinals. */
export function podNames(spec: Pick<ClusterSpec, 'name' | 'replicas'>): readonly string[] {
  return Array.from({ length: spec.replicas }, (_, ordinal) => podName(spec.name, ordinal));
}

/** Returns the ordinal of a pod or pod Service of the cluster `name`; undefined for any other object. */
export function podOrdinal(name: string, candidate: string): number | undefined {
  const suffix = candidate.startsWith(`${name}-`) ? candidate.slice(name.length + 1) : '';
  return /^(0|[1-9]\d{0,8})$/.test(suffix) ? Number(suffix) : undefined;
}
