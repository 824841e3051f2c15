import { MANAGED_BY } from '../cluster/labels.ts';
import type { MissingPermission } from '../errors.ts';
import { deployPermissions, type PermissionRule } from '../manifests/permissions.ts';
import { roleDocument } from '../manifests/role-document.ts';

/**
 * Returns the Roles and ClusterRoles that grant `missing` and nothing else, as YAML for the administrators of the
 * Kubernetes cluster.
 */
export function permissionsHint(missing: readonly MissingPermission[]): string {
  const scopes = Map.groupBy(missing, ({ namespace }) => namespace);
  const documents = [...scopes].map(([namespace, permissions]) =>
    roleDocument(rulesOf(permissions), { name: MANAGED_BY, namespace: namespace ?? '' }),
  );
  return `Bind the account of the kubeconfig to this:\n${documents.join('---\n')}`;
}

function rulesOf(missing: readonly MissingPermission[]): readonly PermissionRule[] {
  const byResource = Map.groupBy(missing, ({ group, resource }) => `${group}/${resource}`);
  return [...byResource.values()].flatMap((permissions) => {
    const [first] = permissions;
    if (first === undefined) return [];
    const { group, resource, namespace } = first;
    const verbs = [...new Set(permissions.map(({ verb }) => verb))];
    const scope = namespace === undefined ? 'cluster' : 'namespace';
    return [{ scope, group, resource, verbs, why: reasonFor(group, resource) } as const];
  });
}

/** Returns the reason of a rule; empty for a permission that is not in the table. */
function reasonFor(group: string, resource: string): string {
  const rules = deployPermissions({
    createNamespace: true,
    networkPolicy: true,
    config: true,
    metrics: true,
    jetstream: true,
  });
  return rules.find((rule) => rule.group === group && rule.resource === resource)?.why ?? '';
}
