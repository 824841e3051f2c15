import type { KubernetesApi } from '../kubernetes/api.ts';
import type { KubernetesObject } from '../kubernetes/objects/object.ts';
import type { Manifest } from '../manifests/manifests.ts';

/** The owner of every field this Action sets. */
export const FIELD_MANAGER = 'nats-cluster-action';

export type Applier = {
  /**
   * Applies the waves in order, the objects of one wave at once, and returns which objects changed, as `Kind/name`.
   * What this run has applied already is left out.
   */
  readonly apply: (waves: readonly (readonly Manifest[])[]) => Promise<readonly string[]>;
};

/** `before`: live objects by `Kind/name`; an apply that changes nothing leaves the resourceVersion as it was. */
export function createApplier(
  api: KubernetesApi,
  before: ReadonlyMap<string, KubernetesObject>,
  signal: AbortSignal,
): Applier {
  const versions = new Map([...before].map(([key, { metadata }]) => [key, metadata.resourceVersion]));
  const applied = new Map<string, string>();
  const applyOne = async (manifest: Manifest): Promise<readonly string[]> => {
    const key = `${manifest.kind}/${manifest.metadata.name}`;
    const text = JSON.stringify(manifest);
    if (applied.get(key) === text) {
      return [];
    }
    const { metadata } = await api.apply(manifest, { fieldManager: FIELD_MANAGER }, signal);
    const isChanged = versions.get(key) !== metadata.resourceVersion;
    versions.set(key, metadata.resourceVersion);
    applied.set(key, text);
    return isChanged ? [key] : [];
  };
  return {
    apply: async (waves) => {
      const changed: string[] = [];
      for (const wave of waves) {
        for (const outcome of await Promise.allSettled(wave.map(applyOne))) {
          if (outcome.status === 'rejected') {
            throw outcome.reason; // Every request of the wave has ended by now: nothing is written after the error.
          }
          changed.push(...outcome.value);
        }
      }
      return changed;
    },
  };
}
