import type { KubernetesApi } from '../kubernetes/api.ts';
import type { Manifest } from '../manifests/manifests.ts';

/** The owner of every field this Action sets. */
export const FIELD_MANAGER = 'nats-cluster-action';

/**
 * Applies the waves in order, the objects of one wave at once, and returns which objects changed, as `Kind/name`.
 * An apply that changes nothing leaves the object's resourceVersion as it was.
 */
export async function applyWaves(
  api: KubernetesApi,
  waves: readonly (readonly Manifest[])[],
  before: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const wave of waves) {
    const applied = await Promise.allSettled(
      wave.map(async (manifest) => await api.apply(manifest, { fieldManager: FIELD_MANAGER }, signal)),
    );
    for (const outcome of applied) {
      if (outcome.status === 'rejected') {
        throw outcome.reason; // Every request of the wave has ended by now: nothing is written after the error.
      }
      const { kind, metadata } = outcome.value;
      const object = `${kind}/${metadata.name}`;
      if (before.get(object) !== metadata.resourceVersion) {
        changed.push(object);
      }
    }
  }
  return changed;
}
