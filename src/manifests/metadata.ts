import { HELM, type Labels, objectLabels, RENDERED_ANNOTATION } from '../cluster/labels.ts';
import type { ClusterSpec } from '../cluster/spec.ts';

export type Metadata = { readonly name: string; readonly namespace: string; readonly labels: Labels };

/** The metadata of one object of the cluster. */
export function objectMetadata(spec: Pick<ClusterSpec, 'name' | 'namespace'>, name: string): Metadata {
  return { name, namespace: spec.namespace, labels: objectLabels(spec.name) };
}

type LiveMetadata = { readonly labels: Labels; readonly annotations: Labels };

const MANAGER = 'app.kubernetes.io/managed-by';

/**
 * The object as it is in the cluster where a rendered chart has installed it; the same where none has, or a deployment
 * took it over since.
 */
export function asInstalled<Manifest extends { readonly metadata: Metadata }>(
  manifest: Manifest,
  live: LiveMetadata | undefined,
): Manifest {
  const isHelms = live?.annotations[RENDERED_ANNOTATION] !== undefined && live.labels[MANAGER] === HELM;
  const { metadata } = manifest;
  return isHelms
    ? { ...manifest, metadata: { ...metadata, labels: { ...metadata.labels, [MANAGER]: HELM } } }
    : manifest;
}
