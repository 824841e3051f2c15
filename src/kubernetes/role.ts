import type { MissingPermission } from '../errors.ts';

/** The Roles and ClusterRoles that grant `missing`, as YAML to hand to a cluster's operators. */
export function permissionsHint(missing: readonly MissingPermission[]): string {
  const scopes = Map.groupBy(missing, ({ namespace }) => namespace);
  const documents = [...scopes].map(([namespace, permissions]) => renderRole(namespace, permissions));
  return `Bind the account of the kubeconfig to this:\n${documents.join('---\n')}`;
}

function renderRole(namespace: string | undefined, permissions: readonly MissingPermission[]): string {
  const rules = Map.groupBy(permissions, ({ group, resource }) => `${group}/${resource}`);
  const lines = [...rules.values()].flatMap((rule) => {
    const [first] = rule;
    if (first === undefined) return [];
    const verbs = [...new Set(rule.map(({ verb }) => verb))];
    return [
      `  - apiGroups: [${JSON.stringify(first.group)}]`,
      `    resources: [${JSON.stringify(first.resource)}]`,
      `    verbs: [${verbs.map((verb) => JSON.stringify(verb)).join(', ')}]`,
    ];
  });
  return [
    'apiVersion: rbac.authorization.k8s.io/v1',
    `kind: ${namespace === undefined ? 'ClusterRole' : 'Role'}`,
    'metadata:',
    '  name: nats-cluster-action',
    ...(namespace === undefined ? [] : [`  namespace: ${namespace}`]),
    'rules:',
    ...lines,
    '',
  ].join('\n');
}
