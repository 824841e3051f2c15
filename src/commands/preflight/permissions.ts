import type { DeleteInputs, DeployInputs } from '../../inputs/inputs.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { Permission } from '../../kubernetes/permissions.ts';
import type { PermissionRule, VerifyLevel } from '../../manifests/permission-rules.ts';
import {
  listDeployPermissions,
  listVerifyPermissions,
  PREVIEW_VIEW,
  selectDeletePermissions,
} from '../../manifests/permissions.ts';

/**
 * Checks the permissions that `deploy` needs.
 * @throws ActionError FORBIDDEN with every missing permission.
 */
export async function requireDeployPermissions(
  api: KubernetesApi,
  namespace: string,
  inputs: Pick<DeployInputs, 'createNamespace' | 'networkPolicy' | 'metrics' | 'jetstream'>,
  signal: AbortSignal,
): Promise<void> {
  const rules = listDeployPermissions({ ...inputs, config: false }).filter(
    ({ without, onlyWith }) => without === undefined && onlyWith !== 'create-namespace',
  );
  await api.requirePermissions(listPermissions(rules, namespace), signal);
}

/**
 * Checks the permissions that `delete` needs.
 * @throws ActionError FORBIDDEN with every missing permission.
 */
export async function requireDeletePermissions(
  api: KubernetesApi,
  namespace: string,
  allow: DeleteInputs['allow'],
  signal: AbortSignal,
): Promise<void> {
  await api.requirePermissions(listDeletePermissions(namespace, allow), signal);
}

/** Returns the missing permissions of `delete`, as `verb resource`. */
export async function findMissingDeletePermissions(
  api: Pick<KubernetesApi, 'missingPermissions'>,
  namespace: string,
  allow: DeleteInputs['allow'],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const missing = await api.missingPermissions(listDeletePermissions(namespace, allow), signal);
  return missing.map(({ verb, resource }) => `${verb} ${resource}`);
}

/**
 * Checks the permissions to see previews.
 * @throws ActionError FORBIDDEN when the credentials do not see the previews of all namespaces.
 */
export async function requirePreviewView(
  api: Pick<KubernetesApi, 'requirePermissions'>,
  signal: AbortSignal,
): Promise<void> {
  await api.requirePermissions(listPermissions(PREVIEW_VIEW, ''), signal);
}

function listDeletePermissions(namespace: string, allow: DeleteInputs['allow']): readonly Permission[] {
  const consents = { volumes: allow.includes('delete-volumes'), namespace: allow.includes('delete-namespace') };
  const rules = selectDeletePermissions(consents).filter(
    ({ onlyWith, without }) => onlyWith === undefined && without === undefined,
  );
  return listPermissions(rules, namespace);
}

/**
 * Checks the permissions to delete objects that only some deployments have, once this deployment is known to have them.
 * @throws ActionError FORBIDDEN with every missing permission.
 */
export async function requireRemovable(
  api: Pick<KubernetesApi, 'requirePermissions'>,
  namespace: string,
  kinds: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<void> {
  const rules = selectDeletePermissions({ volumes: false, namespace: false }).filter(
    ({ onlyWith }) =>
      (onlyWith === 'network-policy' && kinds.has('NetworkPolicy')) ||
      (onlyWith === 'metrics' && kinds.has('PodMonitor')),
  );
  if (rules.length > 0) {
    await api.requirePermissions(listPermissions(rules, namespace), signal);
  }
}

/**
 * Returns how much the credentials let `verify` read: only objects, or also the mesh.
 * @throws ActionError FORBIDDEN with every missing permission to read the objects.
 */
export async function determineVerifyLevel(
  api: KubernetesApi,
  namespace: string,
  signal: AbortSignal,
): Promise<VerifyLevel> {
  const always = (level: VerifyLevel) =>
    listPermissions(
      listVerifyPermissions(level).filter(({ onlyWith }) => onlyWith === undefined),
      namespace,
    );
  await api.requirePermissions(always('objects'), signal);
  const missing = await api.missingPermissions(always('mesh'), signal);
  return missing.length === 0 ? 'mesh' : 'objects';
}

/** The options of a deployment that have objects of their own. */
type OptionalObjects = { readonly namespace: string; readonly networkPolicy: boolean; readonly podMonitor: boolean };

/**
 * Checks the permissions to read objects that only some deployments have, because an object that may not be read would
 * seem to be missing.
 * @throws ActionError FORBIDDEN with every missing permission.
 */
export async function requireOptionPermissions(
  api: Pick<KubernetesApi, 'requirePermissions'>,
  { namespace, networkPolicy, podMonitor }: OptionalObjects,
  signal: AbortSignal,
): Promise<void> {
  const rules = listVerifyPermissions('objects').filter(
    ({ onlyWith }) => (onlyWith === 'network-policy' && networkPolicy) || (onlyWith === 'metrics' && podMonitor),
  );
  if (rules.length > 0) {
    await api.requirePermissions(listPermissions(rules, namespace), signal);
  }
}

function listPermissions(rules: readonly PermissionRule[], namespace: string): readonly Permission[] {
  return rules.flatMap(({ scope, group, resource, verbs }) =>
    verbs.map((verb): Permission => ({ verb, group, resource, ...(scope === 'namespace' ? { namespace } : {}) })),
  );
}
