import { labelSelector } from '../../cluster/labels.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { recordOf } from '../../kubernetes/objects/json.ts';
import type { KubernetesObject } from '../../kubernetes/objects/object.ts';
import { ownershipOf } from '../ownership.ts';
import { FIELD_MANAGER } from '../rollout/applied.ts';

/**
 * Removes the keys of other owners from the Secrets that were taken over, once no server of theirs is left to read
 * them. Returns the removed keys.
 */
export async function removeLeftoverKeys(
  api: Pick<KubernetesApi, 'list' | 'patch'>,
  { name, namespace }: ClusterSpec,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { objects } = await api.list('Secret', { namespace, labelSelector: labelSelector(name) }, signal);
  const own = objects.filter((secret) => ownershipOf(name, secret).kind === 'ours');
  const removed = own.flatMap((secret) => leftoverKeys(secret).map((key) => ({ secret, key })));
  await Promise.all(
    [...new Set(removed.map(({ secret }) => secret))].map(async (secret) => {
      const { metadata } = secret;
      const data = Object.fromEntries(leftoverKeys(secret).map((key) => [key, null]));
      const value = { metadata: { resourceVersion: metadata.resourceVersion }, data };
      const ref = { kind: 'Secret', name: metadata.name, namespace } as const;
      await api.patch(ref, { kind: 'merge', value }, { fieldManager: FIELD_MANAGER }, signal);
    }),
  );
  return removed.map(({ secret, key }) => `Secret/${secret.metadata.name} ${key}`);
}

/** Returns the keys that our server-side apply does not own; no keys if it owns none. */
export function leftoverKeys({ metadata, raw }: KubernetesObject): readonly string[] {
  const applied = metadata.managedFields.filter(
    ({ manager, operation }) => manager === FIELD_MANAGER && operation === 'Apply',
  );
  const own = new Set(applied.flatMap(({ fields }) => Object.keys(recordOf(recordOf(fields)['f:data']))));
  return own.size === 0 ? [] : Object.keys(recordOf(raw['data'])).filter((key) => !own.has(`f:${key}`));
}
