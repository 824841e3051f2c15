import { RbacAuthorizationV1Api } from '@kubernetes/client-node';
import type { PermissionRule } from '../../src/manifests/permissions.ts';
import { roleManifest } from '../../src/manifests/role.ts';
import { accountToken, kubeconfigOf } from './deployment.ts';
import type { TestNamespace } from './namespace.ts';

/** The text of a kubeconfig of a new ServiceAccount that holds the Role of these rules in its namespace and no more. */
export async function accountWith(
  space: TestNamespace,
  account: string,
  permissions: readonly PermissionRule[],
): Promise<string> {
  const { config, core, name: namespace } = space;
  const metadata = { name: account };
  await core.createNamespacedServiceAccount({ namespace, body: { metadata } });
  const rbac = config.makeApiClient(RbacAuthorizationV1Api);
  const rules = roleManifest(permissions, { namespace }).rules.map(({ apiGroups, resources, verbs }) => ({
    apiGroups: [...apiGroups],
    resources: [...resources],
    verbs: [...verbs],
  }));
  await rbac.createNamespacedRole({ namespace, body: { metadata, rules } });
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: account };
  const subjects = [{ kind: 'ServiceAccount', name: account, namespace }];
  await rbac.createNamespacedRoleBinding({ namespace, body: { metadata, subjects, roleRef } });
  return kubeconfigOf(space, account, await accountToken(space, account));
}
