import { selectPatchKey } from '../drift/owned-paths.ts';
import { isRecord } from '../objects/json.ts';

/**
 * Applies a JSON merge patch (RFC 7386): objects are merged, `null` removes, anything else replaces. In addition to the
 * RFC, the items of a few lists are merged, so that one container can be changed or added without repeating the others.
 */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) {
    return patch;
  }
  const merged = new Map(Object.entries(isRecord(target) ? target : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) {
      merged.delete(name);
    } else {
      merged.set(name, mergeField(name, merged.get(name), value));
    }
  }
  return Object.fromEntries(merged);
}

function mergeField(name: string, target: unknown, patch: unknown): unknown {
  const key = selectPatchKey(name);
  return key !== undefined && Array.isArray(patch)
    ? mergeItems(key, Array.isArray(target) ? target : [], patch)
    : applyMergePatch(target, patch);
}

/** Merges list items. Items of the target keep their place, and new ones follow. */
function mergeItems(key: string, target: readonly unknown[], patch: readonly unknown[]): readonly unknown[] {
  return patch.reduce<readonly unknown[]>((items, item) => {
    const id = idOf(item, key);
    const same = id === undefined ? -1 : items.findIndex((other) => idOf(other, key) === id);
    return same === -1
      ? [...items, applyMergePatch(undefined, item)]
      : items.with(same, applyMergePatch(items[same], item));
  }, target);
}

function idOf(item: unknown, key: string): unknown {
  return isRecord(item) ? item[key] : undefined;
}
