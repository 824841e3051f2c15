import { isRecord, type JsonRecord } from '../objects/json.ts';
import { findItem, type OwnedObject, selectApplied } from './as-applied.ts';

type AppliedObject = OwnedObject & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string | undefined };
};

/** A manifest as server-side apply accepts it. */
export type AppliedPart = JsonRecord & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: JsonRecord & { readonly name: string; readonly namespace?: string };
};

/**
 * Returns the manifest that `manager` applied last. The manifest is rebuilt from the fields of the live object that
 * `manager` owns (Kubernetes reference, "Server-Side Apply"; client-go, `ExtractInto`), so applying it again does not
 * change the object. Undefined when the manager has not applied the object.
 */
export function selectAppliedPart(live: AppliedObject, manager: string): AppliedPart | undefined {
  const [own] = selectApplied(live, manager);
  const part = own === undefined ? undefined : selectOwnedPart(own.fields, live.raw);
  if (own === undefined || !isRecord(part)) return undefined;
  const { name, namespace } = live.metadata;
  const metadata = isRecord(part['metadata']) ? part['metadata'] : {};
  const named = namespace === undefined ? { name } : { name, namespace };
  // The type of a Secret is immutable and may have no owner. An apply without the type would request another one.
  const type = live.kind === 'Secret' ? { type: live.raw['type'] } : {};
  return { ...part, ...type, apiVersion: own.apiVersion, kind: live.kind, metadata: { ...metadata, ...named } };
}

/** The maps that the API server drops when they are empty, although they were applied and are owned. */
const EMPTY_MAPS: ReadonlySet<string> = new Set(['limits', 'requests']);

function selectOwnedPart(trie: unknown, live: unknown): unknown {
  const steps = isRecord(trie) ? Object.keys(trie).filter((step) => step !== '.') : [];
  if (!isRecord(trie) || steps.length === 0) return live;
  if (Array.isArray(live)) {
    // The items keep their order because it can matter: variables of a container refer to earlier ones.
    const items: readonly unknown[] = live;
    return items.flatMap((item) => {
      const step = steps.find((each) => findItem(each, [item]) !== undefined);
      return step === undefined ? [] : [selectOwnedPart(trie[step], item)];
    });
  }
  if (!isRecord(live)) return live;
  const entries = steps.flatMap((step) => {
    const key = step.slice('f:'.length);
    if (!step.startsWith('f:')) return [];
    if (Object.hasOwn(live, key)) return [[key, selectOwnedPart(trie[step], live[key])] as const];
    return EMPTY_MAPS.has(key) ? [[key, {}] as const] : [];
  });
  return Object.fromEntries(entries);
}
