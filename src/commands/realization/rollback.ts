import { type ActionError, isActionError } from '../../errors/action-error.ts';
import type { DeployInputs } from '../../inputs/inputs.ts';
import { readDeployInputs } from '../../inputs/settings.ts';
import type { DeployReport } from '../../report/reports.ts';
import type { Run } from '../context/run.ts';
import { Waiting } from '../context/waiting.ts';
import { buildSpec } from '../desired/deployment.ts';
import { readKeptTracks } from '../desired/kept-tracks.ts';
import { addConfiguration, addConfigurationToSpec, readVerifiedConfiguration } from '../desired/user-configuration.ts';
import { readUserProvidedCertificates } from '../issuance/user-provided.ts';
import { type LiveState, readLiveState } from '../live/live-state.ts';
import type { VerifiedDeployment } from '../live/verified-deployment.ts';
import { requireSameVolumes } from '../preflight/forbidden-changes.ts';
import { determineFirstReplicas } from '../preflight/scale-down.ts';
import { addOutcome } from '../rollout/give-back.ts';
import { realize } from './realization.ts';

/**
 * Restores the last verified state after a failed deployment, within another `timeout`, and returns the failure with
 * the outcome of the rollback. Leaves CAs and users as they are, because their rotation only rolls forward.
 */
export async function rollBack(
  run: Run<DeployInputs>,
  { verifiedDeployment: before }: Pick<LiveState, 'verifiedDeployment'>,
  failure: ActionError,
): Promise<ActionError> {
  if (before === undefined) {
    return addOutcome(failure, 'no rollback, because this NATS cluster has no verified state yet');
  }
  run.waiting.enter('rollback');
  run.runner.info(`failed (${failure.code}), rolling back to the last verified state`);
  try {
    const { revision } = await restoreDeployment(run, before);
    return addOutcome(failure, `rolled back to the last verified state and verified again, as revision ${revision}`);
  } catch (error) {
    const reason = isActionError(error) ? `${error.code}: ${error.message}` : 'an unexpected error';
    return addOutcome(failure, `the rollback to the last verified state failed as well (${reason})`);
  }
}

async function restoreDeployment(
  run: Run<DeployInputs>,
  { image, settings }: VerifiedDeployment,
): Promise<DeployReport> {
  const { api, inputs, runner, stop } = run;
  const signal = AbortSignal.any([stop, AbortSignal.timeout(inputs.timeoutMs)]);
  const clock = (): number => performance.now();
  const waiting = new Waiting(runner, clock, clock() + inputs.timeoutMs);
  const deployment = readDeployInputs(settings, new Map());
  const namespace = inputs.namespace ?? api.connection.namespace ?? 'default';
  const live = await readLiveState(api, namespace, inputs.name, signal);
  requireSameVolumes(deployment, live);
  const known = { ...buildSpec(deployment, namespace, image), name: inputs.name };
  const now = runner.now();
  const { cas, credentials } = await readKeptTracks(known, live, deployment, { now, given: inputs.ca });
  // Users stay as they are. The configuration is restored, because it may be the cause of the failure.
  const tracks = { cas, credentials: addConfiguration(credentials, readVerifiedConfiguration(live), live) };
  const spec = addConfigurationToSpec(known, tracks.credentials);
  return await realize(
    { ...run, inputs: { ...deployment, allow: inputs.allow, smokeTest: undefined }, waiting, signal },
    {
      spec,
      servers: await determineFirstReplicas({ api, signal }, { spec, live, credentials: tracks.credentials }),
      live,
      userProvided: await readUserProvidedCertificates(known, { api, now, signal }),
      settings,
      tracks,
      forced: new Set([]),
      createdNamespace: false,
      closed: new Map(),
    },
  );
}
