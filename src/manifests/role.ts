import { Document, isCollection } from 'yaml';
import { MANAGED_BY } from '../cluster/names.ts';
import type { MissingPermission } from '../errors/action-error.ts';
import type { PermissionRule } from './permission-rules.ts';
import { listDeployPermissions } from './permissions.ts';

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
export function buildRole(
  rules: readonly PermissionRule[],
  { name = MANAGED_BY, namespace }: { readonly name?: string; readonly namespace: string },
): RoleManifest {
  return buildRoleManifest('Role', { name, namespace }, buildPolicyRules(rules, 'namespace'));
}

/** Builds the published ClusterRole: the rules that no Role can grant. */
export function buildClusterRole(rules: readonly PermissionRule[], name = MANAGED_BY): RoleManifest {
  return buildRoleManifest('ClusterRole', { name }, buildPolicyRules(rules, 'cluster'));
}

function buildRoleManifest(
  kind: RoleManifest['kind'],
  metadata: RoleMetadata,
  rules: readonly PolicyRule[],
): RoleManifest {
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata, rules };
}

function buildPolicyRules(rules: readonly PermissionRule[], scope: PermissionRule['scope']): readonly PolicyRule[] {
  return rules
    .filter((rule) => rule.scope === scope)
    .map(({ group, resource, verbs }) => ({ apiGroups: [group], resources: [resource], verbs }));
}

/** Renders the published permissions as YAML, each rule below the reason for it. */
export function renderRole(
  rules: readonly PermissionRule[],
  role: { readonly name: string; readonly namespace: string },
): string {
  const inNamespace = rules.filter(({ scope }) => scope === 'namespace');
  const inCluster = rules.filter(({ scope }) => scope === 'cluster');
  const documents = [
    ...(inNamespace.length === 0 ? [] : [renderCommented(buildRole(rules, role), inNamespace)]),
    ...(inCluster.length === 0 ? [] : [renderCommented(buildClusterRole(rules, role.name), inCluster)]),
  ];
  return documents.join('---\n');
}

function renderCommented(manifest: object, rules: readonly PermissionRule[]): string {
  const document = new Document(manifest);
  rules.forEach((rule, index) => {
    const item: unknown = document.getIn(['rules', index], true);
    if (isCollection(item)) {
      item.commentBefore = renderComment(rule);
      item.items.forEach((pair) => renderFlow(pair));
    }
  });
  return document.toString({ lineWidth: 120, flowCollectionPadding: false });
}

function renderComment({ why, without, onlyWith }: PermissionRule): string {
  const condition = onlyWith === undefined ? [] : [`Only with ${onlyWith}.`];
  const optional = without === undefined ? [] : [`Optional. ${without}`];
  const lines = [why, ...condition, ...optional].filter((line) => line !== '');
  return lines.map((line) => ` ${line}`).join('\n');
}

/** Writes a list on one line. */
function renderFlow(pair: unknown): void {
  const value: unknown = typeof pair === 'object' && pair !== null ? Reflect.get(pair, 'value') : undefined;
  if (isCollection(value)) {
    value.flow = true;
  }
}

/**
 * Returns the Roles and ClusterRoles that grant `missing` and nothing else, as YAML for the administrators of the
 * Kubernetes cluster.
 */
export function renderPermissionsHint(missing: readonly MissingPermission[]): string {
  const scopes = Map.groupBy(missing, ({ namespace }) => namespace);
  const documents = [...scopes].map(([namespace, permissions]) =>
    renderRole(selectRules(permissions), { name: MANAGED_BY, namespace: namespace ?? '' }),
  );
  return `Apply this, and bind it to the account of the kubeconfig:\n${documents.join('---\n')}`;
}

function selectRules(missing: readonly MissingPermission[]): readonly PermissionRule[] {
  const byResource = Map.groupBy(missing, ({ group, resource }) => `${group}/${resource}`);
  return [...byResource.values()].flatMap((permissions) => {
    const [first] = permissions;
    if (first === undefined) return [];
    const { group, resource, namespace } = first;
    const verbs = [...new Set(permissions.map(({ verb }) => verb))];
    const scope = namespace === undefined ? 'cluster' : 'namespace';
    return [{ scope, group, resource, verbs, why: findReason(group, resource) } as const];
  });
}

/** Returns the reason of a rule; empty for a permission that is not in the table. */
function findReason(group: string, resource: string): string {
  const rules = listDeployPermissions({
    createNamespace: true,
    networkPolicy: true,
    config: true,
    metrics: true,
    jetstream: true,
  });
  return rules.find((rule) => rule.group === group && rule.resource === resource)?.why ?? '';
}
