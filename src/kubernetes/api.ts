import type { Duplex } from 'node:stream';
import type { MissingPermission } from '../errors/action-error.ts';
import { recordOf, recordsOf } from '../objects/json.ts';
import type { KubernetesObject } from '../objects/object.ts';
import type { ClusterConnection } from './cluster-connection.ts';
import { type ExecTarget, type Executed, execute } from './exec.ts';
import { follow } from './follow.ts';
import { getObject, type LogOptions, listObjects, type PodLogRef, readPodLog, serverVersion } from './object-reads.ts';
import {
  type ApplyOptions,
  applyManifest,
  createObject,
  type Eviction,
  evictPod,
  type Manifest,
  type Patch,
  patchObject,
  type RemoveOptions,
  type Replacement,
  removeObject,
  replaceObject,
  type WriteOptions,
} from './object-writes.ts';
import { findMissingPermissions, type Permission, requirePermissions } from './permissions.ts';
import { openPortForward, openPortForwards } from './port-forward.ts';
import { type ApiRequest, type ApiResponse, type Requester, sendRequest } from './request.ts';
import { locateDiscovery, type ObjectRef, type ResourceKind } from './resources.ts';
import { reportSecrets, type SecretTraffic } from './secret-traffic.ts';
import { Transport } from './transport.ts';
import type { FollowEvent, ObjectList, Selection } from './watch.ts';

/**
 * A connection to one API server, as one user. Every call throws ActionError (UNAUTHENTICATED, FORBIDDEN,
 * NAMESPACE_MISSING, APPLY_CONFLICT, APPLY_REJECTED, CLUSTER_UNREACHABLE) or, after `signal` is aborted, the signal's
 * reason unchanged.
 */
export type KubernetesApi = {
  readonly connection: ClusterConnection;
  readonly request: (request: ApiRequest) => Promise<ApiResponse>;
  /** Reads one object; undefined if the object (or the namespace) does not exist. */
  readonly get: (ref: ObjectRef, signal: AbortSignal) => Promise<KubernetesObject | undefined>;
  readonly list: (kind: ResourceKind, selection: Selection, signal: AbortSignal) => Promise<ObjectList>;
  /** Applies an object by server-side apply with strict field validation. */
  readonly apply: (manifest: Manifest, options: ApplyOptions, signal: AbortSignal) => Promise<KubernetesObject>;
  /**
   * Creates an object. Throws APPLY_CONFLICT (`AlreadyExists`) if it exists; see `createObject` for attempts without an
   * answer.
   */
  readonly create: (manifest: Manifest, options: WriteOptions, signal: AbortSignal) => Promise<KubernetesObject>;
  /**
   * Replaces an object. Throws APPLY_CONFLICT (`Conflict`) if its version is not the given one; see `replaceObject`.
   */
  readonly replace: (manifest: Replacement, options: WriteOptions, signal: AbortSignal) => Promise<KubernetesObject>;
  readonly patch: (
    ref: ObjectRef,
    patch: Patch,
    options: WriteOptions,
    signal: AbortSignal,
  ) => Promise<KubernetesObject>;
  /** Deletes an object. Returns false if it did not exist. */
  readonly remove: (ref: ObjectRef, options: RemoveOptions, signal: AbortSignal) => Promise<boolean>;
  /** Deletes a pod if its disruption budget allows it; see `evictPod` in object-writes.ts. */
  readonly evict: (
    pod: { readonly namespace: string; readonly name: string; readonly uid: string },
    signal: AbortSignal,
  ) => Promise<Eviction>;
  /**
   * Lists, then reports every change until `signal` is aborted (it then throws the reason) or the caller leaves the
   * loop. `known` replaces the list if the caller has read it before: every change since then is reported.
   */
  readonly follow: (
    kind: ResourceKind,
    selection: Selection,
    signal: AbortSignal,
    known?: ObjectList,
  ) => AsyncIterable<FollowEvent>;
  readonly portForward: (namespace: string, pod: string, port: number, signal: AbortSignal) => Promise<Duplex>;
  /** Opens one connection per port, all over one request; see `openPortForwards` in port-forward.ts. */
  readonly portForwards: (
    namespace: string,
    pod: string,
    ports: readonly number[],
    signal: AbortSignal,
  ) => Promise<readonly Duplex[]>;
  readonly execute: (target: ExecTarget, signal: AbortSignal) => Promise<Executed>;
  /** Reads a log; undefined if the pod or that run of the container does not exist. */
  readonly podLog: (ref: PodLogRef, options: LogOptions, signal: AbortSignal) => Promise<string | undefined>;
  /** Returns the version of the API server, for example `v1.36.3`. */
  readonly version: (signal: AbortSignal) => Promise<string>;
  readonly missingPermissions: (
    wanted: readonly Permission[],
    signal: AbortSignal,
  ) => Promise<readonly MissingPermission[]>;
  readonly requirePermissions: (wanted: readonly Permission[], signal: AbortSignal) => Promise<void>;
  /**
   * Returns an API on the same connection that calls `check` before every attempt of every write. An error of `check`
   * ends the write.
   */
  readonly guarded: (check: () => Promise<void>) => KubernetesApi;
  readonly close: () => Promise<void>;
};

/**
 * Makes the API of one connection. It opens no connection yet. `traffic` receives the secrets that the connection
 * carries.
 */
export function connectKubernetes(
  connection: ClusterConnection,
  traffic: SecretTraffic = IGNORED_TRAFFIC,
): KubernetesApi {
  const transport = new Transport(connection, traffic.sends);
  const { server, credentials } = connection;
  const send: Requester = async (asked) => await sendRequest({ server, transport, credentials }, asked);
  const request = reportSecrets(send, traffic);
  return createApi(connection, transport, request, request);
}

/** A receiver that ignores everything. Only tests and tools use it, because their connections carry no secrets. */
const IGNORED_TRAFFIC: SecretTraffic = { saw: () => {}, listed: () => {}, sends: () => {} };

/** Builds the API. `write` sends requests that change objects, `request` all others. */
function createApi(
  connection: ClusterConnection,
  transport: Transport,
  request: Requester,
  write: Requester,
): KubernetesApi {
  const { server, credentials } = connection;
  return {
    connection,
    request,
    get: async (ref, signal) => await getObject(request, ref, signal),
    list: async (kind, selection, signal) => await listObjects(request, kind, selection, signal),
    apply: async (manifest, options, signal) => await applyManifest(write, manifest, options, signal),
    create: async (manifest, options, signal) => await createObject(write, manifest, options, signal),
    replace: async (manifest, options, signal) => await replaceObject(write, manifest, options, signal),
    patch: async (ref, patch, options, signal) => await patchObject(write, ref, patch, options, signal),
    remove: async (ref, options, signal) => await removeObject(write, ref, options, signal),
    evict: async (pod, signal) => await evictPod(write, pod, signal),
    follow: (kind, selection, signal, known) => {
      const relist = async (): Promise<ObjectList> => await listObjects(request, kind, selection, signal);
      return follow(server, transport, credentials, { kind, selection, signal }, relist, known);
    },
    portForward: async (namespace, pod, port, signal) =>
      await openPortForward(connection, transport, request, { namespace, pod, port }, signal),
    portForwards: async (namespace, pod, ports, signal) =>
      await openPortForwards(connection, transport, request, { namespace, pod, ports }, signal),
    execute: async (target, signal) => await execute(connection, transport, target, signal),
    podLog: async (ref, options, signal) => await readPodLog(request, ref, options, signal),
    version: async (signal) => await serverVersion(request, signal),
    missingPermissions: async (wanted, signal) => await findMissingPermissions(request, wanted, signal),
    requirePermissions: async (wanted, signal) => await requirePermissions(request, wanted, signal),
    guarded: (check) =>
      createApi(connection, transport, request, async (asked) => await request({ ...asked, guard: check })),
    close: async () => await transport.close(),
  };
}

/** Checks whether the API server serves the kind, which an operator may have installed (APIResourceList of meta/v1). */
export async function servesKind(request: Requester, kind: ResourceKind, signal: AbortSignal): Promise<boolean> {
  const { path, plural } = locateDiscovery(kind);
  // 403: every authenticated user may read this by default. If that right was removed, the kind counts as not served.
  const { status, body } = await request({ method: 'GET', path, accept: [403, 404], signal });
  return status === 200 && recordsOf(recordOf(body)['resources']).some(({ name }) => name === plural);
}
