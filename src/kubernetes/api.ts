import type { Duplex } from 'node:stream';
import type { MissingPermission } from '../errors.ts';
import type { ClusterConnection } from './cluster-connection.ts';
import { type FollowEvent, follow } from './follow.ts';
import {
  type ApplyOptions,
  applyManifest,
  getObject,
  type LogOptions,
  listObjects,
  type Manifest,
  type Patch,
  type PatchOptions,
  type PodLogRef,
  patchObject,
  podLog,
  type RemoveOptions,
  removeObject,
  serverVersion,
} from './object-requests.ts';
import type { KubernetesObject } from './objects/object.ts';
import { missingPermissions, type Permission, requirePermissions } from './permissions.ts';
import { portForward } from './port-forward.ts';
import { type ApiRequest, type ApiResponse, createRequester } from './request.ts';
import type { ObjectRef, ResourceKind } from './resources.ts';
import { createTransport } from './transport.ts';
import type { ObjectList, Selection } from './watch.ts';

/**
 * One API server, as one user. Every call throws ActionError (UNAUTHENTICATED, FORBIDDEN, NAMESPACE_MISSING,
 * APPLY_CONFLICT, APPLY_REJECTED, CLUSTER_UNREACHABLE) or, once `signal` is aborted, the signal's reason as it is.
 */
export type KubernetesApi = {
  readonly connection: ClusterConnection;
  readonly request: (request: ApiRequest) => Promise<ApiResponse>;
  /** Undefined when there is no such object (or no such namespace). */
  readonly get: (ref: ObjectRef, signal: AbortSignal) => Promise<KubernetesObject | undefined>;
  readonly list: (kind: ResourceKind, selection: Selection, signal: AbortSignal) => Promise<ObjectList>;
  /** Server-side apply with strict field validation. */
  readonly apply: (manifest: Manifest, options: ApplyOptions, signal: AbortSignal) => Promise<KubernetesObject>;
  readonly patch: (
    ref: ObjectRef,
    patch: Patch,
    options: PatchOptions,
    signal: AbortSignal,
  ) => Promise<KubernetesObject>;
  /** False when it was gone already. */
  readonly remove: (ref: ObjectRef, options: RemoveOptions, signal: AbortSignal) => Promise<boolean>;
  /** Lists, then tells every change until `signal` is aborted (it then throws the reason) or the loop is left. */
  readonly follow: (kind: ResourceKind, selection: Selection, signal: AbortSignal) => AsyncIterable<FollowEvent>;
  readonly portForward: (namespace: string, pod: string, port: number, signal: AbortSignal) => Promise<Duplex>;
  /** Undefined when the pod or that run of the container is gone. */
  readonly podLog: (ref: PodLogRef, options: LogOptions, signal: AbortSignal) => Promise<string | undefined>;
  /** `v1.36.3` */
  readonly version: (signal: AbortSignal) => Promise<string>;
  readonly missingPermissions: (
    wanted: readonly Permission[],
    signal: AbortSignal,
  ) => Promise<readonly MissingPermission[]>;
  readonly requirePermissions: (wanted: readonly Permission[], signal: AbortSignal) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Opens no connection yet. */
export function connectKubernetes(connection: ClusterConnection): KubernetesApi {
  const { server } = connection;
  const transport = createTransport(connection);
  const request = createRequester(server, transport);
  return {
    connection,
    request,
    get: async (ref, signal) => await getObject(request, ref, signal),
    list: async (kind, selection, signal) => await listObjects(request, kind, selection, signal),
    apply: async (manifest, options, signal) => await applyManifest(request, manifest, options, signal),
    patch: async (ref, patch, options, signal) => await patchObject(request, ref, patch, options, signal),
    remove: async (ref, options, signal) => await removeObject(request, ref, options, signal),
    follow: (kind, selection, signal) =>
      follow(
        server,
        transport,
        { kind, selection, signal },
        async () => await listObjects(request, kind, selection, signal),
      ),
    portForward: async (namespace, pod, port, signal) =>
      await portForward(connection, request, { namespace, pod, port }, signal),
    podLog: async (ref, options, signal) => await podLog(request, ref, options, signal),
    version: async (signal) => await serverVersion(request, signal),
    missingPermissions: async (wanted, signal) => await missingPermissions(request, wanted, signal),
    requirePermissions: async (wanted, signal) => await requirePermissions(request, wanted, signal),
    close: async () => await transport.close(),
  };
}
