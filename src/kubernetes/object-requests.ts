import { ActionError } from '../errors.ts';
import { listOf, recordOf, textOf } from './objects/json.ts';
import { decodeObject, invalidResponse, type KubernetesObject } from './objects/object.ts';
import type { Requester } from './request.ts';
import {
  apiVersionOf,
  collectionPath,
  isResourceKind,
  type ObjectRef,
  objectName,
  objectPath,
  type ResourceKind,
} from './resources.ts';
import type { ObjectList, Selection } from './watch.ts';

/** What is to be; all other fields are sent as they are. */
export type Manifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
};

export type ApplyOptions = { readonly fieldManager: string; readonly force?: boolean; readonly dryRun?: boolean };

export type Patch =
  | { readonly kind: 'merge'; readonly value: unknown }
  /** RFC 6902; not sent again when an attempt got no answer. */
  | { readonly kind: 'json'; readonly operations: readonly unknown[] };

export type PatchOptions = { readonly fieldManager: string; readonly dryRun?: boolean };

export type RemoveOptions = {
  /** Preconditions: another object under the same name, or a newer version of this one, stays. */
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly gracePeriodSeconds?: number;
};

export type LogOptions = { readonly tailLines: number; readonly previous?: boolean };

export type PodLogRef = { readonly namespace: string; readonly pod: string; readonly container: string };

export async function getObject(
  request: Requester,
  ref: ObjectRef,
  signal: AbortSignal,
): Promise<KubernetesObject | undefined> {
  const path = objectPath(ref);
  const { status, body } = await request({ method: 'GET', path, accept: [404], object: objectName(ref), signal });
  return status === 404 ? undefined : decodeObject(body);
}

const PAGE = 500;

export async function listObjects(
  request: Requester,
  kind: ResourceKind,
  { namespace, labelSelector, fieldSelector }: Selection,
  signal: AbortSignal,
): Promise<ObjectList> {
  const path = collectionPath(kind, namespace);
  const objects: KubernetesObject[] = [];
  for (let token: string | undefined; ; ) {
    const query = { labelSelector, fieldSelector, limit: String(PAGE), continue: token };
    const { body } = await request({ method: 'GET', path, query, object: `list of ${path}`, signal });
    const page = recordOf(body);
    const metadata = recordOf(page['metadata']);
    const resourceVersion = textOf(metadata['resourceVersion']);
    if (resourceVersion === undefined) throw invalidResponse(`a list of ${kind} objects`);
    objects.push(...listOf(page['items']).map((item) => decodeObject(item, { kind, apiVersion: apiVersionOf(kind) })));
    token = textOf(metadata['continue']) || undefined;
    if (token === undefined) return { objects, resourceVersion };
  }
}

export async function applyManifest(
  request: Requester,
  manifest: Manifest,
  { fieldManager, force = false, dryRun = false }: ApplyOptions,
  signal: AbortSignal,
): Promise<KubernetesObject> {
  const ref = refOf(manifest);
  const { body } = await request({
    method: 'PATCH',
    path: objectPath(ref),
    query: { fieldManager, force: String(force), fieldValidation: 'Strict', dryRun: dryRun ? 'All' : undefined },
    body: manifest, // JSON is YAML.
    contentType: 'application/apply-patch+yaml',
    idempotent: true,
    object: objectName(ref),
    signal,
  });
  return decodeObject(body);
}

/** @throws ActionError INTERNAL for a kind that is not in the table: a bug of the caller. */
function refOf({ kind, metadata }: Manifest): ObjectRef {
  if (!isResourceKind(kind)) {
    throw new ActionError('INTERNAL', `A ${kind} was to be applied, which this Action does not know.`, {
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
  { fieldManager, dryRun = false }: PatchOptions,
  signal: AbortSignal,
): Promise<KubernetesObject> {
  const { body } = await request({
    method: 'PATCH',
    path: objectPath(ref),
    query: { fieldManager, fieldValidation: 'Strict', dryRun: dryRun ? 'All' : undefined },
    body: patch.kind === 'merge' ? patch.value : patch.operations,
    contentType: patch.kind === 'merge' ? 'application/merge-patch+json' : 'application/json-patch+json',
    idempotent: patch.kind === 'merge',
    object: objectName(ref),
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
  const preconditions = { uid, resourceVersion }; // JSON leaves out what is undefined.
  const { status } = await request({
    method: 'DELETE',
    path: objectPath(ref),
    body: { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy, gracePeriodSeconds, preconditions },
    accept: [404],
    object: objectName(ref),
    signal,
  });
  return status !== 404;
}

const LOG_BYTES = 1024 * 1024;

export async function podLog(
  request: Requester,
  { namespace, pod, container }: PodLogRef,
  { tailLines, previous = false }: LogOptions,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { status, body } = await request({
    method: 'GET',
    path: `${objectPath({ kind: 'Pod', name: pod, namespace })}/log`,
    query: { container, tailLines: String(tailLines), previous: String(previous), limitBytes: String(LOG_BYTES) },
    accept: [400, 404], // 400: the container has no such run, or has not started.
    object: `log of Pod ${namespace}/${pod}`,
    signal,
  });
  return status === 200 && typeof body === 'string' ? body : undefined;
}

export async function serverVersion(request: Requester, signal: AbortSignal): Promise<string> {
  const { body } = await request({ method: 'GET', path: '/version', object: 'version', signal });
  const version = textOf(recordOf(body)['gitVersion']);
  if (version === undefined) throw invalidResponse('the version of a Kubernetes API server');
  return version;
}
