import { ActionError } from '../errors/action-error.ts';

type Resource = {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespaced: boolean;
};

/** The kinds that the Action reads or writes, as discovery lists them (Kubernetes API reference, 1.28 to 1.37). */
const RESOURCES = {
  Namespace: { group: '', version: 'v1', plural: 'namespaces', namespaced: false },
  Node: { group: '', version: 'v1', plural: 'nodes', namespaced: false },
  Pod: { group: '', version: 'v1', plural: 'pods', namespaced: true },
  Service: { group: '', version: 'v1', plural: 'services', namespaced: true },
  Secret: { group: '', version: 'v1', plural: 'secrets', namespaced: true },
  ConfigMap: { group: '', version: 'v1', plural: 'configmaps', namespaced: true },
  Event: { group: '', version: 'v1', plural: 'events', namespaced: true },
  PersistentVolumeClaim: { group: '', version: 'v1', plural: 'persistentvolumeclaims', namespaced: true },
  StatefulSet: { group: 'apps', version: 'v1', plural: 'statefulsets', namespaced: true },
  ControllerRevision: { group: 'apps', version: 'v1', plural: 'controllerrevisions', namespaced: true },
  EndpointSlice: { group: 'discovery.k8s.io', version: 'v1', plural: 'endpointslices', namespaced: true },
  PodDisruptionBudget: { group: 'policy', version: 'v1', plural: 'poddisruptionbudgets', namespaced: true },
  NetworkPolicy: { group: 'networking.k8s.io', version: 'v1', plural: 'networkpolicies', namespaced: true },
  PodMonitor: { group: 'monitoring.coreos.com', version: 'v1', plural: 'podmonitors', namespaced: true },
  Lease: { group: 'coordination.k8s.io', version: 'v1', plural: 'leases', namespaced: true },
  SelfSubjectAccessReview: {
    group: 'authorization.k8s.io',
    version: 'v1',
    plural: 'selfsubjectaccessreviews',
    namespaced: false,
  },
  SelfSubjectRulesReview: {
    group: 'authorization.k8s.io',
    version: 'v1',
    plural: 'selfsubjectrulesreviews',
    namespaced: false,
  },
} as const satisfies Readonly<Record<string, Resource>>;

export type ResourceKind = keyof typeof RESOURCES;

/** One object by name; `namespace` is absent for cluster-scoped kinds. */
export type ObjectRef = { readonly kind: ResourceKind; readonly name: string; readonly namespace?: string };

export function isResourceKind(kind: string): kind is ResourceKind {
  return Object.hasOwn(RESOURCES, kind);
}

/** Returns `v1`, or `apps/v1`. */
export function apiVersionOf(kind: ResourceKind): string {
  const { group, version } = RESOURCES[kind];
  return group === '' ? version : `${group}/${version}`;
}

/**
 * Returns the path at which the API server lists the kinds of this API version, and the name of the kind in that list.
 */
export function locateDiscovery(kind: ResourceKind): { readonly path: string; readonly plural: string } {
  const { plural } = RESOURCES[kind];
  return { path: buildCollectionPath(kind, undefined).slice(0, -plural.length - 1), plural };
}

/** Returns `/apis/apps/v1/namespaces/nats/statefulsets`; without a namespace, the path for all namespaces. */
export function buildCollectionPath(kind: ResourceKind, namespace: string | undefined): string {
  const { group, version, plural, namespaced } = RESOURCES[kind];
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const scope = namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${scope}/${plural}`;
}

/**
 * Returns the path of one object.
 * @throws ActionError INTERNAL when a namespaced kind comes without its namespace: a bug of the caller.
 */
export function buildObjectPath({ kind, name, namespace }: ObjectRef): string {
  if (RESOURCES[kind].namespaced && namespace === undefined) {
    throw new ActionError('INTERNAL', `The ${kind} ${name} was addressed without a namespace.`, {
      hint: 'Report this as a bug, with the log of the step.',
      details: {},
    });
  }
  return `${buildCollectionPath(kind, namespace)}/${encodeURIComponent(name)}`;
}

/** Returns the name of an object in messages: `StatefulSet nats/nats`, `Node node-1`. */
export function nameObject({ kind, name, namespace }: ObjectRef): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
