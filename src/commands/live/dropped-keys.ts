import { FIELD_MANAGER } from '../../cluster/names.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { recordOf } from '../../objects/json.ts';
import type { KubernetesObject } from '../../objects/object.ts';

/** Returns the keys that our server-side apply does not own; no keys if it owns none. */
export function findLeftoverKeys(secret: KubernetesObject): readonly string[] {
  const own = readOwnKeys(secret);
  return own.size === 0 ? [] : Object.keys(recordOf(secret.raw['data'])).filter((key) => !own.has(key));
}

/**
 * Removes the keys of a Secret that the last apply dropped and that are still there, because another manager has edited
 * them. A server-side apply leaves such a key in place (Kubernetes, Server-Side Apply, shared field owners), and the
 * next run would read it as a part of our own state. Returns the Secret as it is then. `live` is the Secret before the
 * apply, `applied` the answer to it.
 */
export async function removeDroppedKeys(
  api: Pick<KubernetesApi, 'patch'>,
  live: KubernetesObject | undefined,
  applied: KubernetesObject,
  signal: AbortSignal,
): Promise<KubernetesObject> {
  if (live === undefined || applied.kind !== 'Secret') return applied;
  const before = readOwnKeys(live);
  const dropped = findLeftoverKeys(applied).filter((key) => before.has(key));
  if (dropped.length === 0) return applied;
  const { name, namespace = '', resourceVersion } = applied.metadata;
  const value = { metadata: { resourceVersion }, data: Object.fromEntries(dropped.map((key) => [key, null])) };
  return await api.patch(
    { kind: 'Secret', name, namespace },
    { kind: 'merge', value },
    { fieldManager: FIELD_MANAGER },
    signal,
  );
}

/** Returns the keys of `data` that our server-side apply owns. */
function readOwnKeys({ metadata }: KubernetesObject): ReadonlySet<string> {
  const applied = metadata.managedFields.filter(
    ({ manager, operation }) => manager === FIELD_MANAGER && operation === 'Apply',
  );
  const fields = applied.flatMap((entry) => Object.keys(recordOf(recordOf(entry.fields)['f:data'])));
  return new Set(fields.filter((field) => field.startsWith('f:')).map((field) => field.slice('f:'.length)));
}
