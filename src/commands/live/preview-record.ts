import {
  clusterNames,
  FIELD_MANAGER,
  formatSelector,
  MANAGED_BY,
  MANAGER_LABEL,
  selectByName,
} from '../../cluster/names.ts';
import { EXPIRY_ANNOTATION, ORIGIN_ANNOTATION, PREVIEW_LABEL, type Preview } from '../../cluster/preview.ts';
import { ActionError, hasCode } from '../../errors/action-error.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { buildPreviewLease, type PreviewTerm } from '../../manifests/leases.ts';
import type { KubernetesObject } from '../../objects/object.ts';
import { markForeignText } from '../../secrets/likely-secrets.ts';
import { determineOwnership, readDeploymentName } from './ownership.ts';
import { readVersion, writeOnVersion } from './requests.ts';

/** The record of a deployment as a preview. `isForeign` is true when a Lease of that name does not record a preview. */
export type PreviewRecord = { readonly preview: Preview | undefined; readonly isForeign: boolean };

export async function readPreview(
  api: Pick<KubernetesApi, 'get'>,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<PreviewRecord> {
  return decodePreviewRecord(
    await api.get({ kind: 'Lease', name: clusterNames(name).previewLease, namespace }, signal),
  );
}

/**
 * Decodes the Lease that has the name of a preview Lease. `preview` is undefined when the Lease is missing or does not
 * record a preview.
 */
export function decodePreviewRecord(lease: KubernetesObject | undefined): PreviewRecord {
  const preview = lease === undefined ? undefined : decodePreview(lease);
  return { preview, isForeign: lease !== undefined && preview === undefined };
}

/** Reads all previews of a namespace, or of all namespaces. */
export async function readPreviews(
  api: Pick<KubernetesApi, 'list'>,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<readonly Preview[]> {
  const labelSelector = formatSelector({ [MANAGER_LABEL]: MANAGED_BY, [PREVIEW_LABEL]: 'true' });
  const { objects } = await api.list(
    'Lease',
    namespace === undefined ? { labelSelector } : { namespace, labelSelector },
    signal,
  );
  return objects.flatMap((lease) => decodePreview(lease) ?? []);
}

/**
 * The number of characters that are kept of an expiry. A time is shorter, but every writer of the Lease may write more.
 */
const MAX_EXPIRY = 256;

/**
 * Decodes a preview; returns undefined for a Lease that this action did not write, or that does not have the name of a
 * preview Lease.
 */
function decodePreview(lease: KubernetesObject): Preview | undefined {
  const { labels, annotations, namespace = '', uid, resourceVersion } = lease.metadata;
  const name = readDeploymentName(lease) ?? '';
  const isPreview =
    labels[PREVIEW_LABEL] === 'true' &&
    determineOwnership(name, lease).kind === 'ours' &&
    lease.metadata.name === clusterNames(name).previewLease;
  const expires = markForeignText(annotations[EXPIRY_ANNOTATION] ?? '', MAX_EXPIRY);
  const origin = annotations[ORIGIN_ANNOTATION];
  return isPreview ? { name, namespace, uid, resourceVersion, expires, origin } : undefined;
}

/**
 * Records that the deployment is a preview before any of its objects is made, so that `prune` finds everything that a
 * run leaves.
 * @throws ActionError CHANGE_FORBIDDEN (`ForeignObjects`)
 */
export async function recordPreview(
  api: Pick<KubernetesApi, 'get' | 'create' | 'replace'>,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  { preview, isForeign }: PreviewRecord,
  term: PreviewTerm,
  signal: AbortSignal,
): Promise<void> {
  const manifest = buildPreviewLease(name, namespace, term);
  const ref = { kind: 'Lease', name: manifest.metadata.name, namespace } as const;
  if (isForeign) throw foreignLeaseError(ref.name);
  const options = { fieldManager: FIELD_MANAGER };
  const write = async ({ resourceVersion }: { readonly resourceVersion?: string }) =>
    resourceVersion === undefined
      ? await api.create(manifest, options, signal)
      : await api.replace({ ...manifest, metadata: { ...manifest.metadata, resourceVersion } }, options, signal);
  try {
    await writeOnVersion({ api, ref, signal }, preview?.resourceVersion, write);
  } catch (error) {
    if (!hasCode(error, 'APPLY_CONFLICT') || error.reason !== 'AlreadyExists') throw error;
    // An earlier attempt that got no answer has created it.
    await writeOnVersion({ api, ref, signal }, await readVersion({ api, ref, signal }), write);
  }
}

/** Removes the preview Lease, so that the deployment is no longer a preview. */
export async function removePreview(
  api: Pick<KubernetesApi, 'remove'>,
  { name, namespace, uid }: Preview,
  signal: AbortSignal,
): Promise<void> {
  await api.remove({ kind: 'Lease', name: clusterNames(name).previewLease, namespace }, { uid }, signal);
}

/** Returns the error that the Lease called `name` is not a preview Lease of this deployment. */
export function foreignLeaseError(name: string): ActionError<'CHANGE_FORBIDDEN'> {
  const message = `this action did not create Lease ${name}, which it needs to mark this deployment as a preview`;
  return new ActionError('CHANGE_FORBIDDEN', message, {
    reason: 'ForeignObjects',
    hint: 'Give the preview another name, or, if that Lease is not needed, delete it.',
    details: { problems: [{ object: `Lease/${name}`, reason: 'Foreign', message }] },
  });
}

/** Deletes a StatefulSet and orphans its pods. Returns once the StatefulSet no longer exists. */
export async function removeKeepingPods(
  api: Pick<KubernetesApi, 'remove' | 'follow'>,
  { metadata: { name, namespace = '', uid } }: KubernetesObject,
  signal: AbortSignal,
): Promise<void> {
  const ref = { kind: 'StatefulSet', name, namespace } as const;
  await api.remove(ref, { uid, propagationPolicy: 'Orphan' }, signal);
  // The garbage collector first removes the StatefulSet from the owners of its pods.
  for await (const event of api.follow('StatefulSet', selectByName(name, namespace), signal)) {
    const isThere =
      event.kind === 'listed'
        ? event.objects.some(({ metadata }) => metadata.uid === uid)
        : event.kind !== 'deleted' && event.object.metadata.uid === uid;
    if (!isThere) return;
  }
}
