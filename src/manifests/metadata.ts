import { HELM, type Labels, objectLabels, RENDERED_ANNOTATION } from '../cluster/labels.ts';
import type { ClusterSpec } from '../cluster/spec.ts';

export type Metadata = { readonly name: string; readonly namespace: string; readonly labels: Labels };

/** The metadata of one object of the cluster. */
export function objectMetadata(spec: Pick<ClusterSpec, 'name' | 'namespace'>, name: string): Metadata {
  return { name, namespace: spec.namespace, labels: objectLabels(spec.name) };
}

/** The object as it is in the cluster where a rendered chart has installed it; the same where none has. */
export function asInstalled<Manifest extends { readonly metadata: Metadata }>(
  manifest: Manifest,
  annotations: Readonly<Record<string, string>> = {},
): Manifest {
  const { metadata } = manifest;
  const labels = { ...metadata.labels, 'app.kubernetes.io/managed-by': HELM };
  return annotations[RENDERED_ANNOTATION] === undefined ? manifest : { ...manifest, metadata: { ...metadata, labels } };
}
