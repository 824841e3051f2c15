import type { ClusterSpec } from '../../cluster/spec.ts';
import type { DeployInputs } from '../../inputs/inputs.ts';
import type { DeploymentCredentials } from '../../manifests/material.ts';
import type { Run } from '../context/run.ts';
import {
  buildSpec,
  describeMissingPodMonitor,
  hasPodMonitorKind,
  requireOverridable,
  requirePullSecrets,
} from '../desired/deployment.ts';
import { type LiveState, readLiveState } from '../live/live-state.ts';
import type { PreviewRecord } from '../live/preview-record.ts';
import { allOrFirstError } from '../live/requests.ts';
import { requireOwnLease } from '../lock/lock.ts';
import { type PlannedDeployment, requireAcceptedConfiguration } from '../preflight/accepted-configuration.ts';
import { type ChangedDeployment, requireAccountsFit, requireServedStreams } from '../preflight/account-streams.ts';
import { requireRoomForClients, requireRoomToSignIn } from '../preflight/connection-limits.ts';
import { requireChangeable, requireFittingVolumes } from '../preflight/forbidden-changes.ts';
import { readLeases, requireNoNeighbour } from '../preflight/neighbours.ts';
import {
  requireAcceptedCredentials,
  requireOperatorInputs,
  requireSameAuthMode,
  warnOfSlowHashes,
} from '../preflight/operator-mode.ts';
import { requireDeployPermissions } from '../preflight/permissions.ts';
import {
  countSchedulableNodes,
  requireNamespace,
  requireNodes,
  requireSupportedImage,
} from '../preflight/preflight.ts';
import { determineFirstReplicas } from '../preflight/scale-down.ts';
import { requirePreviewable } from '../previews/term.ts';
import type { Decision } from '../realization/realization.ts';

/** The namespace of a deployment. */
export type Place = {
  readonly namespace: string;
  /** Whether this run created the namespace; with `dryRun`, whether it would. */
  readonly createdNamespace: boolean;
};

/**
 * Refuses each run that can be refused before the deployment is read, and makes sure that the namespace exists. Changes
 * nothing with `dryRun`.
 */
export async function admitDeployment(
  run: Run<DeployInputs>,
  { dryRun }: { readonly dryRun: boolean },
): Promise<Place> {
  const { api, inputs, signal, diagnoser } = run;
  const namespace = inputs.namespace ?? api.connection.namespace ?? 'default';
  if (inputs.image !== undefined) {
    requireSupportedImage(inputs.image);
  }
  requireOverridable(inputs, namespace);
  requireOperatorInputs(inputs, run.runner.now());
  warnOfSlowHashes(run.runner, inputs.users);
  const { createNamespace } = inputs;
  const permissions = async (): Promise<void> => {
    const metrics = inputs.metrics && (await hasPodMonitorKind(api, signal));
    const missing = metrics ? undefined : describeMissingPodMonitor(inputs);
    if (missing !== undefined) run.runner.info(missing);
    await requireDeployPermissions(api, namespace, { ...inputs, metrics }, signal);
  };
  const created = requireNamespace(api, namespace, { createNamespace, dryRun }, signal).then((isCreated) => {
    if (isCreated && !dryRun) diagnoser.changed([`Namespace/${namespace}`]);
    return isCreated;
  });
  // Some clusters grant the creator of a namespace the permissions in it only after the creation.
  const [createdNamespace] = await allOrFirstError(
    created,
    createNamespace ? created.then(permissions) : permissions(),
  );
  return { namespace, createdNamespace };
}

/** A deployment that may be changed as asked. */
type Admitted = {
  /** The spec that is computed from the inputs alone. */
  readonly asked: ClusterSpec;
  readonly live: LiveState;
  /** The record of the deployment as a preview. */
  readonly preview: PreviewRecord;
};

/** Reads the deployment, and refuses each change that the existing objects do not allow. */
export async function readAdmitted(run: Run<DeployInputs>, namespace: string): Promise<Admitted> {
  const { api, inputs, runner, signal } = run;
  const [live, nodes, leases] = await allOrFirstError(
    readLiveState(api, namespace, inputs.name, signal),
    countSchedulableNodes(api, inputs, signal),
    readLeases(api, namespace, inputs.name, signal),
  );
  if (leases.lock !== undefined) {
    requireOwnLease(inputs.name, leases.lock);
  }
  const { preview } = leases;
  requirePreviewable(inputs, live, preview, runner.givenName ?? inputs.name);
  const asked = buildSpec(inputs, namespace, live.image);
  requireNoNeighbour(asked, live, leases);
  requireSupportedImage(asked.image);
  requireChangeable(inputs, live);
  requireSameAuthMode(inputs, live);
  requireNodes(asked, nodes);
  await requirePullSecrets(api, asked, signal);
  return { asked, live, preview };
}

/** Refuses limits with which a user cannot log in, and accounts that reserve more than JetStream has. */
export function requireRoom(spec: ClusterSpec, credentials: DeploymentCredentials): void {
  requireRoomToSignIn(spec, credentials);
  requireAccountsFit(spec, credentials);
}

/**
 * Refuses a configuration or credentials that a running server does not accept. Returns one line for each check that no
 * running server could make.
 */
export async function requireAccepted(run: Run<DeployInputs>, change: PlannedDeployment): Promise<readonly string[]> {
  const reason = await requireAcceptedConfiguration(run, change);
  const unchecked = reason === undefined ? [] : [`configuration: not checked by a running server, because ${reason}`];
  unchecked.forEach(run.runner.info);
  await requireAcceptedCredentials(run, change);
  return unchecked;
}

/**
 * Refuses a change that leaves too few connections for clients, or too little capacity for streams or volumes. Returns
 * the number of servers at which the change begins, the number of connections that each server will close, and one line
 * about streams that will lose their messages.
 */
export async function requireRunnable(
  run: Run<DeployInputs>,
  change: ChangedDeployment,
): Promise<Pick<Decision, 'servers' | 'closed'> & { readonly emptied: readonly string[] }> {
  const [servers, closed, emptied] = await allOrFirstError(
    determineFirstReplicas(run, change),
    requireRoomForClients(run, change),
    requireServedStreams(run, change),
    requireFittingVolumes(run.api, change.spec, change.live, run.signal),
  );
  return { servers, closed, emptied };
}
