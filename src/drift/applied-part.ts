import { itemAt, type OwnedObject } from './as-applied.ts';

type JsonRecord = Readonly<Record<string, unknown>>;

type AppliedObject = OwnedObject & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string | undefined };
};

/** A manifest as server-side apply takes it. */
export type AppliedPart = JsonRecord & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: JsonRecord & { readonly name: string; readonly namespace?: string };
};

/**
 * Returns the manifest that `manager` applied last, read back from the live object by the fields that it owns
 * (Kubernetes reference, "Server-Side Apply"; client-go, `ExtractInto`): applying it again leaves the object as it is.
 * Undefined where the manager has not applied it.
 */
export function appliedPart(live: AppliedObject, manager: string): AppliedPart | undefined {
  const own = live.metadata.managedFields.find(
    (entry) => entry.manager === manager && entry.operation === 'Apply' && entry.subresource === undefined,
  );
  const part = own === undefined ? undefined : ownedPart(own.fields, live.raw);
  if (own === undefined || !isRecord(part)) return undefined;
  const { name, namespace } = live.metadata;
  const metadata = isRecord(part['metadata']) ? part['metadata'] : {};
  const named = namespace === undefined ? { name } : { name, namespace };
  // The type of a Secret can never change, so nobody need own it, and applying without would ask for another.
  const type = live.kind === 'Secret' ? { type: live.raw['type'] } : {};
  return { ...part, ...type, apiVersion: own.apiVersion, kind: live.kind, metadata: { ...metadata, ...named } };
}

/** Maps that the API server does not keep where they are empty, though they were applied and are owned. */
const EMPTY_MAPS: ReadonlySet<string> = new Set(['limits', 'requests']);

function ownedPart(trie: unknown, live: unknown): unknown {
  const steps = isRecord(trie) ? Object.keys(trie).filter((step) => step !== '.') : [];
  if (!isRecord(trie) || steps.length === 0) return live;
  if (Array.isArray(live)) {
    // In their own order, for it may mean something: variables of a container refer to those before them.
    const items: readonly unknown[] = live;
    return items.flatMap((item) => {
      const step = steps.find((each) => itemAt(each, [item]) !== undefined);
      return step === undefined ? [] : [ownedPart(trie[step], item)];
    });
  }
  if (!isRecord(live)) return live;
  const entries = steps.flatMap((step) => {
    const key = step.slice('f:'.length);
    if (!step.startsWith('f:')) return [];
    if (Object.hasOwn(live, key)) return [[key, ownedPart(trie[step], live[key])] as const];
    return EMPTY_MAPS.has(key) ? [[key, {}] as const] : [];
  });
  return Object.fromEntries(entries);
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
