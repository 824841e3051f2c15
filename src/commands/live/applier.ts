import { FIELD_MANAGER } from '../../cluster/names.ts';
import { isAsApplied } from '../../drift/as-applied.ts';
import { ActionError, hasCode } from '../../errors/action-error.ts';
import type { Consent } from '../../inputs/rows/consent.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { ObjectRef } from '../../kubernetes/resources.ts';
import type { Manifest } from '../../manifests/manifests.ts';
import { type KubernetesObject, objectKey } from '../../objects/object.ts';
import { decodeSecret } from '../../objects/secret.ts';
import { requireAsApplied } from './admission.ts';
import { removeDroppedKeys } from './dropped-keys.ts';
import type { LiveState } from './live-state.ts';
import { determineOwnership } from './ownership.ts';

export { FIELD_MANAGER } from '../../cluster/names.ts';

const MAX_ATTEMPTS = 5;

type Writing = {
  readonly api: Pick<KubernetesApi, 'get'>;
  readonly ref: ObjectRef;
  readonly signal: AbortSignal;
  /** Throws when the object that was read again must not be written. */
  readonly requireOwn?: (object: KubernetesObject) => void;
};

/**
 * Writes onto the known version, so that a writer that was held up after its lock check cannot undo a later write of
 * another writer. A version may also be old because of a status: this function then reads the object, and writes once
 * more after another lock check. Without a version there was no object to protect.
 * @throws ActionError APPLY_CONFLICT; LOCKED by the guard of the `api` that `write` uses.
 */
export async function writeOnVersion<Result>(
  { api, ref, signal, requireOwn }: Writing,
  known: string | undefined,
  write: (precondition: { readonly resourceVersion?: string }) => Promise<Result>,
): Promise<Result> {
  for (let version = known, attempt = 1; ; attempt++) {
    try {
      return await write(version === undefined ? {} : { resourceVersion: version });
    } catch (error) {
      if (!isOlderVersion(error) || attempt === MAX_ATTEMPTS) {
        throw error;
      }
    }
    const found = await api.get(ref, signal);
    if (found !== undefined) requireOwn?.(found);
    version = found?.metadata.resourceVersion;
  }
}

export async function readVersion({ api, ref, signal }: Writing): Promise<string | undefined> {
  return (await api.get(ref, signal))?.metadata.resourceVersion;
}

function isOlderVersion(error: unknown): boolean {
  return hasCode(error, 'APPLY_CONFLICT') && error.reason === 'Conflict';
}

export type ApplierOptions = {
  readonly api: KubernetesApi;
  /** The live objects by `Kind/name`. An apply that changes nothing leaves the resourceVersion as it was. */
  readonly before: ReadonlyMap<string, KubernetesObject>;
  /** Checks whether to take the fields of this object that another manager holds (`force` of server-side apply). */
  readonly takesConflicts: (key: string) => boolean;
  readonly signal: AbortSignal;
};

/**
 * Returns the check for objects whose fields are taken from other managers: all objects with `allow: conflicts`,
 * otherwise those that are taken over.
 */
export function forceConflictsOf(
  { taken }: Pick<LiveState, 'taken'>,
  allow: readonly Consent[],
): ApplierOptions['takesConflicts'] {
  return (key) => allow.includes('conflicts') || taken.has(key);
}

/** Applies the objects of a run, and remembers what it has applied. */
export class Applier {
  readonly #options: ApplierOptions;
  readonly #objects: Map<string, KubernetesObject>;
  /** The text of each object that was applied. */
  readonly #sent = new Map<string, string>();
  readonly #admissionChanges = new Set<string>();
  readonly #taken = new Set<string>();
  #overwritten: readonly KubernetesObject[] = [];

  constructor(options: ApplierOptions) {
    this.#options = options;
    this.#objects = new Map(options.before);
  }

  /**
   * Applies the waves in order, the objects of one wave at once. Returns the changed objects, as `Kind/name`. Skips an
   * object that this run has already applied, and an object that is exactly as an apply would leave it.
   * @throws ActionError APPLY_REJECTED, reason ChangedByAdmission, as `requireAsApplied`.
   */
  async apply(waves: readonly (readonly Manifest[])[]): Promise<readonly string[]> {
    const changed: string[] = [];
    this.#overwritten = [];
    for (const wave of waves) {
      for (const outcome of await Promise.allSettled(wave.map(async (built) => await this.#applyOne(built)))) {
        if (outcome.status === 'rejected') {
          throw outcome.reason; // Every request of the wave has ended by now: nothing is written after the error.
        }
        changed.push(...outcome.value);
      }
    }
    return changed;
  }

  /** Returns the object as it was last read or applied, by `Kind/name`. */
  known(key: string): KubernetesObject | undefined {
    return this.#objects.get(key);
  }

  /** Returns the harmless changes that admission made, one sentence each, and each of them only once. */
  takeAdmissionChanges(): readonly string[] {
    const fresh = [...this.#admissionChanges].filter((change) => !this.#taken.has(change));
    fresh.forEach((change) => this.#taken.add(change));
    return fresh;
  }

  /** Returns the objects as they were before the last `apply` wrote them, even if that `apply` failed halfway. */
  overwritten(): readonly KubernetesObject[] {
    return this.#overwritten;
  }

  async #applyOne(built: Manifest): Promise<readonly string[]> {
    const key = objectKey(built);
    const live = this.#objects.get(key);
    const manifest = keepLiveType(built, live);
    const text = JSON.stringify(manifest);
    const isKnown = live !== undefined && !this.#sent.has(key) && isAsApplied(manifest, live, FIELD_MANAGER);
    if (isKnown || this.#sent.get(key) === text) {
      this.#sent.set(key, text);
      return [];
    }
    const version = live?.metadata.resourceVersion;
    const applied = await this.#write(key, manifest, version);
    this.#objects.set(key, await removeDroppedKeys(this.#options.api, live, applied, this.#options.signal));
    this.#sent.set(key, text);
    const isChanged = version !== applied.metadata.resourceVersion;
    if (live !== undefined && isChanged) this.#overwritten = [...this.#overwritten, live];
    requireAsApplied(manifest, applied.raw).forEach((change) => this.#admissionChanges.add(change));
    return isChanged ? [key] : [];
  }

  async #write(key: string, manifest: Manifest, version: string | undefined): Promise<KubernetesObject> {
    const { api, takesConflicts, signal } = this.#options;
    const { name, namespace } = manifest.metadata;
    const ref = { kind: manifest.kind, name, namespace };
    const requireOwn = (object: KubernetesObject): void => requireWritable(manifest, object);
    const options = { fieldManager: FIELD_MANAGER, force: takesConflicts(key) };
    return await writeOnVersion({ api, ref, signal, requireOwn }, version, async (precondition) => {
      return await api.apply(manifest, { ...options, ...precondition }, signal);
    });
  }
}

/** Refuses an object that another deployment has created under this name since this deployment was deleted. */
function requireWritable({ kind, metadata: { name, labels } }: Manifest, object: KubernetesObject): void {
  const ownership = determineOwnership(labels['app.kubernetes.io/instance'] ?? '', object);
  if (ownership.kind !== 'of-deployment') return;
  const message = `${kind}/${name} belongs to the deployment ${ownership.deployment} by now`;
  throw new ActionError('CHANGE_FORBIDDEN', message, {
    reason: 'ForeignObjects',
    hint: 'Run the job again: it says what the two deployments can be called.',
    details: { problems: [{ object: `${kind}/${name}`, reason: 'OtherDeployment', message }] },
  });
}

/**
 * Returns the manifest with the type of the live Secret. The type of a Secret can never change (core/v1 Secret), so a
 * Secret that was taken over keeps its own type.
 */
export function keepLiveType(manifest: Manifest, live: KubernetesObject | undefined): Manifest {
  return manifest.kind === 'Secret' && live !== undefined ? { ...manifest, type: decodeSecret(live).type } : manifest;
}
