import { ActionError } from '../errors/action-error.ts';
import { decodeObject, type KubernetesObject } from '../objects/object.ts';
import type { ApiRequest, Requester } from './request.ts';
import { buildCollectionPath, buildObjectPath, isResourceKind, nameObject, type ObjectRef } from './resources.ts';
import { decodeStatus } from './retry.ts';

/** The desired state of an object; all other fields are sent unchanged. */
export type Manifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
};

export type ApplyOptions = {
  readonly fieldManager: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  /** The precondition: APPLY_CONFLICT (`Conflict`) if the object has another version or does not exist. */
  readonly resourceVersion?: string;
};

export type WriteOptions = { readonly fieldManager: string; readonly dryRun?: boolean };

export type Patch =
  | { readonly kind: 'merge'; readonly value: unknown }
  /** RFC 6902; not sent again when an attempt got no answer. */
  | { readonly kind: 'json'; readonly operations: readonly unknown[] };

export type RemoveOptions = {
  /** The preconditions: another object with the same name, or a newer version of this one, is not deleted. */
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly gracePeriodSeconds?: number;
};

export async function applyManifest(
  request: Requester,
  manifest: Manifest,
  { fieldManager, force = false, dryRun = false, resourceVersion }: ApplyOptions,
  signal: AbortSignal,
): Promise<KubernetesObject> {
  const ref = decodeRef(manifest);
  const version = resourceVersion === undefined ? {} : { resourceVersion };
  const { body } = await request({
    method: 'PATCH',
    path: buildObjectPath(ref),
    query: { fieldManager, force: String(force), fieldValidation: 'Strict', dryRun: dryRun ? 'All' : undefined },
    body: { ...manifest, metadata: { ...manifest.metadata, ...version } }, // JSON is YAML.
    contentType: 'application/apply-patch+yaml',
    idempotent: true,
    object: nameObject(ref),
    signal,
  });
  return decodeObject(body);
}

/**
 * Creates an object. The request is sent again when an attempt got no answer, so AlreadyExists may refer to the object
 * that the first attempt created.
 *
 * @throws ActionError APPLY_CONFLICT (`AlreadyExists`).
 */
export async function createObject(
  request: Requester,
  manifest: Manifest,
  options: WriteOptions,
  signal: AbortSignal,
): Promise<KubernetesObject> {
  const { kind, namespace } = decodeRef(manifest);
  const target = { method: 'POST', path: buildCollectionPath(kind, namespace), idempotent: true } as const;
  return await writeObject(request, target, manifest, options, signal);
}

/** A whole object that replaces the version named in its metadata. */
export type Replacement = Manifest & { readonly metadata: { readonly resourceVersion: string } };

/**
 * Replaces an object. The request is sent again when an attempt got no answer, so Conflict may refer to the version
 * that the first attempt wrote.
 *
 * @throws ActionError APPLY_CONFLICT (`Conflict`) when the object has another version; with `metadata.uid` also when it
 * does not exist.
 */
export async function replaceObject(
  request: Requester,
  manifest: Replacement,
  options: WriteOptions,
  signal: AbortSignal,
): Promise<KubernetesObject> {
  const target = { method: 'PUT', path: buildObjectPath(decodeRef(manifest)) } as const;
  return await writeObject(request, target, manifest, options, signal);
}

async function writeObject(
  request: Requester,
  target: Pick<ApiRequest, 'method' | 'path' | 'idempotent'>,
  manifest: Manifest,
  { fieldManager, dryRun = false }: WriteOptions,
  signal: AbortSignal,
): Promise<KubernetesObject> {
  const query = { fieldManager, fieldValidation: 'Strict', dryRun: dryRun ? 'All' : undefined };
  const object = nameObject(decodeRef(manifest));
  const { body } = await request({ ...target, query, body: manifest, object, signal });
  return decodeObject(body);
}

/**
 * Returns the reference to the object of a manifest.
 * @throws ActionError INTERNAL for a kind that is not in the table: a bug of the caller.
 */
function decodeRef({ kind, metadata }: Manifest): ObjectRef {
  if (!isResourceKind(kind)) {
    throw new ActionError('INTERNAL', `This Action cannot write an object of the unknown kind ${kind}.`, {
      hint: 'Report this as a bug, with the log of the step.',
      details: {},
    });
  }
  const { name, namespace } = metadata;
  return { kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

export async function patchObject(
  request: Requester,
  ref: ObjectRef,
  patch: Patch,
  { fieldManager, dryRun = false }: WriteOptions,
  signal: AbortSignal,
): Promise<KubernetesObject> {
  const { body } = await request({
    method: 'PATCH',
    path: buildObjectPath(ref),
    query: { fieldManager, fieldValidation: 'Strict', dryRun: dryRun ? 'All' : undefined },
    body: patch.kind === 'merge' ? patch.value : patch.operations,
    contentType: patch.kind === 'merge' ? 'application/merge-patch+json' : 'application/json-patch+json',
    idempotent: patch.kind === 'merge',
    object: nameObject(ref),
    signal,
  });
  return decodeObject(body);
}

export async function removeObject(
  request: Requester,
  ref: ObjectRef,
  { uid, resourceVersion, propagationPolicy = 'Background', gracePeriodSeconds }: RemoveOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const preconditions = { uid, resourceVersion }; // JSON leaves out undefined fields.
  const { status } = await request({
    method: 'DELETE',
    path: buildObjectPath(ref),
    body: { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy, gracePeriodSeconds, preconditions },
    accept: [404],
    object: nameObject(ref),
    signal,
  });
  return status !== 404;
}

/**
 * `denied`: a disruption budget allows no eviction of the pod now. `gone`: the pod does not exist any more, or another
 * pod has its name.
 */
export type Eviction = { readonly kind: 'evicted' | 'gone' } | { readonly kind: 'denied'; readonly because: string };

/**
 * Deletes a pod unless its disruption budget is used up. The API server decides this for all concurrent evictions
 * (Kubernetes API reference, policy/v1 Eviction; pkg/registry/core/pod/storage/eviction.go). It answers 429 while the
 * budget is used up, and 500 for a pod that has several budgets.
 */
export async function evictPod(
  request: Requester,
  { namespace, name, uid }: { readonly namespace: string; readonly name: string; readonly uid: string },
  signal: AbortSignal,
): Promise<Eviction> {
  const { status, body } = await request({
    method: 'POST',
    path: `${buildObjectPath({ kind: 'Pod', name, namespace })}/eviction`,
    body: {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name, namespace },
      deleteOptions: { preconditions: { uid } },
    },
    idempotent: true,
    accept: [404, 409, 429, 500],
    object: `eviction of Pod ${namespace}/${name}`,
    signal,
  });
  if (status === 404 || status === 409) return { kind: 'gone' };
  return status < 300
    ? { kind: 'evicted' }
    : { kind: 'denied', because: decodeStatus(body)?.message ?? `status ${status}` };
}
