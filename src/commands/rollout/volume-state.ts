import { labelSelector } from '../../cluster/labels.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { driftOf } from '../../drift/drift.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { manifestsFor } from '../../manifests/manifests.ts';
import type { Material } from '../../manifests/material.ts';

/** Checks whether the Secrets of the servers' volumes still hold the applied data. */
export async function isVolumeCurrent(
  api: Pick<KubernetesApi, 'list'>,
  spec: ClusterSpec,
  material: Material,
  signal: AbortSignal,
): Promise<boolean> {
  const selection = { namespace: spec.namespace, labelSelector: labelSelector(spec.name) };
  const { objects } = await api.list('Secret', selection, signal);
  const held = new Map(objects.map(({ metadata, raw }) => [metadata.name, raw]));
  const secrets = manifestsFor(spec, material).filter(({ kind }) => kind === 'Secret');
  return secrets.every((manifest) => driftOf(manifest, held.get(manifest.metadata.name)).length === 0);
}
