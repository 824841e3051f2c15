import { isRecord, listOf, recordOf, textOf } from '../objects/json.ts';
import { createInvalidResponseError, decodeObject, type KubernetesObject } from '../objects/object.ts';
import { markForeignLines } from '../secrets/likely-secrets.ts';
import type { Requester } from './request.ts';
import {
  apiVersionOf,
  buildCollectionPath,
  buildObjectPath,
  nameObject,
  type ObjectRef,
  type ResourceKind,
} from './resources.ts';
import type { ObjectList, Selection } from './watch.ts';

export type LogOptions = {
  readonly tailLines: number;
  readonly previous?: boolean;
  /** The maximum age of the lines, by the clock of the node. */
  readonly sinceSeconds?: number;
};

export type PodLogRef = { readonly namespace: string; readonly pod: string; readonly container: string };

export async function getObject(
  request: Requester,
  ref: ObjectRef,
  signal: AbortSignal,
): Promise<KubernetesObject | undefined> {
  const path = buildObjectPath(ref);
  const { status, body } = await request({ method: 'GET', path, accept: [404], object: nameObject(ref), signal });
  return status === 404 ? undefined : decodeObject(body);
}

const PAGE = 500;

/**
 * The media type that requests metadata only (Kubernetes API concepts, "Metadata-only fetches"). Other API servers may
 * send whole objects.
 */
export const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';

export async function listObjects(
  request: Requester,
  kind: ResourceKind,
  { namespace, labelSelector, fieldSelector, metadataOnly }: Selection,
  signal: AbortSignal,
): Promise<ObjectList> {
  const path = buildCollectionPath(kind, namespace);
  const type = { kind, apiVersion: apiVersionOf(kind) };
  const asked = {
    path,
    object: `list of ${path}`,
    signal,
    ...(metadataOnly === true ? { mediaType: METADATA_LIST } : {}),
  };
  let objects: KubernetesObject[] = [];
  for (let token: string | undefined; ; ) {
    const query = { labelSelector, fieldSelector, limit: String(PAGE), continue: token };
    const accept = token === undefined ? [] : [410];
    const { status, body } = await request({ method: 'GET', ...asked, query, accept });
    if (status === 410) {
      // The pages so far belong to an expired version.
      objects = [];
      token = undefined;
      continue;
    }
    const page = recordOf(body);
    const metadata = recordOf(page['metadata']);
    const resourceVersion = textOf(metadata['resourceVersion']);
    if (resourceVersion === undefined) throw createInvalidResponseError(`a list of ${kind} objects`);
    // An item with metadata only has the kind PartialObjectMetadata.
    const named = (item: unknown): unknown => (metadataOnly === true && isRecord(item) ? { ...item, ...type } : item);
    objects.push(...listOf(page['items']).map((item) => decodeObject(named(item), type)));
    token = textOf(metadata['continue']) || undefined;
    if (token === undefined) return { objects, resourceVersion };
  }
}

const LOG_BYTES = 1024 * 1024;

/**
 * Returns the last lines of a log, and cuts long lines. The API server counts bytes from the first of these lines. If
 * the lines do not fit, fewer lines are requested, because the last ones explain why a server ended.
 */
export async function readPodLog(
  request: Requester,
  ref: PodLogRef,
  { tailLines, previous = false, sinceSeconds: since }: LogOptions,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (let lines = tailLines; ; lines = Math.ceil(lines / FEWER)) {
    const text = await readWholeLog(request, ref, { tailLines: lines, previous, since }, signal);
    if (text === undefined) return undefined;
    if (lines === 1 || Buffer.byteLength(text) < LOG_BYTES) return markForeignLines(text);
  }
}

const FEWER = 8;

async function readWholeLog(
  request: Requester,
  { namespace, pod, container }: PodLogRef,
  { tailLines, previous, since }: { tailLines: number; previous: boolean; since: number | undefined },
  signal: AbortSignal,
): Promise<string | undefined> {
  const { status, body } = await request({
    method: 'GET',
    path: `${buildObjectPath({ kind: 'Pod', name: pod, namespace })}/log`,
    query: {
      container,
      tailLines: String(tailLines),
      previous: String(previous),
      limitBytes: String(LOG_BYTES),
      sinceSeconds: since === undefined ? undefined : String(since),
    },
    accept: [400, 404], // 400: the container has no such run, or has not started.
    object: `log of Pod ${namespace}/${pod}`,
    signal,
  });
  return status === 200 && typeof body === 'string' ? body : undefined;
}

export async function serverVersion(request: Requester, signal: AbortSignal): Promise<string> {
  const { body } = await request({ method: 'GET', path: '/version', object: 'version', signal });
  const version = textOf(recordOf(body)['gitVersion']);
  if (version === undefined) throw createInvalidResponseError('the version of a Kubernetes API server');
  return version;
}
