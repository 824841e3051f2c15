import { FIELD_MANAGER, MANAGED_BY, MANAGER_LABEL } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { ActionError, hasCode } from '../../errors/action-error.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { isSupported, parseImageRelease } from '../../nats/mesh/version.ts';
import { decodeNode } from '../../objects/node.ts';
import { unsupportedServerError } from '../pods/requested-server.ts';

/**
 * Checks that the namespace exists, or creates it. Returns whether the namespace was created or, with `dryRun`, would be
 * created.
 * @throws ActionError NAMESPACE_MISSING when the namespace is missing and must not be created.
 */
export async function requireNamespace(
  api: KubernetesApi,
  namespace: string,
  { createNamespace, dryRun }: { readonly createNamespace: boolean; readonly dryRun: boolean },
  signal: AbortSignal,
): Promise<boolean> {
  if (await doesNamespaceExist(api, namespace, signal)) {
    return false;
  }
  if (!createNamespace) {
    throw new ActionError(
      'NAMESPACE_MISSING',
      `namespace ${namespace} does not exist in the cluster ${api.connection.server}`,
      {
        hint: `Create it (\`kubectl create namespace ${namespace}\`), or add: create-namespace: true`,
        details: { namespace },
      },
    );
  }
  // `delete` recognizes the namespace by this label.
  const labels = { [MANAGER_LABEL]: MANAGED_BY };
  const manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } };
  try {
    // This is not an apply, because an apply also needs the permission to patch any namespace.
    await api.create(manifest, { fieldManager: FIELD_MANAGER, dryRun }, signal);
  } catch (error) {
    if (!hasCode(error, 'APPLY_CONFLICT')) {
      // After a conflict the namespace exists. Our own request may have created it, if its answer was lost.
      throw error;
    }
  }
  return true;
}

async function doesNamespaceExist(api: KubernetesApi, namespace: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await api.get({ kind: 'Namespace', name: namespace }, signal)) !== undefined;
  } catch (error) {
    if (hasCode(error, 'FORBIDDEN')) {
      return true; // The credentials may not read namespaces. The next permissions are checked inside this one.
    }
    throw error;
  }
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
    hint: 'Set `anti-affinity: preferred`, or fewer `replicas`, or add nodes.',
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
