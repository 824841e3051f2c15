import { isRecord } from '../manifests/merge-patch.ts';

/** The keys from the outside in. An item of a list is `[name]` if it has a name, else `[index]`. */
export type Path = readonly string[];

/** Replaces every value that is neither a map nor a list. */
function mapLeaves(value: unknown, change: (path: Path, leaf: unknown) => unknown, path: Path = []): unknown {
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => mapLeaves(item, change, [...path, `[${nameOf(item) ?? index}]`]));
  }
  return isRecord(value) ? mapRecord(value, change, path) : change(path, value);
}

/** Replaces every such value of a map. */
export function mapRecord(
  record: Readonly<Record<string, unknown>>,
  change: (path: Path, leaf: unknown) => unknown,
  path: Path = [],
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(record);
  return Object.fromEntries(entries.map(([key, value]) => [key, mapLeaves(value, change, [...path, key])]));
}

/** Collects the values by the `keyOf` of their path. */
export function leavesOf(value: unknown): ReadonlyMap<string, unknown> {
  const leaves = new Map<string, unknown>();
  mapLeaves(value, (path, leaf) => leaves.set(keyOf(path), leaf));
  return leaves;
}

export function keyOf(path: Path): string {
  return JSON.stringify(path);
}

function nameOf(item: unknown): string | undefined {
  const name = isRecord(item) ? item['name'] : undefined;
  return typeof name === 'string' ? name : undefined;
}
