import { HELM, type Labels, MANAGER_LABEL, objectLabels, RENDERED_ANNOTATION } from '../cluster/names.ts';
import type { ClusterSpec } from '../cluster/spec.ts';

export type Metadata = { readonly name: string; readonly namespace: string; readonly labels: Labels };

/** Returns the metadata of one object of the cluster. */
export function buildMetadata(spec: Pick<ClusterSpec, 'name' | 'namespace'>, name: string): Metadata {
  return { name, namespace: spec.namespace, labels: objectLabels(spec.name) };
}

type LiveMetadata = { readonly labels: Labels; readonly annotations: Labels };

/**
 * Returns the object with Helm as manager if a rendered chart installed it. Returns it unchanged if no chart did, or if
 * a deployment took it over later.
 */
export function keepHelmManager<Manifest extends { readonly metadata: Metadata }>(
  manifest: Manifest,
  live: LiveMetadata | undefined,
): Manifest {
  const isManagedByHelm = live?.annotations[RENDERED_ANNOTATION] !== undefined && live.labels[MANAGER_LABEL] === HELM;
  const { metadata } = manifest;
  return isManagedByHelm
    ? { ...manifest, metadata: { ...metadata, labels: { ...metadata.labels, [MANAGER_LABEL]: HELM } } }
    : manifest;
}
