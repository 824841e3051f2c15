import { isRecord } from '../manifests/merge-patch.ts';

/** Keys from the outside in. An item of a list is `[name]` where it has a name, else `[index]`. */
export type Path = readonly string[];

/** Another value for each that is neither a map nor a list. */
function mapLeaves(value: unknown, change: (path: Path, leaf: unknown) => unknown, path: Path = []): unknown {
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => mapLeaves(item, change, [...path, `[${nameOf(item) ?? index}]`]));
  }
  return isRecord(value) ? mapRecord(value, change, path) : change(path, value);
}

/** The same of a map. */
export function mapRecord(
  record: Readonly<Record<string, unknown>>,
  change: (path: Path, leaf: unknown) => unknown,
  path: Path = [],
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(record);
  return Object.fromEntries(entries.map(([key, value]) => [key, mapLeaves(value, change, [...path, key])]));
}

/** By `keyOf` their path. */
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
