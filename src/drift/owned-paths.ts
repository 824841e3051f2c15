import { isRecord, type JsonRecord, member } from './json.ts';
import { listItemName, listKeyOf } from './list-keys.ts';

/**
 * Returns the paths of the leaves of a FieldsV1 trie, spelt as the paths of `Drift` (Kubernetes reference,
 * "Server-Side Apply", field management). `live` is the object that the trie belongs to: it names the list items.
 */
export function ownedPaths(trie: unknown, live: unknown): readonly string[] {
  return leaves(trie, live, { path: '', field: '' });
}

/** Checks whether the value at `path` is one of these leaves, or is part of a leaf that is owned as a whole. */
export function isOwnedPath(paths: readonly string[], path: string): boolean {
  return paths.some((owned) => path === owned || path.startsWith(`${owned}.`) || path.startsWith(`${owned}[`));
}

type Place = { readonly path: string; readonly field: string };

function leaves(trie: unknown, live: unknown, place: Place): readonly string[] {
  const steps = isRecord(trie) ? Object.entries(trie).filter(([step]) => step !== '.') : [];
  if (steps.length === 0) return place.path === '' ? [] : [place.path];
  return steps.flatMap(([step, inner]) => {
    if (step.startsWith('f:')) {
      const field = step.slice(2);
      const path = fieldPath(place.path, field);
      return leaves(inner, isRecord(live) ? member(live, field) : undefined, { path, field });
    }
    const item = step.startsWith('k:') ? itemWith(step.slice(2), live) : undefined;
    const key = item && listKeyOf(place.field, item);
    if (item === undefined || key === undefined) return [];
    return leaves(inner, item, { path: `${place.path}[${listItemName(key, item)}]`, field: '' });
  });
}

/** Returns `a.b`, or `a["b/c"]` for a name that is not an identifier. */
export function fieldPath(path: string, field: string): string {
  const step = /^[A-Za-z_][\w-]*$/.test(field) ? `.${field}` : `[${JSON.stringify(field)}]`;
  return path === '' ? field : `${path}${step}`;
}

function itemWith(keys: string, live: unknown): JsonRecord | undefined {
  const wanted = parsed(keys);
  const items: readonly unknown[] = Array.isArray(live) ? live : [];
  return items
    .filter(isRecord)
    .find((item) => isRecord(wanted) && Object.entries(wanted).every(([key, value]) => item[key] === value));
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined; // This step matches no item, so nothing below it counts as owned.
  }
}
