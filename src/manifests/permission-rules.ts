/** `objects`: the objects in the Kubernetes cluster. `mesh`: also the answers of the servers. */
export type VerifyLevel = 'objects' | 'mesh';

export type PermissionRule = {
  /** The scope in which the rule is granted: by a Role in the deployment's namespace, or by a ClusterRole. */
  readonly scope: 'namespace' | 'cluster';
  /** The API group; the core group is the empty string. */
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
  /** The verbs that `verify` also needs: always, or only to connect to the servers. */
  readonly verify?: { readonly level: VerifyLevel; readonly verbs: readonly string[]; readonly why: string };
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

const FENCED = 'Deletes the objects of this deployment. A patch first prevents that a paused run writes them again.';

/** The core group, in the namespace of the deployment. */
const CORE = { scope: 'namespace', group: '' } as const;

/**
 * The permissions that `deploy` uses in the namespace. Server-side apply is a PATCH, which also needs `create` while
 * the object does not exist. Access reviews need no rule. Preflight checks this table, and the published Role is made
 * from it.
 */
export const NAMESPACE_RULES: readonly PermissionRule[] = [
  {
    ...CORE,
    resource: 'services',
    verbs: ['get', 'list', 'create', 'patch', 'delete'],
    verify: { level: 'objects', verbs: ['list'], why: 'Compares the Services with the last deployment.' },
    delete: { verbs: ['get', 'list', 'patch', 'delete'], why: FENCED },
    why: 'Applies the Services, and reads a Service again if it changed in the meantime. Deletes the Services of removed servers.',
  },
  {
    scope: 'namespace',
    group: 'discovery.k8s.io',
    resource: 'endpointslices',
    verbs: ['list', 'watch'],
    why: 'Checks that the Services lead to the servers before the step ends, so that clients can connect then.',
  },
  {
    ...CORE,
    resource: 'secrets',
    verbs: ['get', 'list', 'create', 'patch'],
    verify: {
      level: 'objects',
      verbs: ['get', 'list'],
      why: 'Compares the Secrets with the last deployment, and reads the certificates and the credentials for the servers.',
    },
    delete: { verbs: ['get', 'list', 'patch', 'delete'], why: FENCED },
    why: 'Reuses the passwords and certificates of the last run, and applies them. Reads Secrets that you provide.',
  },
  {
    scope: 'namespace',
    group: 'apps',
    resource: 'statefulsets',
    verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'],
    verify: { level: 'objects', verbs: ['get'], why: 'Compares the StatefulSet with the last deployment.' },
    delete: { verbs: ['get', 'patch', 'delete'], why: FENCED },
    why: 'Compares the StatefulSet, applies it and follows its rollout. Replaces the StatefulSet of another tool without deleting its pods (allow: adopt).',
  },
  {
    scope: 'namespace',
    group: 'policy',
    resource: 'poddisruptionbudgets',
    verbs: ['get', 'create', 'patch'],
    verify: { level: 'objects', verbs: ['get'], why: 'Compares the disruption budget with the last deployment.' },
    delete: { verbs: ['get', 'patch', 'delete'], why: FENCED },
    why: 'Applies the budget because of which a node drain takes one server at a time.',
  },
  {
    scope: 'namespace',
    group: 'networking.k8s.io',
    resource: 'networkpolicies',
    verbs: ['get', 'create', 'patch', 'delete'],
    verify: { level: 'objects', verbs: ['get'], why: 'Compares the NetworkPolicy with the last deployment.' },
    delete: { verbs: ['get', 'patch', 'delete'], why: FENCED },
    why: 'Applies the policy. Deletes it when the input is turned off.',
    onlyWith: 'network-policy',
  },
  {
    scope: 'namespace',
    group: 'monitoring.coreos.com',
    resource: 'podmonitors',
    verbs: ['get', 'create', 'patch', 'delete'],
    verify: { level: 'objects', verbs: ['get'], why: 'Compares the PodMonitor with the last deployment.' },
    delete: { verbs: ['get', 'patch', 'delete'], why: FENCED },
    why: 'Applies the PodMonitor if the CRD is installed. Deletes it when the input is turned off.',
    onlyWith: 'metrics',
  },
  {
    ...CORE,
    resource: 'pods',
    verbs: ['list', 'watch', 'patch', 'delete'],
    verify: { level: 'objects', verbs: ['list', 'watch'], why: 'Observes the pods of the servers.' },
    delete: {
      verbs: ['list', 'delete'],
      why: 'Waits until the servers are deleted. Deletes servers without a StatefulSet.',
    },
    why: 'Observes the servers. Annotates them, so that the kubelet refreshes their volumes at once. Deletes servers that are stuck.',
  },
  {
    ...CORE,
    resource: 'pods/eviction',
    verbs: ['create'],
    why: 'Evicts a healthy server before it is replaced, so that the disruption budget also counts it.',
  },
  {
    ...CORE,
    resource: 'pods',
    verbs: ['create'],
    why: 'Starts a pod of a new image that checks the configuration (nats-server -t) before any server is replaced.',
    onlyWith: 'config',
    without: 'Without it, a mistake that only the new image finds appears when the first server is replaced.',
  },
  {
    ...CORE,
    resource: 'pods/portforward',
    verbs: ['get', 'create'],
    verify: {
      level: 'mesh',
      verbs: ['get', 'create'],
      why: 'Connects to each server to check its routes. Kubernetes before 1.35 asks for get, later for create.',
    },
    why: 'Connects to each server to check it and to reload it. Kubernetes before 1.35 asks for get, later for create.',
  },
  {
    ...CORE,
    resource: 'pods/exec',
    verbs: ['get', 'create'],
    why: 'Lets a running server check a changed configuration (nats-server -t) before anything is changed.',
    onlyWith: 'config',
    without: 'Without it, a mistake that only a server finds appears when the first server loads the configuration.',
  },
  {
    scope: 'namespace',
    group: 'coordination.k8s.io',
    resource: 'leases',
    verbs: ['get', 'list', 'watch', 'create', 'update', 'delete'],
    delete: {
      verbs: ['get', 'list', 'watch', 'create', 'update', 'delete'],
      why: 'Locks the deployment, so that two runs do not change it at the same time.',
    },
    why: 'Locks the deployment, so that two runs do not change it at the same time.',
  },
  {
    ...CORE,
    resource: 'events',
    verbs: ['list'],
    why: 'Finds out why a pod does not start.',
    without: 'Without it, the diagnosis of a failure lacks the messages of schedulers, kubelets and quotas.',
  },
  {
    ...CORE,
    resource: 'pods/log',
    verbs: ['get'],
    why: 'Finds out why a server exited or refuses a route.',
    without: 'Without it, the diagnosis of a failure lacks the logs of the servers.',
  },
  {
    ...CORE,
    resource: 'persistentvolumeclaims',
    verbs: ['list'],
    delete: {
      verbs: ['list', 'delete'],
      why: 'Deletes the volumes (allow: delete-volumes).',
      onlyWith: 'delete-volumes',
    },
    why: 'Finds out why a claim has no volume.',
    onlyWith: 'jetstream',
    without: 'Without it, the diagnosis of a failure lacks the claims.',
  },
];
