import { MANAGED_BY } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { ActionError, hasCode } from '../../errors/action-error.ts';
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
import { isSupported, parseImageRelease } from '../../nats/mesh/version.ts';
import { decodeNode } from '../../objects/node.ts';
import { FIELD_MANAGER } from '../live/applier.ts';
import { unsupportedServerError } from '../pods/requested-server.ts';

/**
 * Checks that the namespace exists, or creates it. Returns whether it was created; with `dryRun`, whether it would be.
 * @throws ActionError NAMESPACE_MISSING when the namespace is missing and must not be created.
 */
export async function requireNamespace(
  api: KubernetesApi,
  namespace: string,
  { createNamespace, dryRun }: Pick<DeployInputs, 'createNamespace'> & { readonly dryRun: boolean },
  signal: AbortSignal,
): Promise<boolean> {
  if (await doesNamespaceExist(api, namespace, signal)) {
    return false;
  }
  if (!createNamespace) {
    throw new ActionError(
      'NAMESPACE_MISSING',
      `namespace ${namespace} is not in the cluster ${api.connection.server}`,
      {
        hint: `Create it (kubectl create namespace ${namespace}), or add: create-namespace: true`,
        details: { namespace },
      },
    );
  }
  // `delete` recognizes the namespace by this label.
  const labels = { 'app.kubernetes.io/managed-by': MANAGED_BY };
  const manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } };
  try {
    // An apply needs a right of its own: to patch any namespace.
    await api.create(manifest, { fieldManager: FIELD_MANAGER, dryRun }, signal);
  } catch (error) {
    if (!hasCode(error, 'APPLY_CONFLICT')) {
      throw error; // After a conflict it exists, maybe by an attempt of ours whose answer was lost.
    }
  }
  return true;
}

async function doesNamespaceExist(api: KubernetesApi, namespace: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await api.get({ kind: 'Namespace', name: namespace }, signal)) !== undefined;
  } catch (error) {
    if (hasCode(error, 'FORBIDDEN')) {
      return true; // The credentials may not read namespaces; the permissions asked next are granted inside one.
    }
    throw error;
  }
}

/**
 * Checks the permissions that `deploy` needs.
 * @throws ActionError FORBIDDEN with everything that is missing.
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
 * @throws ActionError FORBIDDEN with everything that is missing.
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
 * @throws ActionError FORBIDDEN with everything that is missing.
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
 * Returns the level up to which the credentials let `verify` look.
 * @throws ActionError FORBIDDEN with everything that is missing to look at all.
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

/**
 * Checks the permissions to read objects that only some deployments have, because an object that may not be read would
 * seem to be gone.
 * @throws ActionError FORBIDDEN with everything that is missing to look at it.
 */
export async function requireOptionPermissions(
  api: Pick<KubernetesApi, 'requirePermissions'>,
  { namespace, networkPolicy, podMonitor }: ClusterSpec,
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

/**
 * Refuses a cluster with fewer nodes than servers that must not share a node.
 * @throws ActionError INPUT_INVALID naming the line to change. The number of nodes is unknown without the right to list
 * them.
 */
export function requireNodes(spec: Placement, nodes: number | undefined): void {
  if (!needsNodes(spec) || nodes === undefined || nodes >= spec.replicas) {
    return;
  }
  const message = `${spec.replicas} servers that must not share a node need ${spec.replicas} schedulable nodes; the cluster has ${nodes}`;
  throw new ActionError('INPUT_INVALID', `anti-affinity: ${message}`, {
    reason: 'TooFewNodes',
    hint: 'Set anti-affinity: preferred, or fewer replicas, or add nodes.',
    details: { violations: [{ input: 'anti-affinity', message, correction: 'anti-affinity: preferred' }] },
  });
}

type Placement = Pick<ClusterSpec, 'antiAffinity' | 'replicas'>;

function needsNodes({ antiAffinity, replicas }: Placement): boolean {
  return antiAffinity === 'required' && replicas > 1;
}

/** Returns the number of schedulable nodes; undefined if it does not matter, or is not known. */
export async function countSchedulableNodes(
  api: Pick<KubernetesApi, 'list'>,
  placement: Placement,
  signal: AbortSignal,
): Promise<number | undefined> {
  if (!needsNodes(placement)) {
    return undefined;
  }
  try {
    const { objects } = await api.list('Node', {}, signal);
    return objects.map(decodeNode).filter(({ schedulable }) => schedulable).length;
  } catch (error) {
    if (hasCode(error, 'FORBIDDEN')) {
      return undefined; // The published ClusterRole is optional: a Pending pod then shows the shortage.
    }
    throw error;
  }
}

/**
 * Refuses an image whose tag names a release that is too old, before anything is touched. Other tags and digests are
 * checked by the release that the servers report.
 * @throws ActionError SERVER_UNSUPPORTED
 */
export function requireSupportedImage(image: string): void {
  const release = parseImageRelease(image);
  if (release !== undefined && !isSupported(release)) {
    throw unsupportedServerError(image, `${release.major}.${release.minor}.${release.patch}`);
  }
}
