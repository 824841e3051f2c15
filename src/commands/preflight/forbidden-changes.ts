import { clusterNames, isOrphaned } from '../../cluster/names.ts';
import { type ClientVerify, decideShape } from '../../cluster/spec.ts';
import { ActionError, hasCode } from '../../errors/action-error.ts';
import type { DeployInputs } from '../../inputs/inputs.ts';
import { readStatedDeployment, type StatedDeployment } from '../../inputs/settings.ts';
import { listOf, recordOf } from '../../objects/json.ts';
import type { LiveState } from '../live/live-state.ts';
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
 * Checks whether servers run. A run that was killed while it replaced the StatefulSet leaves pods without a
 * StatefulSet.
 */
export function isRunning({ statefulSet, pods }: Pick<LiveState, 'statefulSet' | 'pods'>): boolean {
  return statefulSet !== undefined || pods.some(isOrphaned);
}

/**
 * Returns the change that the StatefulSet alone shows when the settings of the deployment are lost: between a
 * standalone server and a cluster.
 */
function findShapeChange(wanted: DeployInputs, { statefulSet, objects }: LiveState): readonly ForbiddenChange[] {
  const set = objects.get(`StatefulSet/${clusterNames(wanted.name).statefulSet}`);
  const hasVolumes = listOf(recordOf(set?.spec)['volumeClaimTemplates']).length > 0;
  if (statefulSet === undefined || !hasVolumes || !wanted.jetstream) return [];
  const was = { replicas: statefulSet.desiredReplicas, jetstream: true };
  return decideShape(was) === decideShape(wanted) ? [] : [describeOtherShape(was, wanted)];
}

const NO_VOLUME = { bytes: 0, quantity: '0' } as const;

/** Checks whether servers are to get volumes, and none has run on one yet. It is possible that no volume fits. */
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
 * verified may be taken back.
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
      const message = `${input} is ${quoteSecret(wanted[which])}, the running cluster has ${quoteSecret(before[which])}; who trusts one source of certificates refuses the other`;
      const hint = `Keep ${input} as it is, or delete the deployment first.`;
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
    'Give clients what they need first (client-certificates, or users with passwords), then add allow: outage.';
  return [{ input: 'client-verify', reason: 'CutsOffClients', message, hint }];
}

function describeCutOffClients(from: ClientVerify, to: ClientVerify): string | undefined {
  if (from === to) return undefined;
  if (from === 'verify-and-map') return 'clients that are known by their certificate alone';
  switch (to) {
    case 'none':
      return undefined;
    case 'verify':
      return 'clients without a certificate';
    case 'verify-and-map':
      return 'clients without a certificate that names their user';
  }
}
