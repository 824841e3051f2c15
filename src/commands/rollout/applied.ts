import { isAsApplied } from '../../drift/as-applied.ts';
import { hasCode } from '../../errors.ts';
import type { Consent } from '../../inputs/rows/consent.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { KubernetesObject } from '../../kubernetes/objects/object.ts';
import { decodeSecret } from '../../kubernetes/objects/secret.ts';
import type { ObjectRef } from '../../kubernetes/resources.ts';
import type { Manifest } from '../../manifests/manifests.ts';
import type { LiveState } from '../preflight/live-state.ts';

/** The owner of every field this Action sets. */
export const FIELD_MANAGER = 'nats-cluster-action';

const MOST_ATTEMPTS = 5;

type Writing = {
  readonly api: Pick<KubernetesApi, 'get'>;
  readonly ref: ObjectRef;
  readonly signal: AbortSignal;
};

/**
 * Writes onto the version that is known, so that a writer who was held up after its lock was checked cannot undo what
 * another wrote since. A version may also be old because of a status: then the object is read, and written once more
 * after another check of the lock. Without a version there was no object to protect.
 * @throws ActionError APPLY_CONFLICT; LOCKED by the guard of the `api` that `write` uses.
 */
export async function onVersion<Result>(
  { api, ref, signal }: Writing,
  known: string | undefined,
  write: (precondition: { readonly resourceVersion?: string }) => Promise<Result>,
): Promise<Result> {
  for (let version = known, attempt = 1; ; attempt++) {
    try {
      return await write(version === undefined ? {} : { resourceVersion: version });
    } catch (error) {
      if (!isOlderVersion(error) || attempt === MOST_ATTEMPTS) {
        throw error;
      }
    }
    version = await versionOf({ api, ref, signal });
  }
}

export async function versionOf({ api, ref, signal }: Writing): Promise<string | undefined> {
  return (await api.get(ref, signal))?.metadata.resourceVersion;
}

function isOlderVersion(error: unknown): boolean {
  return hasCode(error, 'APPLY_CONFLICT') && error.reason === 'Conflict';
}

export type Applier = {
  /**
   * Applies the waves in order, the objects of one wave at once, and returns which objects changed, as `Kind/name`.
   * What this run has applied already is left out, and what is there just as an apply would leave it.
   */
  readonly apply: (waves: readonly (readonly Manifest[])[]) => Promise<readonly string[]>;
  /** The object as it was read or applied last, by `Kind/name`. */
  readonly known: (key: string) => KubernetesObject | undefined;
  /** Returns the objects as they were before the last `apply` wrote them, also where it failed on the way. */
  readonly overwritten: () => readonly KubernetesObject[];
};

export type ApplierTerms = {
  readonly api: KubernetesApi;
  /** Live objects by `Kind/name`; an apply that changes nothing leaves the resourceVersion as it was. */
  readonly before: ReadonlyMap<string, KubernetesObject>;
  /** Whether to take the fields of this object that another manager holds (`force` of server-side apply). */
  readonly takesConflicts: (key: string) => boolean;
  readonly signal: AbortSignal;
};

/** From whom fields are taken: with consent from everybody, else from whose object is taken over. */
export function conflictsTaken(
  { foreign }: Pick<LiveState, 'foreign'>,
  allow: readonly Consent[],
): ApplierTerms['takesConflicts'] {
  const taken = new Set(foreign.map(({ kind, metadata }) => `${kind}/${metadata.name}`));
  return (key) => allow.includes('conflicts') || taken.has(key);
}

export function createApplier({ api, before, takesConflicts, signal }: ApplierTerms): Applier {
  const objects = new Map(before);
  const sent = new Map<string, string>();
  let overwritten: readonly KubernetesObject[] = [];
  const applyOne = async (built: Manifest): Promise<readonly string[]> => {
    const key = `${built.kind}/${built.metadata.name}`;
    const live = objects.get(key);
    const manifest = ofLiveType(built, live);
    const text = JSON.stringify(manifest);
    if (sent.get(key) === text) {
      return [];
    }
    if (!sent.has(key) && live !== undefined && isAsApplied(manifest, live, FIELD_MANAGER)) {
      sent.set(key, text);
      return [];
    }
    const { kind, metadata: named } = manifest;
    const ref = { kind, name: named.name, namespace: named.namespace };
    const version = live?.metadata.resourceVersion;
    const applied = await onVersion({ api, ref, signal }, version, async (precondition) => {
      return await api.apply(
        manifest,
        { fieldManager: FIELD_MANAGER, force: takesConflicts(key), ...precondition },
        signal,
      );
    });
    objects.set(key, applied);
    sent.set(key, text);
    if (live !== undefined && version !== applied.metadata.resourceVersion) overwritten = [...overwritten, live];
    return version === applied.metadata.resourceVersion ? [] : [key];
  };
  return {
    apply: async (waves) => {
      const changed: string[] = [];
      overwritten = [];
      for (const wave of waves) {
        for (const outcome of await Promise.allSettled(wave.map(applyOne))) {
          if (outcome.status === 'rejected') {
            throw outcome.reason; // Every request of the wave has ended by now: nothing is written after the error.
          }
          changed.push(...outcome.value);
        }
      }
      return changed;
    },
    known: (key) => objects.get(key),
    overwritten: () => overwritten,
  };
}

/** The type of a Secret can never change (core/v1 Secret): one that was taken over keeps its own. */
export function ofLiveType(manifest: Manifest, live: KubernetesObject | undefined): Manifest {
  return manifest.kind === 'Secret' && live !== undefined ? { ...manifest, type: decodeSecret(live).type } : manifest;
}
