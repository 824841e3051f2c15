import { type Labels, objectLabels } from '../cluster/labels.ts';
import type { ClusterSpec } from '../cluster/spec.ts';

export type Metadata = { readonly name: string; readonly namespace: string; readonly labels: Labels };

/** The metadata of one object of the cluster. */
export function objectMetadata(spec: Pick<ClusterSpec, 'name' | 'namespace'>, name: string): Metadata {
  return { name, namespace: spec.namespace, labels: objectLabels(spec.name) };
}
