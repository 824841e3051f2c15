import type { Duplex } from 'node:stream';
import type { KubernetesApi } from '../../../../src/kubernetes/api.ts';
import type { Executed } from '../../../../src/kubernetes/exec.ts';
import { createStatusError } from '../../../../src/kubernetes/http-error.ts';
import { loadKubeConfig } from '../../../../src/kubernetes/kubeconfig.ts';
import type { LogOptions, PodLogRef } from '../../../../src/kubernetes/object-reads.ts';
import type {
  ApplyOptions,
  Eviction,
  Manifest,
  Patch,
  RemoveOptions,
  Replacement,
  WriteOptions,
} from '../../../../src/kubernetes/object-writes.ts';
import type { ApiRequest, ApiResponse } from '../../../../src/kubernetes/request.ts';
import { isResourceKind, nameObject, type ObjectRef, type ResourceKind } from '../../../../src/kubernetes/resources.ts';
import type { FollowEvent, ObjectList, Selection } from '../../../../src/kubernetes/watch.ts';
import { type JsonRecord, recordOf, textOf } from '../../../../src/objects/json.ts';
import { decodeObject, type KubernetesObject } from '../../../../src/objects/object.ts';
import { appliedObject, type Conflict, updatedObject } from './field-managers.ts';
import { type InMemoryObjects, isSelected } from './in-memory-objects.ts';
import type { Journal } from './journal.ts';
import { isSame, mergePatched } from './object-fields.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** The part of the cluster behind the API server: kubelets, controllers and servers. */
export type Machinery = {
  readonly terminate: (pod: JsonRecord) => void;
  readonly evict: (pod: JsonRecord) => Eviction;
  readonly dial: (pod: string, port: number) => Duplex | undefined;
  readonly log: (pod: string) => readonly string[] | undefined;
};

export type ApiParts = {
  readonly clock: VirtualClock;
  readonly objects: InMemoryObjects;
  readonly journal: Journal;
  readonly machinery: Machinery;
};

const REQUEST_MS = 2;
/** The time until a watch reports a change. */
const WATCH_MS = 3;

const SERVER = 'https://in-memory.invalid';
const NAMED = [
  { name: 'memory', cluster: { server: SERVER }, user: {}, context: { cluster: 'memory', user: 'memory' } },
];
const KUBECONFIG = JSON.stringify({ clusters: NAMED, users: NAMED, contexts: NAMED, 'current-context': 'memory' });

/** An API server in memory, with the semantics of fields, versions and watches that the product relies on. */
export class InMemoryApi implements KubernetesApi {
  readonly connection = loadKubeConfig({ kind: 'content', yaml: KUBECONFIG }, undefined, {});
  readonly #parts: ApiParts;
  readonly #check: () => Promise<void>;

  constructor(parts: ApiParts, check: () => Promise<void> = async () => {}) {
    this.#parts = parts;
    this.#check = check;
  }

  guarded(check: () => Promise<void>): KubernetesApi {
    return new InMemoryApi(this.#parts, check);
  }

  readonly request = async ({ path, signal }: ApiRequest): Promise<ApiResponse> => {
    await this.#arrive(signal);
    if (path === '/apis/monitoring.coreos.com/v1') return { status: 404, body: {} };
    throw new Error(`${path} is not modelled`);
  };

  async get({ kind, name, namespace }: ObjectRef, signal: AbortSignal): Promise<KubernetesObject | undefined> {
    await this.#arrive(signal);
    const found = this.#parts.objects.get(kind, name, namespace);
    return found === undefined ? undefined : decodeObject(found);
  }

  async list(kind: ResourceKind, selection: Selection, signal: AbortSignal): Promise<ObjectList> {
    await this.#arrive(signal);
    const { objects } = this.#parts;
    const found = objects.list(kind, selection).map((object) => {
      const { apiVersion, metadata } = object;
      return decodeObject(selection.metadataOnly === true ? { apiVersion, kind, metadata } : object);
    });
    return { objects: found, resourceVersion: String(objects.version) };
  }

  async apply(manifest: Manifest, options: ApplyOptions, signal: AbortSignal): Promise<KubernetesObject> {
    const ref = refOf(manifest);
    await this.#arriveToWrite(signal);
    const live = this.#live(ref);
    const { resourceVersion, fieldManager, force = false } = options;
    if (resourceVersion !== undefined && resourceVersion !== versionOf(live)) throw conflict(ref);
    const applied = appliedObject(live, manifest, { manager: fieldManager, force });
    if ('conflicts' in applied) throw fieldConflict(ref, applied.conflicts);
    requireMutable(ref, live, applied.object);
    return this.#store('apply', ref, applied.object, options);
  }

  async create(manifest: Manifest, options: WriteOptions, signal: AbortSignal): Promise<KubernetesObject> {
    const ref = refOf(manifest);
    await this.#arriveToWrite(signal);
    if (this.#live(ref) !== undefined) throw refused(ref, 409, 'AlreadyExists', 'it exists');
    return this.#store('create', ref, updatedObject(undefined, manifest, options.fieldManager), options);
  }

  async replace(manifest: Replacement, options: WriteOptions, signal: AbortSignal): Promise<KubernetesObject> {
    const ref = refOf(manifest);
    await this.#arriveToWrite(signal);
    const live = this.#live(ref);
    const { uid, resourceVersion } = manifest.metadata;
    const isOther = uid !== undefined && uid !== recordOf(live?.['metadata'])['uid'];
    if (resourceVersion !== versionOf(live) || isOther) throw conflict(ref);
    return this.#store('replace', ref, updatedObject(live, manifest, options.fieldManager), options);
  }

  async patch(ref: ObjectRef, patch: Patch, options: WriteOptions, signal: AbortSignal): Promise<KubernetesObject> {
    await this.#arriveToWrite(signal);
    const live = this.#live(ref);
    if (live === undefined) throw refused(ref, 404, 'NotFound', `${nameObject(ref)} not found`);
    if (patch.kind === 'json') throw new Error('JSON patches are not modelled');
    const version = recordOf(recordOf(patch.value)['metadata'])['resourceVersion'];
    if (version !== undefined && version !== versionOf(live)) throw conflict(ref);
    const patched = recordOf(mergePatched(live, patch.value));
    return this.#store('patch', ref, updatedObject(live, patched, options.fieldManager), options);
  }

  async remove(ref: ObjectRef, options: RemoveOptions, signal: AbortSignal): Promise<boolean> {
    await this.#arriveToWrite(signal);
    const { objects, journal, machinery } = this.#parts;
    const live = this.#live(ref);
    if (live === undefined) return false;
    const isOther = options.uid !== undefined && options.uid !== recordOf(live['metadata'])['uid'];
    const isOtherVersion = options.resourceVersion !== undefined && options.resourceVersion !== versionOf(live);
    if (isOther || isOtherVersion) throw conflict(ref);
    journal.add('write', `${ref.kind}/${ref.name}`, 'delete');
    if (ref.kind === 'Pod') machinery.terminate(live);
    else objects.remove(live);
    return true;
  }

  async evict(
    { namespace, name, uid }: { readonly namespace: string; readonly name: string; readonly uid: string },
    signal: AbortSignal,
  ): Promise<Eviction> {
    await this.#arriveToWrite(signal);
    const { journal, machinery } = this.#parts;
    const pod = this.#live({ kind: 'Pod', name, namespace });
    if (pod === undefined || recordOf(pod['metadata'])['uid'] !== uid) return { kind: 'gone' };
    const eviction = machinery.evict(pod);
    if (eviction.kind === 'evicted') journal.add('write', `Pod/${name}`, 'evict');
    return eviction;
  }

  async *follow(
    kind: ResourceKind,
    selection: Selection,
    signal: AbortSignal,
    known?: ObjectList,
  ): AsyncGenerator<FollowEvent, void, undefined> {
    const { clock, objects } = this.#parts;
    const listed = known ?? (await this.list(kind, selection, signal));
    yield { kind: 'listed', ...listed };
    for (let version = Number(listed.resourceVersion); ; ) {
      signal.throwIfAborted();
      const changes = objects.changesAfter(version);
      version = changes.at(-1)?.version ?? version;
      for (const { kind: how, object } of changes) {
        if (isSelected(kind, selection, object)) yield { kind: how, object: decodeObject(object) };
      }
      if (changes.length === 0) await objects.nextChange(signal);
      await clock.pass(WATCH_MS);
    }
  }

  async portForward(_namespace: string, pod: string, port: number, signal: AbortSignal): Promise<Duplex> {
    await this.#arrive(signal);
    const { objects, machinery } = this.#parts;
    const ref = { kind: 'Pod', name: pod, namespace: _namespace } as const;
    if (objects.get('Pod', pod, _namespace) === undefined)
      throw refused(ref, 404, 'NotFound', `pods "${pod}" not found`);
    const stream = machinery.dial(pod, port);
    if (stream === undefined) throw refused(ref, 500, 'InternalError', `connection refused by port ${port}`);
    return stream;
  }

  async portForwards(
    namespace: string,
    pod: string,
    ports: readonly number[],
    signal: AbortSignal,
  ): Promise<readonly Duplex[]> {
    return await Promise.all(ports.map(async (port) => await this.portForward(namespace, pod, port, signal)));
  }

  async execute(): Promise<Executed> {
    return { kind: 'not-run', because: 'commands in containers are not modelled' };
  }

  async podLog({ pod }: PodLogRef, { tailLines }: LogOptions, signal: AbortSignal): Promise<string | undefined> {
    await this.#arrive(signal);
    return this.#parts.machinery.log(pod)?.slice(-tailLines).join('\n');
  }

  async version(): Promise<string> {
    return 'v1.36.3';
  }

  async missingPermissions(): Promise<readonly []> {
    return [];
  }

  async requirePermissions(): Promise<void> {}

  async close(): Promise<void> {}

  #live({ kind, name, namespace }: ObjectRef): JsonRecord | undefined {
    return this.#parts.objects.get(kind, name, namespace);
  }

  #store(
    verb: string,
    ref: ObjectRef,
    object: JsonRecord,
    { dryRun = false }: { readonly dryRun?: boolean },
  ): KubernetesObject {
    const { objects, journal } = this.#parts;
    if (dryRun) return decodeObject(object);
    const before = this.#live(ref);
    const stored = objects.put(object);
    if (stored !== before) journal.add('write', `${ref.kind}/${ref.name}`, verb);
    return decodeObject(stored);
  }

  /** Waits for the time that a request takes to reach the API server. */
  async #arrive(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    await this.#parts.clock.pass(REQUEST_MS);
    signal?.throwIfAborted();
  }

  async #arriveToWrite(signal: AbortSignal): Promise<void> {
    await this.#check();
    await this.#arrive(signal);
  }
}

function refOf({ kind, metadata: { name, namespace } }: Manifest): ObjectRef {
  if (!isResourceKind(kind)) throw new Error(`${kind} is not modelled`);
  return namespace === undefined ? { kind, name } : { kind, name, namespace };
}

function versionOf(object: JsonRecord | undefined): string | undefined {
  return textOf(recordOf(object?.['metadata'])['resourceVersion']);
}

type Cause = { readonly reason: string; readonly message: string; readonly field: string };

function refused(
  ref: ObjectRef,
  status: number,
  reason: string,
  message: string,
  causes: readonly Cause[] = [],
): Error {
  const body = { kind: 'Status', apiVersion: 'v1', code: status, reason, message, details: { causes } };
  const credentials = { kind: 'kubeconfig' } as const;
  const asked = { server: SERVER, method: 'WRITE', path: `/${ref.kind}`, object: nameObject(ref), credentials };
  return createStatusError(asked, { status, body });
}

function conflict(ref: ObjectRef): Error {
  return refused(ref, 409, 'Conflict', 'the object has been modified');
}

function fieldConflict(ref: ObjectRef, conflicts: readonly Conflict[]): Error {
  const causes = conflicts.map(({ manager, field }) => {
    return { reason: 'FieldManagerConflict', message: `conflict with "${manager}"`, field };
  });
  return refused(ref, 409, 'Conflict', 'fields have other managers', causes);
}

/** Refuses a change of an immutable field of a StatefulSet or a Secret. */
function requireMutable(ref: ObjectRef, before: JsonRecord | undefined, after: JsonRecord): void {
  if (before === undefined) return;
  const [old, wanted] = [recordOf(before['spec']), recordOf(after['spec'])];
  const fields =
    ref.kind === 'StatefulSet' ? ['serviceName', 'podManagementPolicy', 'selector', 'volumeClaimTemplates'] : [];
  const changed = fields.filter((field) => !isSame(old[field], wanted[field]));
  const isOtherType = ref.kind === 'Secret' && before['type'] !== after['type'];
  if (changed.length > 0 || isOtherType) {
    throw refused(ref, 422, 'Invalid', `immutable: ${[...changed, ...(isOtherType ? ['type'] : [])].join(', ')}`);
  }
}
