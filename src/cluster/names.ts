import type { ClusterSpec } from './spec.ts';

/** The label that holds the name of the deployment. */
export const INSTANCE_LABEL = 'app.kubernetes.io/instance';

/** The label that holds the tool that manages an object. */
export const MANAGER_LABEL = 'app.kubernetes.io/managed-by';

/** The value of `MANAGER_LABEL` on every object that the Action owns. */
export const MANAGED_BY = 'nats-cluster-action';

/** The owner of every field that the Action sets (`fieldManager` of its requests). */
export const FIELD_MANAGER = 'nats-cluster-action';

export type Labels = Readonly<Record<string, string>>;

/**
 * Returns the labels that select the server pods. They contain no value that can change, because the selector of a
 * StatefulSet is immutable. The component label separates these pods from those of the NATS Helm chart, which uses the
 * same two other labels.
 */
export function selectorLabels(name: string): Labels {
  return {
    'app.kubernetes.io/name': 'nats',
    [INSTANCE_LABEL]: name,
    'app.kubernetes.io/component': 'server',
  };
}

/** Returns the labels of every object of the cluster `name`. The Action finds the objects again by these labels. */
export function objectLabels(name: string): Labels {
  return { ...selectorLabels(name), [MANAGER_LABEL]: MANAGED_BY };
}

/**
 * The annotation on objects that a rendered chart installed. Helm overwrites `MANAGER_LABEL` with its own name, so the
 * label cannot identify them.
 */
export const RENDERED_ANNOTATION = 'nats-cluster-action/rendered';

/** The value of `MANAGER_LABEL` on objects that Helm installed. */
export const HELM = 'Helm';

/** Returns the label selector for list and watch requests for the objects of the cluster `name`. */
export function labelSelector(name: string): string {
  return formatSelector(objectLabels(name));
}

/** Returns the same selector without the manager, so that it also matches objects that another tool manages. */
export function nameSelector(name: string): string {
  return formatSelector(selectorLabels(name));
}

export function formatSelector(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

/**
 * The annotation on a pod whose StatefulSet was replaced by another one. The pod runs unchanged until it is replaced.
 * The value is the number of servers that the old StatefulSet had, independent of the state of its other pods.
 */
export const ORPHANED_ANNOTATION = 'nats-cluster-action/left-by-statefulset';

/**
 * Returns the number of servers that the pod's previous StatefulSet had; undefined if the annotation is missing or
 * invalid.
 */
export function readServersBefore(pod: { readonly annotations: Readonly<Record<string, string>> }): number | undefined {
  const value = pod.annotations[ORPHANED_ANNOTATION] ?? '';
  return /^[1-9]\d{0,4}$/.test(value) ? Number(value) : undefined;
}

export function isOrphaned({ annotations }: { readonly annotations: Readonly<Record<string, string>> }): boolean {
  return annotations[ORPHANED_ANNOTATION] !== undefined;
}

export type ClusterNames = {
  readonly service: string;
  readonly headlessService: string;
  readonly statefulSet: string;
  readonly podDisruptionBudget: string;
  readonly networkPolicy: string;
  readonly podMonitor: string;
  readonly clientSecret: string;
  readonly systemSecret: string;
  readonly caSecret: string;
  readonly serverTlsSecret: string;
  readonly clientTlsSecret: string;
  readonly routesTlsSecret: string;
  readonly lease: string;
  readonly previewLease: string;
};

/** The container of nats-server in every pod. */
export const SERVER_CONTAINER = 'nats';

/** The largest number of servers that a deployment may have. */
export const MAX_SERVERS = 99;

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
    caSecret: `${name}-authorities`,
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
export function parsePodOrdinal(name: string, candidate: string): number | undefined {
  const suffix = candidate.startsWith(`${name}-`) ? candidate.slice(name.length + 1) : '';
  return /^(0|[1-9]\d{0,8})$/.test(suffix) ? Number(suffix) : undefined;
}

/**
 * The annotation on a pod that this deployment takes over and has not replaced yet. Its value says whether the servers
 * of this deployment hold routes to the pod.
 */
export const TAKEN_OVER_ANNOTATION = 'nats-cluster-action/taken-over';

/** `joined`: the old and the new servers form one NATS cluster during the takeover; `apart`: they cannot. */
export type TakeoverState = 'joined' | 'apart';

/**
 * Reads the takeover state of a pod; undefined for a pod of this deployment. An unknown value counts as `apart`, so
 * that no route to the pod is expected.
 */
export function readTakeoverState({
  annotations,
}: {
  readonly annotations: Readonly<Record<string, string>>;
}): TakeoverState | undefined {
  const value = annotations[TAKEN_OVER_ANNOTATION];
  if (value === undefined) return undefined;
  return value === 'joined' ? 'joined' : 'apart';
}

/** The selection of one object of a kind in a list or a watch. */
type NameSelection = { readonly fieldSelector: string; readonly namespace?: string };

/** Returns the selection of the one object with this name. `namespace` is undefined for kinds without namespaces. */
export function selectByName(name: string, namespace?: string): NameSelection {
  return { fieldSelector: `metadata.name=${name}`, ...(namespace === undefined ? {} : { namespace }) };
}
