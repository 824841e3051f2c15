import { labelSelector, parsePodOrdinal } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { ActionError } from '../../errors/action-error.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { STORE_VOLUME } from '../../manifests/stores.ts';
import { type LiveState, readIfPermitted } from '../live/live-state.ts';
import { isRunning } from './forbidden-changes.ts';

/**
 * Refuses to start servers of one shape on volumes that servers of the other shape left: a server that joins a cluster
 * deletes streams that the cluster does not know (`checkForOrphans`, nats-server `server/jetstream_cluster.go`).
 * Refuses nothing if the credentials may not list claims.
 * @throws ActionError CHANGE_FORBIDDEN, reason StandaloneJetStream
 */
export async function requireFittingVolumes(
  api: Pick<KubernetesApi, 'list'>,
  spec: ClusterSpec,
  live: LiveState,
  signal: AbortSignal,
): Promise<void> {
  if (spec.jetstream?.volume === undefined || isRunning(live)) return;
  const { name, namespace } = spec;
  const selection = { namespace, labelSelector: labelSelector(name) };
  const claims = await readIfPermitted(api.list('PersistentVolumeClaim', selection, signal));
  const names = (claims?.objects ?? []).map(({ metadata }) => metadata.name);
  const refusal = findVolumeMismatch(spec, names);
  if (refusal !== undefined) throw refusal;
}

/**
 * Returns the error about volumes of the other shape. A standalone server leaves one volume. A cluster has two servers
 * or more, and each leaves one.
 */
export function findVolumeMismatch(
  { name, replicas, shape }: Pick<ClusterSpec, 'name' | 'replicas' | 'shape'>,
  claims: readonly string[],
): ActionError<'CHANGE_FORBIDDEN'> | undefined {
  const kept = claims.filter((claim) => parsePodOrdinal(`${STORE_VOLUME}-${name}`, claim) !== undefined).toSorted();
  const fits = kept.length === 0 || (shape === 'standalone' ? kept.length === 1 : kept.length > 1);
  if (fits) return undefined;
  const left = kept.length === 1 ? 'one server that stood alone' : `a cluster of ${kept.length} servers`;
  const message = `replicas is ${replicas}, but the volumes of ${left} are there: ${kept.join(', ')}; streams of the one are unknown to the other, and lost`;
  const asBefore = kept.length === 1 ? 'replicas: 1' : 'replicas: 2 or more';
  return new ActionError('CHANGE_FORBIDDEN', message, {
    reason: 'StandaloneJetStream',
    hint: `Give ${asBefore}, which takes these volumes with their streams; or, where the streams may be lost, delete the volumes (command: delete, name: ${name}, allow: delete-volumes) and run the job again; or choose another name.`,
    details: {
      problems: kept.map((claim) => ({
        object: `PersistentVolumeClaim/${claim}`,
        reason: 'StandaloneJetStream',
        message,
      })),
    },
  });
}
