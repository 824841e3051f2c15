import { isRecord, type JsonRecord, memberOf, parseJson } from '../objects/json.ts';

/** The fields by which the API server identifies the items of a list; any other list is compared by index. */
const LIST_KEYS: ReadonlyMap<string, readonly (readonly string[])[]> = new Map([
  ['containers', [['name']]],
  ['initContainers', [['name']]],
  ['volumes', [['name']]],
  ['env', [['name']]],
  ['imagePullSecrets', [['name']]],
  ['volumeMounts', [['mountPath']]],
  ['topologySpreadConstraints', [['topologyKey', 'whenUnsatisfiable']]],
  // The name comes first because probes and Services refer to it.
  ['ports', [['name'], ['containerPort', 'protocol'], ['containerPort'], ['port', 'protocol'], ['port']]],
]);

type Item = Readonly<Record<string, unknown>>;

/**
 * Checks whether other managers may add items to the list under `field`. Any other list belongs to one manager as a
 * whole (`x-kubernetes-list-type: atomic` of the API's OpenAPI document).
 */
export function isSharedList(field: string): boolean {
  return LIST_KEYS.has(field);
}

/**
 * Returns the field by which a patch finds the item of a list, as `kubectl patch` does for pods; undefined for a list
 * that a patch replaces as a whole.
 */
export function selectPatchKey(field: string): string | undefined {
  const [parts = []] = LIST_KEYS.get(field) ?? [];
  return parts.length === 1 ? parts[0] : undefined;
}

/** Returns the fields that identify the item in another list under `field`; undefined when the index identifies it. */
export function selectListKey(field: string, item: Item): readonly string[] | undefined {
  return LIST_KEYS.get(field)?.find((key) => key.every((part) => item[part] !== undefined));
}

/** Returns the name of an item in a path: `nats` of `containers[nats]`, `4222/TCP` of `ports[4222/TCP]`. */
export function nameListItem(key: readonly string[], item: Item): string {
  return key.map((part) => String(item[part])).join('/');
}

/**
 * Returns the paths of the leaves of a FieldsV1 trie, spelt as the paths of `Drift` (Kubernetes reference,
 * "Server-Side Apply", field management). `live` is the object that the trie belongs to: it names the list items.
 */
export function listOwnedPaths(trie: unknown, live: unknown): readonly string[] {
  return listLeaves(trie, live, { path: '', field: '' });
}

/** Checks whether the value at `path` is one of these leaves, or is part of a leaf that is owned as a whole. */
export function isOwnedPath(paths: readonly string[], path: string): boolean {
  return paths.some((owned) => path === owned || path.startsWith(`${owned}.`) || path.startsWith(`${owned}[`));
}

type Place = { readonly path: string; readonly field: string };

function listLeaves(trie: unknown, live: unknown, place: Place): readonly string[] {
  const steps = isRecord(trie) ? Object.entries(trie).filter(([step]) => step !== '.') : [];
  if (steps.length === 0) return place.path === '' ? [] : [place.path];
  return steps.flatMap(([step, inner]) => {
    if (step.startsWith('f:')) {
      const field = step.slice(2);
      const path = joinPath(place.path, field);
      return listLeaves(inner, isRecord(live) ? memberOf(live, field) : undefined, { path, field });
    }
    const item = step.startsWith('k:') ? findItem(step.slice(2), live) : undefined;
    const key = item && selectListKey(place.field, item);
    if (item === undefined || key === undefined) return [];
    return listLeaves(inner, item, { path: `${place.path}[${nameListItem(key, item)}]`, field: '' });
  });
}

/** Returns `a.b`, or `a["b/c"]` for a name that is not an identifier. */
export function joinPath(path: string, field: string): string {
  const step = /^[A-Za-z_][\w-]*$/.test(field) ? `.${field}` : `[${JSON.stringify(field)}]`;
  return path === '' ? field : `${path}${step}`;
}

function findItem(keys: string, live: unknown): JsonRecord | undefined {
  const wanted = parseJson(keys);
  const items: readonly unknown[] = Array.isArray(live) ? live : [];
  return items
    .filter(isRecord)
    .find((item) => isRecord(wanted) && Object.entries(wanted).every(([key, value]) => item[key] === value));
}
