import { describeCutOffClients } from '../../change/way-back.ts';
import { clusterNames, isOrphaned, labelSelector, parsePodOrdinal } from '../../cluster/names.ts';
import { type ClusterSpec, decideShape } from '../../cluster/spec.ts';
import { ActionError, hasCode } from '../../errors/action-error.ts';
import type { DeployInputs } from '../../inputs/inputs.ts';
import { readStatedDeployment, type StatedDeployment } from '../../inputs/settings.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { STORE_VOLUME } from '../../manifests/stores.ts';
import { listOf, recordOf } from '../../objects/json.ts';
import { isRunning, type LiveState, readIfPermitted } from '../live/live-state.ts';
import {
  describeOtherShape,
  type ForbiddenChange,
  findJetStreamChanges,
  findStorageChanges,
} from './jetstream-changes.ts';

/**
 * Refuses changes that would cut off servers or clients of a running cluster, or lose its streams, before anything is
 * touched.
 * @throws ActionError CHANGE_FORBIDDEN
 */
export function requireChangeable(wanted: DeployInputs, live: LiveState): void {
  const { verifiedDeployment, image } = live;
  const before = readLastDeployment(live)?.inputs;
  refuseChanges(
    before === undefined
      ? findShapeChange(wanted, live)
      : findForbiddenChanges(before, wanted, verifiedDeployment?.image ?? image),
  );
}

/**
 * Refuses to give servers other volumes than those they have run on.
 * @throws ActionError CHANGE_FORBIDDEN
 */
export function requireSameVolumes(wanted: DeployInputs, live: LiveState): void {
  const before = readLastDeployment(live)?.inputs;
  refuseChanges(before === undefined ? [] : findStorageChanges(before, wanted));
}

function refuseChanges(changes: readonly ForbiddenChange[]): void {
  const [first] = changes;
  if (first === undefined) {
    return;
  }
  const problems = changes.map(({ input, reason, message }) => ({ object: input, reason, message }));
  throw new ActionError('CHANGE_FORBIDDEN', changes.map(({ message }) => message).join('; '), {
    reason: first.reason,
    hint: changes.map(({ hint }) => hint).join(' '),
    details: { problems },
  });
}

/** Returns the last deployment; undefined if nothing runs, or if its settings are unknown. */
export function readLastDeployment(live: LiveState): StatedDeployment | undefined {
  const { settings } = live.stored;
  try {
    if (!isRunning(live) || settings === undefined) return undefined;
    const stated = readStatedDeployment(settings);
    return areVolumesUnused(live) ? { ...stated, inputs: { ...stated.inputs, jetstreamStorage: NO_VOLUME } } : stated;
  } catch (error) {
    if (hasCode(error, 'DRIFT')) {
      return undefined; // There is nothing to compare with; this deployment writes the settings again.
    }
    throw error;
  }
}

/**
 * Returns the change between a standalone server and a cluster. It is the only change that the StatefulSet shows when
 * the settings of the deployment are lost.
 */
function findShapeChange(wanted: DeployInputs, { statefulSet, objects }: LiveState): readonly ForbiddenChange[] {
  const set = objects.get(`StatefulSet/${clusterNames(wanted.name).statefulSet}`);
  const hasVolumes = listOf(recordOf(set?.spec)['volumeClaimTemplates']).length > 0;
  if (statefulSet === undefined || !hasVolumes || !wanted.jetstream) return [];
  const was = { replicas: statefulSet.desiredReplicas, jetstream: true };
  return decideShape(was) === decideShape(wanted) ? [] : [describeOtherShape(was, wanted)];
}

const NO_VOLUME = { bytes: 0, quantity: '0' } as const;

/**
 * Checks whether the servers are being moved to volumes, and no server has run on one yet. The size and class may then
 * still change, because perhaps no such volume can be created.
 */
function areVolumesUnused({ pods }: Pick<LiveState, 'pods'>): boolean {
  const hasRun = pods.some(
    (pod) =>
      !isOrphaned(pod) &&
      pod.containers.some(({ state, restartCount }) => state.kind === 'running' || restartCount > 0),
  );
  return pods.some(isOrphaned) && !hasRun;
}

/**
 * Returns the forbidden changes. `runningImage`: the image that was last verified; a newer image that was never
 * verified may be reverted.
 */
function findForbiddenChanges(
  before: DeployInputs,
  wanted: DeployInputs,
  runningImage: string | undefined,
): readonly ForbiddenChange[] {
  const sources = (['serverTlsSecret', 'routeTlsSecret'] as const).filter((which) => before[which] !== wanted[which]);
  return [
    ...sources.map((which): ForbiddenChange => {
      const input = which === 'serverTlsSecret' ? 'server-tls-secret' : 'route-tls-secret';
      const message = `${input} is ${quoteSecret(wanted[which])}, the running cluster has ${quoteSecret(before[which])}; peers that trust the old CA would reject the new certificates`;
      const hint = `Keep \`${input}\` as it is, or delete the deployment first (\`command: delete\`).`;
      return { input, reason: 'CertificateSourceInUse', message, hint };
    }),
    ...findClientVerifyChange(before, wanted),
    ...findJetStreamChanges(before, wanted, runningImage),
  ];
}

function quoteSecret(secret: string | undefined): string {
  return secret === undefined ? 'absent' : `"${secret}"`;
}

/**
 * Returns the change of `client-verify` if it cuts off clients and `allow: outage` is missing, because this input
 * decides which clients the servers let in.
 */
function findClientVerifyChange(before: DeployInputs, wanted: DeployInputs): readonly ForbiddenChange[] {
  const [from, to] = [before.clientVerify, wanted.clientVerify];
  const cut = describeCutOffClients(from, to);
  if (cut === undefined || wanted.allow.includes('outage')) {
    return [];
  }
  const message = `client-verify is ${to}, the running cluster has ${from}; ${cut} could no longer connect`;
  const hint =
    'First give the clients certificates (`client-certificates`) or passwords (`users`), then add `allow: outage`.';
  return [{ input: 'client-verify', reason: 'CutsOffClients', message, hint }];
}

/**
 * Refuses to start a standalone server on the volumes of a cluster, or a cluster on the volume of a standalone server:
 * a server that joins a cluster deletes streams that the cluster does not know (`checkForOrphans`, nats-server
 * `server/jetstream_cluster.go`). Skips the check if the credentials may not list claims.
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
 * Returns the error about volumes of the other shape: a standalone server leaves one volume, and a cluster leaves two
 * or more.
 */
export function findVolumeMismatch(
  { name, replicas, shape }: Pick<ClusterSpec, 'name' | 'replicas' | 'shape'>,
  claims: readonly string[],
): ActionError<'CHANGE_FORBIDDEN'> | undefined {
  const kept = claims.filter((claim) => parsePodOrdinal(`${STORE_VOLUME}-${name}`, claim) !== undefined).toSorted();
  const fits = kept.length === 0 || (shape === 'standalone' ? kept.length === 1 : kept.length > 1);
  if (fits) return undefined;
  const previous = kept.length === 1 ? 'a standalone server' : `a cluster of ${kept.length} servers`;
  const message = `replicas is ${replicas}, but the volumes of ${previous} still exist: ${kept.join(', ')}; the servers would not find the streams on them`;
  const asBefore = kept.length === 1 ? 'Set `replicas: 1`' : 'Set `replicas` to 2 or more';
  return new ActionError('CHANGE_FORBIDDEN', message, {
    reason: 'StandaloneJetStream',
    hint: `${asBefore} to use these volumes with their streams; or, if the streams may be lost, delete the volumes (\`command: delete\`, \`name: ${name}\`, \`allow: delete-volumes\`) and run the job again; or choose another name.`,
    details: {
      problems: kept.map((claim) => ({
        object: `PersistentVolumeClaim/${claim}`,
        reason: 'StandaloneJetStream',
        message,
      })),
    },
  });
}
