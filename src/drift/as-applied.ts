import { driftOf } from './drift.ts';
import { isRecord, type JsonRecord, member } from './json.ts';

/** A live object: all of it, and who owns which of its fields. */
export type OwnedObject = {
  readonly raw: JsonRecord;
  readonly metadata: {
    readonly managedFields: readonly {
      readonly manager: string;
      readonly operation: string;
      readonly apiVersion: string;
      readonly subresource: string | undefined;
      /** A FieldsV1 trie: `f:` names a field, `k:` and `v:` an item of a list by its keys or its value, `.` the item itself. */
      readonly fields: unknown;
    }[];
  };
};

/**
 * Whether a server-side apply of `manifest` by `manager` would change nothing, ownership included: the live object has
 * every value of it, and what the manager applied last are exactly its fields. What somebody else changed since is no
 * longer owned by who applied it (Kubernetes reference, "Server-Side Apply", field management). In doubt it is not.
 */
export function isAsApplied(manifest: JsonRecord, live: OwnedObject, manager: string): boolean {
  const applied = live.metadata.managedFields.filter(
    (entry) => entry.manager === manager && entry.operation === 'Apply' && entry.subresource === undefined,
  );
  const [own] = applied;
  return (
    own !== undefined &&
    applied.length === 1 &&
    own.apiVersion === manifest['apiVersion'] &&
    areOwned('', own.fields, managedPart(manifest), live.raw) &&
    driftOf(manifest, live.raw).length === 0
  );
}

/** Without what identifies the object, which nobody owns. */
function managedPart(manifest: JsonRecord): JsonRecord {
  const { metadata, ...rest } = without(manifest, ['apiVersion', 'kind']);
  const named = isRecord(metadata) ? without(metadata, ['name', 'namespace']) : {};
  return Object.keys(named).length === 0 ? rest : { ...rest, metadata: named };
}

function without(record: JsonRecord, keys: readonly string[]): JsonRecord {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}

/** Whether the trie names just what is desired of `field`, and nothing was added to what is owned as a whole. */
function areOwned(field: string, trie: unknown, desired: unknown, live: unknown): boolean {
  if (!isRecord(trie)) return false;
  const steps = Object.keys(trie).filter((step) => step !== '.');
  if (steps.length === 0) return isWhole(field, desired, live);
  if (Array.isArray(desired)) {
    const items: readonly unknown[] = Array.isArray(live) ? live : [];
    return (
      steps.length === desired.length &&
      steps.every((step) => {
        const item = itemAt(step, desired);
        return item !== undefined && areOwned('', trie[step], item, itemAt(step, items));
      })
    );
  }
  if (!isRecord(desired)) return false;
  const keys = Object.keys(desired).filter((key) => desired[key] !== undefined);
  const of = isRecord(live) ? live : {};
  return (
    keys.length === steps.length &&
    keys.every((key) => areOwned(key, member(trie, `f:${key}`), desired[key], member(of, key)))
  );
}

/** Finds the item of a trie: by its keys, of which a manifest may leave out those that have a default, or by its value. */
export function itemAt(step: string, items: readonly unknown[]): unknown {
  const wanted = parsed(step.slice(2));
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

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined; // Finds no item, so the manifest counts as not applied.
  }
}

/** What the API server adds of its own to something that is owned as a whole; by the field around it. */
const DEFAULTS: ReadonlyMap<string, readonly string[]> = new Map([['fieldRef', ['apiVersion']]]);

/** No apply changes anything in these (apps/v1 StatefulSetSpec), so what is added to them is a default. */
const IMMUTABLE: ReadonlySet<string> = new Set(['volumeClaimTemplates']);

/** Whether the live value, which has all that is desired, has nothing beside it: an apply would take that away. */
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
