import { isDeepStrictEqual } from 'node:util';
import { isRecord, type JsonRecord, recordOf } from '../../../../src/objects/json.ts';

/** A FieldsV1 trie: `f:` names a field, `k:` an item of a list by its keys; a leaf is owned as a whole. */
export type FieldTrie = { readonly [step: string]: FieldTrie };

/** The keys by which the API server distinguishes the items of a list, with their defaults. Other lists are atomic. */
const LIST_KEYS: ReadonlyMap<string, readonly (readonly [field: string, byDefault?: string])[]> = new Map([
  ['containers', [['name']]],
  ['initContainers', [['name']]],
  ['volumes', [['name']]],
  ['env', [['name']]],
  ['imagePullSecrets', [['name']]],
  ['volumeMounts', [['mountPath']]],
  ['topologySpreadConstraints', [['topologyKey'], ['whenUnsatisfiable']]],
]);

/** The maps that one manager owns as a whole. */
const ATOMIC_MAPS: ReadonlySet<string> = new Set([
  'selector',
  'labelSelector',
  'fieldRef',
  'nodeSelector',
  'podSelector',
]);

/** The fields that identify an object, which no manager owns. */
const UNOWNED = { top: ['apiVersion', 'kind', 'status'], metadata: ['name', 'namespace', 'resourceVersion', 'uid'] };

function keysOf(
  field: string,
  item: JsonRecord,
): readonly (readonly [field: string, byDefault?: string])[] | undefined {
  if (field === 'ports')
    return 'containerPort' in item ? [['containerPort'], ['protocol', 'TCP']] : [['port'], ['protocol', 'TCP']];
  return LIST_KEYS.get(field);
}

function stepOf(field: string, item: unknown): string | undefined {
  const keys = isRecord(item) ? keysOf(field, item) : undefined;
  return keys === undefined
    ? undefined
    : `k:${JSON.stringify(Object.fromEntries(keys.map(([key, byDefault]) => [key, recordOf(item)[key] ?? byDefault])))}`;
}

/** Returns the trie of every field of a manifest that its manager owns. */
export function ownedFields(manifest: JsonRecord): FieldTrie {
  const { metadata, ...rest } = without(manifest, UNOWNED.top);
  const named = without(recordOf(metadata), UNOWNED.metadata);
  return { ...fieldsOf(rest), ...(Object.keys(named).length === 0 ? {} : { 'f:metadata': fieldsOf(named) }) };
}

function without(record: JsonRecord, keys: readonly string[]): JsonRecord {
  return Object.fromEntries(
    Object.entries(record).filter(([key, value]) => !keys.includes(key) && value !== undefined),
  );
}

function fieldsOf(record: JsonRecord): FieldTrie {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [`f:${key}`, trieOf(key, value)]));
}

function trieOf(field: string, value: unknown): FieldTrie {
  if (isRecord(value)) return ATOMIC_MAPS.has(field) ? {} : fieldsOf(value);
  if (!Array.isArray(value)) return {};
  const steps = value.map((item: unknown) => [stepOf(field, item), item] as const);
  return Object.fromEntries(
    steps.flatMap(([step, item]) => (step === undefined ? [] : [[step, { '.': {}, ...fieldsOf(recordOf(item)) }]])),
  );
}

/** Returns the paths to the leaves of a trie. */
export function leavesOf(trie: FieldTrie, path: readonly string[] = []): readonly (readonly string[])[] {
  const steps = Object.entries(trie).filter(([step]) => step !== '.');
  if (steps.length === 0) return path.length === 0 ? [] : [path];
  return steps.flatMap(([step, inner]) => leavesOf(inner, [...path, step]));
}

/** Returns the trie with these leaves. */
export function trieWith(leaves: readonly (readonly string[])[]): FieldTrie {
  const groups = Map.groupBy(
    leaves.filter(({ length }) => length > 0),
    ([step = '']) => step,
  );
  return Object.fromEntries(
    [...groups].map(([step, paths]) => {
      const inner = trieWith(paths.map((path) => path.slice(1)));
      return [step, step.startsWith('k:') ? { '.': {}, ...inner } : inner];
    }),
  );
}

/** Returns the value at a path of a trie. */
export function valueOf(value: unknown, path: readonly string[], field = ''): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (step.startsWith('f:')) return valueOf(recordOf(value)[step.slice(2)], rest, step.slice(2));
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  return valueOf(
    items.find((item) => stepOf(field, item) === step),
    rest,
  );
}

/** Returns the value without the part at a path, and without lists and maps that become empty. */
export function removeAt(value: unknown, path: readonly string[], field = ''): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return undefined;
  if (step.startsWith('f:')) {
    const key = step.slice(2);
    const { [key]: inner, ...others } = recordOf(value);
    const left = removeAt(inner, rest, key);
    const kept = left === undefined ? others : { ...others, [key]: left };
    return Object.keys(kept).length === 0 ? undefined : kept;
  }
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  const kept = items.flatMap((item) => {
    const left = stepOf(field, item) === step ? removeAt(item, rest) : item;
    const isOnlyKeys =
      isRecord(left) && (keysOf(field, left) ?? []).length >= Object.keys(left).length && rest.length > 0;
    return left === undefined || isOnlyKeys ? [] : [left];
  });
  return kept.length === 0 ? undefined : kept;
}

/** Returns the live value with every value of the manifest in it. Lists with keys are merged by them. */
export function mergeApplied(live: unknown, applied: unknown, field = ''): unknown {
  if (isRecord(applied) && !ATOMIC_MAPS.has(field)) {
    const before = recordOf(live);
    const merged = Object.entries(applied).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, mergeApplied(before[key], value, key)] as const],
    );
    return { ...before, ...Object.fromEntries(merged) };
  }
  if (!Array.isArray(applied)) return applied;
  const items: readonly unknown[] = applied;
  if (items.some((item) => stepOf(field, item) === undefined)) return items;
  const before: readonly unknown[] = Array.isArray(live) ? live : [];
  const steps = items.map((item) => stepOf(field, item));
  return [
    ...items.map((item) =>
      mergeApplied(
        before.find((other) => stepOf(field, other) === stepOf(field, item)),
        item,
      ),
    ),
    ...before.filter((other) => !steps.includes(stepOf(field, other))),
  ];
}

/** Returns the paths of the leaves in which two values differ. */
export function changedLeaves(before: JsonRecord, after: JsonRecord): readonly (readonly string[])[] {
  const leaves = [...leavesOf(ownedFields(before)), ...leavesOf(ownedFields(after))];
  const unique = new Map(leaves.map((path) => [path.join('\n'), path]));
  return [...unique.values()].filter((path) => !isSame(valueOf(before, path), valueOf(after, path)));
}

/** Compares two values without undefined fields. The order of fields does not matter. */
export function isSame(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(one, other);
}

/** Returns the value with the keys of every map in order, as the API server answers them. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  const keys = Object.keys(value).toSorted();
  return Object.fromEntries(keys.flatMap((key) => (value[key] === undefined ? [] : [[key, sorted(value[key])]])));
}

/** Returns the value after a merge patch (RFC 7386). */
export function mergePatched(value: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const kept = Object.entries(recordOf(value)).filter(([key]) => patch[key] !== null);
  const merged = Object.entries(patch).flatMap(([key, inner]) =>
    inner === null || inner === undefined ? [] : [[key, mergePatched(recordOf(value)[key], inner)] as const],
  );
  return { ...Object.fromEntries(kept), ...Object.fromEntries(merged) };
}
