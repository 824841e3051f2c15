import { FIELD_MANAGER, INSTANCE_LABEL } from '../../cluster/names.ts';
import { isAsApplied, selectApplied } from '../../drift/as-applied.ts';
import { ActionError } from '../../errors/action-error.ts';
import type { Consent } from '../../inputs/rows/consent.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { Manifest } from '../../manifests/manifests.ts';
import { recordOf } from '../../objects/json.ts';
import { type KubernetesObject, objectKey } from '../../objects/object.ts';
import { decodeSecret } from '../../objects/secret.ts';
import { requireAsApplied } from './admission.ts';
import type { LiveState } from './live-state.ts';
import { determineOwnership } from './ownership.ts';
import { allOrFirstError, writeOnVersion } from './requests.ts';

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
      const changes = await allOrFirstError(...wave.map(async (built) => await this.#applyOne(built)));
      changed.push(...changes.flat());
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

/** Refuses an object that another deployment has created under this name since this run read it. */
function requireWritable({ kind, metadata: { name, labels } }: Manifest, object: KubernetesObject): void {
  const ownership = determineOwnership(labels[INSTANCE_LABEL] ?? '', object);
  if (ownership.kind !== 'of-deployment') return;
  const message = `${kind}/${name} now belongs to the deployment ${ownership.deployment}`;
  throw new ActionError('CHANGE_FORBIDDEN', message, {
    reason: 'ForeignObjects',
    hint: 'Run the job again: the error then suggests another name for one of the two deployments.',
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

/** Returns the keys that our server-side apply does not own; no keys if it owns none. */
export function findLeftoverKeys(secret: KubernetesObject): readonly string[] {
  const own = readOwnKeys(secret);
  return own.size === 0 ? [] : Object.keys(recordOf(secret.raw['data'])).filter((key) => !own.has(key));
}

/**
 * Removes the keys of a Secret that the last apply dropped and that still exist, because another manager has edited
 * them. A server-side apply leaves such a key in place (Kubernetes, Server-Side Apply, shared field owners), and the
 * next run would read it as a part of our own state. Returns the Secret without them. `live` is the Secret before the
 * apply, `applied` is the answer to the apply.
 */
export async function removeDroppedKeys(
  api: Pick<KubernetesApi, 'patch'>,
  live: KubernetesObject | undefined,
  applied: KubernetesObject,
  signal: AbortSignal,
): Promise<KubernetesObject> {
  if (live === undefined || applied.kind !== 'Secret') return applied;
  const before = readOwnKeys(live);
  const dropped = findLeftoverKeys(applied).filter((key) => before.has(key));
  return dropped.length === 0 ? applied : await removeSecretKeys(api, applied, dropped, signal);
}

/** Removes keys of `data` from a Secret, unless it has changed since it was read. Returns the Secret without them. */
export async function removeSecretKeys(
  api: Pick<KubernetesApi, 'patch'>,
  secret: KubernetesObject,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<KubernetesObject> {
  const { name, namespace = '', resourceVersion } = secret.metadata;
  const value = { metadata: { resourceVersion }, data: Object.fromEntries(keys.map((key) => [key, null])) };
  const ref = { kind: 'Secret', name, namespace } as const;
  return await api.patch(ref, { kind: 'merge', value }, { fieldManager: FIELD_MANAGER }, signal);
}

/** Returns the keys of `data` that our server-side apply owns. */
function readOwnKeys(secret: KubernetesObject): ReadonlySet<string> {
  const applied = selectApplied(secret, FIELD_MANAGER);
  const fields = applied.flatMap((entry) => Object.keys(recordOf(recordOf(entry.fields)['f:data'])));
  return new Set(fields.filter((field) => field.startsWith('f:')).map((field) => field.slice('f:'.length)));
}
