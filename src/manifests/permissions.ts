/** The scope in which a rule is granted: by a Role in the deployment's namespace, or by a ClusterRole. */
export type PermissionScope = 'namespace' | 'cluster';

/** `objects`: the objects in the Kubernetes cluster. `mesh`: also the answers of the servers. */
export type VerifyLevel = 'objects' | 'mesh';

export type PermissionRule = {
  readonly scope: PermissionScope;
  /** The API group; the core group is the empty string. */
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
  /** The verbs that `verify` also needs: always, or only to look at the servers themselves. */
  readonly verify?: { readonly level: VerifyLevel; readonly verbs: readonly string[] };
  /** The verbs that `delete` needs: always, or only with an opt-in in `allow`. */
  readonly delete?: {
    readonly verbs: readonly string[];
    readonly why: string;
    readonly onlyWith?: 'delete-volumes' | 'delete-namespace';
    /** The consequence if the permission is missing, as in `without` below. */
    readonly without?: string;
  };
  /** The reason why `deploy` needs the rule, for the administrator who grants it. */
  readonly why: string;
  /** The input with which the rule is needed; the rule is always needed if this is absent. */
  readonly onlyWith?: 'create-namespace' | 'network-policy' | 'config' | 'metrics' | 'jetstream';
  /** The consequence if the permission is missing; the step still does its work then. */
  readonly without?: string;
};

const FENCED = "Deletes what is this deployment's; by a patch, keeps a run that was held up from writing it again.";

/**
 * All permissions that `deploy` uses on the API server. Server-side apply is a PATCH, which also needs `create` while
 * the object does not exist. Access reviews need no rule. Preflight checks this table, and the published Role is made
 * from it.
 */
const DEPLOY_RULES: readonly PermissionRule[] = [
  {
    scope: 'namespace',
    group: '',
    resource: 'services',
    verbs: ['get', 'list', 'create', 'patch', 'delete'],
    verify: { level: 'objects', verbs: ['list'] },
    delete: { verbs: ['get', 'list', 'patch', 'delete'], why: FENCED },
    why: 'Applies the Services, and reads a Service again that changed meanwhile; deletes the Services of removed servers.',
  },
  {
    scope: 'namespace',
    group: 'discovery.k8s.io',
    resource: 'endpointslices',
    verbs: ['list', 'watch'],
    why: 'Sees that the Services lead to the servers before the step ends, so that a client that waits for it gets in.',
  },
  {
    scope: 'namespace',
    group: '',
    resource: 'secrets',
    verbs: ['get', 'list', 'create', 'patch'],
    verify: { level: 'objects', verbs: ['get', 'list'] },
    delete: { verbs: ['get', 'list', 'patch', 'delete'], why: FENCED },
    why: 'Reuses passwords and certificates of the last run, and applies them; reads an adopted one.',
  },
  {
    scope: 'namespace',
    group: 'apps',
    resource: 'statefulsets',
    verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'],
    verify: { level: 'objects', verbs: ['get'] },
    delete: { verbs: ['get', 'patch', 'delete'], why: FENCED },
    why: 'Compares with what runs, applies the servers and follows their rollout; replaces the StatefulSet of another tool without deleting its pods (allow: adopt).',
  },
  {
    scope: 'namespace',
    group: 'policy',
    resource: 'poddisruptionbudgets',
    verbs: ['get', 'create', 'patch'],
    verify: { level: 'objects', verbs: ['get'] },
    delete: { verbs: ['get', 'patch', 'delete'], why: FENCED },
    why: 'Applies the budget that lets node drains take one server at a time.',
  },
  {
    scope: 'namespace',
    group: 'networking.k8s.io',
    resource: 'networkpolicies',
    verbs: ['get', 'create', 'patch', 'delete'],
    verify: { level: 'objects', verbs: ['get'] },
    delete: { verbs: ['get', 'patch', 'delete'], why: FENCED },
    why: 'Applies the policy; deletes it when the input is turned off.',
    onlyWith: 'network-policy',
  },
  {
    scope: 'namespace',
    group: 'monitoring.coreos.com',
    resource: 'podmonitors',
    verbs: ['get', 'create', 'patch', 'delete'],
    verify: { level: 'objects', verbs: ['get'] },
    delete: { verbs: ['get', 'patch', 'delete'], why: FENCED },
    why: 'Applies the PodMonitor, if this kind is installed; deletes it when the input is turned off.',
    onlyWith: 'metrics',
  },
  {
    scope: 'namespace',
    group: '',
    resource: 'pods',
    verbs: ['list', 'watch', 'patch', 'delete'],
    verify: { level: 'objects', verbs: ['list', 'watch'] },
    delete: {
      verbs: ['list', 'delete'],
      why: 'Waits until the servers are gone; deletes those that no StatefulSet has.',
    },
    why: 'Follows the servers; annotates them, so that their kubelet refreshes the volume at once; replaces those stuck in a broken revision.',
  },
  {
    scope: 'namespace',
    group: '',
    resource: 'pods/eviction',
    verbs: ['create'],
    why: 'Replaces a server that serves as a node drain does, so that the disruption budget lets only one of them be away at a time.',
  },
  {
    scope: 'namespace',
    group: '',
    resource: 'pods',
    verbs: ['create'],
    why: 'Has a pod of a new image read the configuration (nats-server -t) before any server is replaced.',
    onlyWith: 'config',
    without: 'A mistake that only a server of the new image finds then shows when the first server is replaced.',
  },
  {
    scope: 'namespace',
    group: '',
    resource: 'pods/portforward',
    verbs: ['get', 'create'],
    verify: { level: 'mesh', verbs: ['get', 'create'] },
    why: 'Reaches each server for the mesh gate, reloads and proofs. Kubernetes before 1.35 asks for get, later for create.',
  },
  {
    scope: 'namespace',
    group: '',
    resource: 'pods/exec',
    verbs: ['get', 'create'],
    why: 'Has a running server read a changed configuration (nats-server -t) before anything is touched.',
    onlyWith: 'config',
    without: 'A mistake that only a server finds then shows when the first server takes the configuration.',
  },
  {
    scope: 'namespace',
    group: 'coordination.k8s.io',
    resource: 'leases',
    verbs: ['get', 'list', 'watch', 'create', 'update', 'delete'],
    delete: {
      verbs: ['get', 'list', 'watch', 'create', 'update', 'delete'],
      why: 'Keeps two runs on one deployment apart; waits for the other run to end.',
    },
    why: 'Keeps two runs on one deployment apart; waits for the other run to end.',
  },
  {
    scope: 'namespace',
    group: '',
    resource: 'events',
    verbs: ['list'],
    why: 'Tells why a pod does not start.',
    without: 'The diagnosis of a failure then lacks what schedulers, kubelets and quotas say.',
  },
  {
    scope: 'namespace',
    group: '',
    resource: 'pods/log',
    verbs: ['get'],
    why: 'Tells why a server ended or refuses a route.',
    without: 'The diagnosis of a failure then lacks what the servers say.',
  },
  {
    scope: 'namespace',
    group: '',
    resource: 'persistentvolumeclaims',
    verbs: ['list'],
    delete: {
      verbs: ['list', 'delete'],
      why: 'Deletes the volumes (allow: delete-volumes).',
      onlyWith: 'delete-volumes',
    },
    why: 'Tells why a claim gets no volume.',
    onlyWith: 'jetstream',
    without: 'The diagnosis of a failure then lacks what claims say.',
  },
  {
    scope: 'cluster',
    group: '',
    resource: 'nodes',
    verbs: ['list'],
    why: 'Tells before any change that there are fewer schedulable nodes than servers that must not share one; with service-type NodePort, finds the addresses that the certificate has to name.',
    without: 'Too few nodes are then only noticed when a pod stays Pending, and the certificate names no nodes.',
  },
  {
    scope: 'cluster',
    group: '',
    resource: 'namespaces',
    verbs: ['get', 'create'],
    delete: {
      verbs: ['get', 'delete'],
      why: 'Deletes the namespace (allow: delete-namespace).',
      onlyWith: 'delete-namespace',
    },
    why: 'Creates the namespace where it does not exist.',
    onlyWith: 'create-namespace',
  },
];

const EMPTY =
  'Sees that nothing of anybody else is in a namespace, custom resources included, before it is deleted (allow: delete-namespace).';

/** The permissions that only `delete` uses. */
const DELETE_RULES: readonly PermissionRule[] = [
  {
    scope: 'namespace',
    group: '*',
    resource: '*',
    verbs: ['list'],
    delete: {
      verbs: ['list'],
      why: EMPTY,
      onlyWith: 'delete-namespace',
      without: 'A namespace with a kind that may not be listed stays.',
    },
    why: EMPTY,
  },
];

type PermissionInputs = {
  readonly createNamespace: boolean;
  readonly networkPolicy: boolean;
  readonly config: boolean;
  readonly metrics: boolean;
  readonly jetstream: boolean;
};

/** Returns the permissions that `deploy` needs with these inputs. */
export function listDeployPermissions(inputs: PermissionInputs): readonly PermissionRule[] {
  const { createNamespace, networkPolicy, config, metrics, jetstream } = inputs;
  const given = { 'create-namespace': createNamespace, 'network-policy': networkPolicy, config, metrics, jetstream };
  return DEPLOY_RULES.filter(({ onlyWith }) => onlyWith === undefined || given[onlyWith]);
}

/** Returns the permissions that `verify` needs to look at the objects (`objects`), or also at the servers (`mesh`). */
export function listVerifyPermissions(level: VerifyLevel): readonly PermissionRule[] {
  return DEPLOY_RULES.flatMap(({ verify, ...rule }) =>
    verify === undefined || (level === 'objects' && verify.level === 'mesh') ? [] : [{ ...rule, verbs: verify.verbs }],
  );
}

/** Returns the permissions that `delete` needs with these opt-ins. */
export function deletePermissions(consents: {
  readonly volumes: boolean;
  readonly namespace: boolean;
}): readonly PermissionRule[] {
  const given = { 'delete-volumes': consents.volumes, 'delete-namespace': consents.namespace };
  return [...DEPLOY_RULES, ...DELETE_RULES].flatMap(({ delete: needs, onlyWith, scope, group, resource }) => {
    if (needs === undefined || (needs.onlyWith !== undefined && !given[needs.onlyWith])) return [];
    const { verbs, why, without } = needs;
    const optional = without === undefined ? {} : { without };
    const ofOption = onlyWith === 'network-policy' || onlyWith === 'metrics' ? { onlyWith } : {};
    return [{ scope, group, resource, verbs, why, ...ofOption, ...optional }];
  });
}

/**
 * The permissions that `prune` needs to see the previews of all namespaces. To delete them, it needs the permissions of
 * `delete` in each namespace.
 */
export const PREVIEW_VIEW: readonly PermissionRule[] = [
  {
    scope: 'cluster',
    group: 'coordination.k8s.io',
    resource: 'leases',
    verbs: ['list'],
    why: 'Finds the previews of every namespace (all-namespaces); they are deleted where the Role of delete is granted.',
  },
];
