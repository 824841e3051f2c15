import { type JsonRecord, recordOf, textMapOf, textOf } from '../../../../src/objects/json.ts';
import { isSame, sorted } from './object-fields.ts';

/** A change of an object, and the version that the store had after it. */
export type Change = {
  readonly kind: 'added' | 'modified' | 'deleted';
  readonly version: number;
  readonly object: JsonRecord;
};

export type Selected = {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
};

/** The objects of a Kubernetes cluster, with one version for all of them and the history of their changes. */
export class InMemoryObjects {
  readonly #objects = new Map<string, JsonRecord>();
  readonly #changes: Change[] = [];
  readonly #listeners = new Set<(change: Change) => void>();
  #version = 100;
  #uids = 0;

  get version(): number {
    return this.#version;
  }

  get(kind: string, name: string, namespace: string | undefined): JsonRecord | undefined {
    return this.#objects.get(keyOf(kind, name, namespace));
  }

  list(kind: string, selected: Selected = {}): readonly JsonRecord[] {
    const found = [...this.#objects.values()].filter((object) => isSelected(kind, selected, object));
    return found.toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
  }

  /**
   * Stores an object under the next version, with the identity of the object that it replaces. Returns the stored
   * object, which is the present one if nothing differs.
   */
  put(object: JsonRecord): JsonRecord {
    const { metadata, ...rest } = recordOf(sorted(object));
    const named = recordOf(metadata);
    const key = keyOf(textOf(object['kind']) ?? '', nameOf(object), textOf(named['namespace']));
    const before = this.#objects.get(key);
    const known = recordOf(before?.['metadata']);
    const version = before === undefined ? {} : { resourceVersion: known['resourceVersion'] };
    if (isSame(before, { ...rest, metadata: { ...named, ...version } })) return before ?? object;
    this.#version += 1;
    // The controllers compare unchanged values by identity.
    const kept = Object.fromEntries(
      Object.entries(rest).map(([field, value]) => [field, isSame(value, before?.[field]) ? before?.[field] : value]),
    );
    const isChanged = before !== undefined && before['spec'] !== kept['spec'];
    const generation = before === undefined ? 1 : Number(known['generation'] ?? 1) + (isChanged ? 1 : 0);
    const uid = known['uid'] ?? this.#nextUid();
    const creationTimestamp = known['creationTimestamp'] ?? new Date().toISOString();
    const identity = { uid, creationTimestamp, generation, resourceVersion: String(this.#version) };
    const stored = { ...kept, metadata: { ...named, ...identity } };
    this.#objects.set(key, stored);
    this.#tell({ kind: before === undefined ? 'added' : 'modified', version: this.#version, object: stored });
    return stored;
  }

  remove(object: JsonRecord): void {
    const metadata = recordOf(object['metadata']);
    const key = keyOf(textOf(object['kind']) ?? '', nameOf(object), textOf(metadata['namespace']));
    const present = this.#objects.get(key);
    if (present === undefined || recordOf(present['metadata'])['uid'] !== metadata['uid']) return;
    this.#objects.delete(key);
    this.#version += 1;
    const last = { ...present, metadata: { ...recordOf(present['metadata']), resourceVersion: String(this.#version) } };
    this.#tell({ kind: 'deleted', version: this.#version, object: last });
  }

  changesAfter(version: number): readonly Change[] {
    const first = this.#changes.findIndex((change) => change.version > version);
    return first === -1 ? [] : this.#changes.slice(first);
  }

  /** Calls `listener` with every change from now on, until the returned function is called. */
  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Waits for the next change. If `signal` is aborted, the wait ends and throws its reason. */
  async nextChange(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const end = this.listen(() => resolve());
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      await promise;
    } finally {
      end();
      signal.removeEventListener('abort', abort);
    }
  }

  #nextUid(): string {
    this.#uids += 1;
    return `00000000-0000-4000-8000-${String(this.#uids).padStart(12, '0')}`;
  }

  #tell(change: Change): void {
    this.#changes.push(change);
    for (const listener of this.#listeners) listener(change);
  }
}

export function nameOf(object: JsonRecord): string {
  return textOf(recordOf(object['metadata'])['name']) ?? '';
}

export function labelsOf(object: JsonRecord): Readonly<Record<string, string>> {
  return textMapOf(recordOf(object['metadata'])['labels']);
}

function keyOf(kind: string, name: string, namespace: string | undefined): string {
  return `${kind}/${namespace ?? ''}/${name}`;
}

/** Checks whether a selection of objects of this kind has the object. */
export function isSelected(
  kind: string,
  { namespace, labelSelector, fieldSelector }: Selected,
  object: JsonRecord,
): boolean {
  const metadata = recordOf(object['metadata']);
  const labels = labelsOf(object);
  return (
    object['kind'] === kind &&
    (namespace === undefined || metadata['namespace'] === namespace) &&
    termsOf(labelSelector).every(([label, value]) => labels[label] === value) &&
    termsOf(fieldSelector).every(([field, value]) => field === 'metadata.name' && metadata['name'] === value)
  );
}

function termsOf(selector: string | undefined): readonly (readonly [string, string])[] {
  const terms = selector === undefined || selector === '' ? [] : selector.split(',');
  return terms.map((term) => {
    const [key = '', value = ''] = term.split('=');
    return [key, value];
  });
}
