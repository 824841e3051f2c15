import { MANAGED_BY } from '../cluster/labels.ts';
import type { PermissionRule, PermissionScope } from './permissions.ts';

type PolicyRule = {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
};

type RoleMetadata = { readonly name: string; readonly namespace?: string };

type RoleManifest = {
  readonly apiVersion: 'rbac.authorization.k8s.io/v1';
  readonly kind: 'Role' | 'ClusterRole';
  readonly metadata: RoleMetadata;
  readonly rules: readonly PolicyRule[];
};

/** Builds the published Role: the rules for the namespace of the deployment, one by one, in their order. */
export function roleManifest(
  rules: readonly PermissionRule[],
  { name = MANAGED_BY, namespace }: { readonly name?: string; readonly namespace: string },
): RoleManifest {
  return manifest('Role', { name, namespace }, policyRules(rules, 'namespace'));
}

/** Builds the published ClusterRole: the rules that no Role can grant. */
export function clusterRoleManifest(rules: readonly PermissionRule[], name = MANAGED_BY): RoleManifest {
  return manifest('ClusterRole', { name }, policyRules(rules, 'cluster'));
}

function manifest(kind: RoleManifest['kind'], metadata: RoleMetadata, rules: readonly PolicyRule[]): RoleManifest {
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata, rules };
}

function policyRules(rules: readonly PermissionRule[], scope: PermissionScope): readonly PolicyRule[] {
  return rules
    .filter((rule) => rule.scope === scope)
    .map(({ group, resource, verbs }) => ({ apiGroups: [group], resources: [resource], verbs }));
}
