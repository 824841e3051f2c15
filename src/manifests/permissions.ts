import { NAMESPACE_RULES, type PermissionRule, type VerifyLevel } from './permission-rules.ts';

/** All permissions that `deploy` uses on the API server. */
const DEPLOY_RULES: readonly PermissionRule[] = [
  ...NAMESPACE_RULES,
  {
    scope: 'cluster',
    group: '',
    resource: 'nodes',
    verbs: ['list'],
    why: 'Counts the schedulable nodes before any change. With service-type NodePort, finds the addresses for the server certificate.',
    without:
      'Without it, too few nodes are only noticed when a pod stays Pending, and the certificate contains no node addresses.',
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
    why: 'Creates the namespace if it does not exist.',
    onlyWith: 'create-namespace',
  },
];

const EMPTY =
  'Checks that a namespace is empty, including custom resources, before it is deleted (allow: delete-namespace).';

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
      without: 'Without it, a namespace with a kind that may not be listed is kept.',
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
    verify === undefined || (level === 'objects' && verify.level === 'mesh')
      ? []
      : [{ ...rule, verbs: verify.verbs, why: verify.why }],
  );
}

/** Returns the permissions that `delete` needs with these opt-ins. */
export function selectDeletePermissions(consents: {
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
    why: 'Finds the previews of every namespace (all-namespaces). They are deleted where the Role of delete is granted.',
  },
];
