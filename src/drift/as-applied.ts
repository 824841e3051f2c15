import { isRecord, type JsonRecord, memberOf, parseJson } from '../objects/json.ts';
import type { ManagedFields } from '../objects/object.ts';
import { findDrift } from './drift.ts';

/** A live object with the owners of its fields. */
export type OwnedObject = {
  readonly raw: JsonRecord;
  readonly metadata: { readonly managedFields: readonly ManagedFields[] };
};

/** Returns the fields that `manager` applied, each entry for one API version. */
export function selectApplied({ metadata }: OwnedObject, manager: string): readonly ManagedFields[] {
  return metadata.managedFields.filter(
    (entry) => entry.manager === manager && entry.operation === 'Apply' && entry.subresource === undefined,
  );
}

/**
 * Checks whether a server-side apply of `manifest` by `manager` would change nothing, including ownership. This is the
 * case when the live object contains every value of the manifest, and the fields that the manager applied last are
 * exactly the fields of the manifest. A field that another writer has changed since then no longer belongs to the
 * manager (Kubernetes reference, "Server-Side Apply", field management). Returns false in doubt.
 */
export function isAsApplied(manifest: JsonRecord, live: OwnedObject, manager: string): boolean {
  const applied = selectApplied(live, manager);
  const [own] = applied;
  return (
    own !== undefined &&
    applied.length === 1 &&
    own.apiVersion === manifest['apiVersion'] &&
    isOwnedExactly('', own.fields, selectManagedPart(manifest), live.raw) &&
    findDrift(manifest, live.raw).length === 0
  );
}

/** Returns the manifest without the fields that identify the object, because no manager owns them. */
function selectManagedPart(manifest: JsonRecord): JsonRecord {
  const { metadata, ...rest } = omitKeys(manifest, ['apiVersion', 'kind']);
  const named = isRecord(metadata) ? omitKeys(metadata, ['name', 'namespace']) : {};
  return Object.keys(named).length === 0 ? rest : { ...rest, metadata: named };
}

function omitKeys(record: JsonRecord, keys: readonly string[]): JsonRecord {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}

/**
 * Checks whether the trie names exactly the desired parts of `field`, and whether nothing was added to a part that is
 * owned as a whole.
 */
function isOwnedExactly(field: string, trie: unknown, desired: unknown, live: unknown): boolean {
  if (!isRecord(trie)) return false;
  const steps = Object.keys(trie).filter((step) => step !== '.');
  if (steps.length === 0) return isWhole(field, desired, live);
  if (Array.isArray(desired)) {
    const items: readonly unknown[] = Array.isArray(live) ? live : [];
    return (
      steps.length === desired.length &&
      steps.every((step) => {
        const item = findItem(step, desired);
        return item !== undefined && isOwnedExactly('', trie[step], item, findItem(step, items));
      })
    );
  }
  if (!isRecord(desired)) return false;
  const keys = Object.keys(desired).filter((key) => desired[key] !== undefined);
  const of = isRecord(live) ? live : {};
  return (
    keys.length === steps.length &&
    keys.every((key) => isOwnedExactly(key, memberOf(trie, `f:${key}`), desired[key], memberOf(of, key)))
  );
}

/**
 * Finds the list item that a step of a trie names, by its keys or by its value. A manifest may omit keys that have a
 * default.
 */
export function findItem(step: string, items: readonly unknown[]): unknown {
  const wanted = parseJson(step.slice(2));
  if (step.startsWith('v:')) return items.find((item) => item === wanted);
  const keys = step.startsWith('k:') && isRecord(wanted) ? Object.entries(wanted) : [];
  return items
    .filter(isRecord)
    .find(
      (item) =>
        keys.some(([key, value]) => item[key] === value) &&
        keys.every(([key, value]) => item[key] === undefined || item[key] === value),
    );
}

/** The fields that the API server adds to a value that is owned as a whole, by the field that contains the value. */
const DEFAULTS: ReadonlyMap<string, readonly string[]> = new Map([['fieldRef', ['apiVersion']]]);

/** The fields that no apply can change (apps/v1 StatefulSetSpec), so every addition to them is a default. */
const IMMUTABLE: ReadonlySet<string> = new Set(['volumeClaimTemplates']);

/**
 * Checks whether the live value, which contains every desired value, contains nothing else. An apply would remove any
 * addition.
 */
function isWhole(field: string, desired: unknown, live: unknown): boolean {
  if (IMMUTABLE.has(field)) return true;
  if (Array.isArray(desired)) {
    const items: readonly unknown[] = Array.isArray(live) ? live : [];
    return desired.length === items.length && desired.every((item, index) => isWhole('', item, items[index]));
  }
  if (!isRecord(desired)) return true;
  const defaults = DEFAULTS.get(field) ?? [];
  return Object.entries(isRecord(live) ? live : {}).every(([key, value]) =>
    desired[key] === undefined ? defaults.includes(key) : isWhole(key, desired[key], value),
  );
}
