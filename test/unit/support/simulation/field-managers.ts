import { type JsonRecord, recordOf, recordsOf } from '../../../../src/objects/json.ts';
import { withDefaults } from './api-defaults.ts';
import {
  changedLeaves,
  type FieldTrie,
  isSame,
  leavesOf,
  mergeApplied,
  ownedFields,
  removeAt,
  sorted,
  trieWith,
  valueOf,
} from './object-fields.ts';

type Path = readonly string[];

type Managed = {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: unknown;
  readonly leaves: readonly Path[];
};

/** A field that another manager holds with another value. */
export type Conflict = { readonly manager: string; readonly field: string };

export type Applying = { readonly manager: string; readonly force: boolean };

/**
 * Returns the object after a server-side apply: the values of the manifest, without the fields that its manager applied
 * before and left out now, unless another manager owns them (Kubernetes reference, "Server-Side Apply").
 */
export function appliedObject(
  live: JsonRecord | undefined,
  manifest: JsonRecord,
  { manager, force }: Applying,
): { readonly object: JsonRecord } | { readonly conflicts: readonly Conflict[] } {
  const wanted = leavesOf(ownedFields(manifest));
  const managed = managedOf(live);
  const isOwn = (entry: Managed): boolean => entry.manager === manager && entry.operation === 'Apply';
  const others = managed.filter((entry) => !isOwn(entry));
  const isHeld =
    (path: Path) =>
    (entry: Managed): boolean =>
      entry.leaves.some((leaf) => isEqualPath(leaf, path));
  const isOther = (path: Path): boolean => !isSame(valueOf(live, path), valueOf(manifest, path));
  const conflicts = wanted.filter(isOther).flatMap((path) => {
    return others.filter(isHeld(path)).map((entry) => ({ manager: entry.manager, field: path.join('.') }));
  });
  if (conflicts.length > 0 && !force) return { conflicts };
  const previous = managed.find(isOwn)?.leaves ?? [];
  const left = previous.filter((path) => !wanted.some((leaf) => isEqualPath(leaf, path)) && !others.some(isHeld(path)));
  const kept = left.reduce<unknown>((object, path) => removeAt(object, path), live ?? {});
  const merged = recordOf(mergeApplied(kept, manifest));
  const remaining = others.map((entry) => {
    const leaves = entry.leaves.filter((leaf) => !(wanted.some((path) => isEqualPath(path, leaf)) && isOther(leaf)));
    return { ...entry, leaves };
  });
  const own: Managed = { manager, operation: 'Apply', apiVersion: manifest['apiVersion'], leaves: wanted };
  return { object: withManaged(withDefaults(merged), [own, ...remaining]) };
}

/** Returns the object after a write of all its fields. The manager owns the changed fields afterwards. */
export function updatedObject(live: JsonRecord | undefined, after: JsonRecord, manager: string): JsonRecord {
  const changed = changedLeaves(live ?? {}, after);
  const present = changed.filter((path) => valueOf(after, path) !== undefined);
  const managed = managedOf(live).map((entry) => {
    return { ...entry, leaves: entry.leaves.filter((leaf) => !changed.some((path) => isEqualPath(path, leaf))) };
  });
  const isOwn = (entry: Managed): boolean => entry.manager === manager && entry.operation === 'Update';
  const before = managed.find(isOwn)?.leaves ?? [];
  const own: Managed = {
    manager,
    operation: 'Update',
    apiVersion: after['apiVersion'],
    leaves: [...before, ...present],
  };
  return withManaged(withDefaults(after), [...managed.filter((entry) => !isOwn(entry)), own]);
}

function managedOf(object: JsonRecord | undefined): readonly Managed[] {
  return recordsOf(recordOf(object?.['metadata'])['managedFields']).map((entry) => ({
    manager: String(entry['manager']),
    operation: entry['operation'] === 'Apply' ? 'Apply' : 'Update',
    apiVersion: entry['apiVersion'],
    leaves: leavesOf(trieOf(entry['fieldsV1'])),
  }));
}

function trieOf(value: unknown): FieldTrie {
  return Object.fromEntries(Object.entries(recordOf(value)).map(([step, inner]) => [step, trieOf(inner)]));
}

function withManaged(object: JsonRecord, managed: readonly Managed[]): JsonRecord {
  const managedFields = managed
    .filter(({ leaves }) => leaves.length > 0)
    .map(({ leaves, ...entry }) => ({ ...entry, fieldsType: 'FieldsV1', fieldsV1: trieWith(leaves) }));
  return recordOf(sorted({ ...object, metadata: { ...recordOf(object['metadata']), managedFields } }));
}

function isEqualPath(one: Path, other: Path): boolean {
  return one.length === other.length && one.every((step, index) => step === other[index]);
}
