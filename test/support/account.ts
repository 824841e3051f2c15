import { RbacAuthorizationV1Api } from '@kubernetes/client-node';
import type { PermissionRule } from '../../src/manifests/permission-rules.ts';
import { buildClusterRole, buildRole } from '../../src/manifests/role.ts';
import { kubeconfigOf, requestToken } from './deployment.ts';
import type { TestNamespace } from './namespace.ts';

/**
 * Returns the text of a kubeconfig of a new ServiceAccount that holds only the Role of these rules in its namespace.
 */
export async function makeAccount(
  space: TestNamespace,
  account: string,
  permissions: readonly PermissionRule[],
): Promise<string> {
  const { core, name: namespace } = space;
  await core.createNamespacedServiceAccount({ namespace, body: { metadata: { name: account } } });
  await grantIn(namespace, space, account, permissions);
  return kubeconfigOf(space, account, await requestToken(space, account));
}

/** Grants an account of `space` the Role of these rules in `namespace`. */
export async function grantIn(
  namespace: string,
  space: TestNamespace,
  account: string,
  permissions: readonly PermissionRule[],
): Promise<void> {
  const metadata = { name: account };
  const rbac = space.config.makeApiClient(RbacAuthorizationV1Api);
  const rules = writable(buildRole(permissions, { namespace }).rules);
  await rbac.createNamespacedRole({ namespace, body: { metadata, rules } });
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: account };
  const subjects = [{ kind: 'ServiceAccount', name: account, namespace: space.name }];
  await rbac.createNamespacedRoleBinding({ namespace, body: { metadata, subjects, roleRef } });
}

/** Grants the ClusterRole of these rules. Returns a function that removes it, because nothing else does. */
export async function grantInCluster(
  space: TestNamespace,
  account: string,
  permissions: readonly PermissionRule[],
): Promise<() => Promise<void>> {
  const name = `${space.name}-${account}`;
  const rbac = space.config.makeApiClient(RbacAuthorizationV1Api);
  await rbac.createClusterRole({
    body: { metadata: { name }, rules: writable(buildClusterRole(permissions).rules) },
  });
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
  const subjects = [{ kind: 'ServiceAccount', name: account, namespace: space.name }];
  await rbac.createClusterRoleBinding({ body: { metadata: { name }, subjects, roleRef } });
  return async () => {
    await rbac.deleteClusterRoleBinding({ name });
    await rbac.deleteClusterRole({ name });
  };
}

function writable(rules: ReturnType<typeof buildRole>['rules']) {
  return rules.map(({ apiGroups, resources, verbs }) => ({
    apiGroups: [...apiGroups],
    resources: [...resources],
    verbs: [...verbs],
  }));
}
