import { changeLine, inputChanges } from '../change/input-change.ts';
import { isActionError } from '../errors.ts';
import type { DeployInputs } from '../inputs/inputs.ts';
import { settingsOf, statedDeployment } from '../inputs/settings.ts';
import type { DeployReport } from '../report/deploy-report.ts';
import { deploymentSpec, requireOverridable } from './deployment.ts';
import { deploymentAuthorities, requireSameAuthority } from './issuance/authorities.ts';
import { deploymentCredentials } from './issuance/credentials.ts';
import { underLock } from './lock/locked-run.ts';
import { requireAcceptedConfiguration } from './preflight/accepted-configuration.ts';
import { requireAcceptedCredentials } from './preflight/accepted-credentials.ts';
import { adoptedCertificates } from './preflight/adoption.ts';
import { isRunning, lastDeployment, requireChangeable } from './preflight/forbidden-changes.ts';
import { serversToBeginWith } from './preflight/leaving-servers.ts';
import { readLiveState } from './preflight/live-state.ts';
import { requireOperatorInputs, requireSameProof } from './preflight/operator-mode.ts';
import { servesPodMonitors } from './preflight/pod-monitor.ts';
import {
  requireDeployPermissions,
  requireExpectedCluster,
  requireNamespace,
  requireNodes,
  requireSupportedImage,
} from './preflight/preflight.ts';
import { warnOfSlowHashes } from './preflight/slow-hashes.ts';
import { configuredSpec, withConfiguration } from './preflight/user-configuration.ts';
import { readPreview } from './previews/record.ts';
import { renewTerm, requirePreviewable } from './previews/term.ts';
import { realize } from './realization.ts';
import { rolledBack } from './rollout/rollback.ts';
import type { Run } from './run.ts';
import { requireSmokeTestable } from './smoke-test.ts';
import { removeLeftoverKeys } from './takeover/leftover-keys.ts';
import { isTakingOver, takenOver } from './takeover/takeover.ts';

/** Brings the cluster to what the inputs say, and returns only when every promise about it was proved. */
export async function deploy(run: Run<DeployInputs>): Promise<DeployReport> {
  const { api, inputs, signal } = run;
  requireExpectedCluster(api, inputs.expectedCluster);
  const namespace = inputs.namespace ?? api.connection.namespace ?? 'default';
  if (inputs.image !== undefined) {
    requireSupportedImage(inputs.image);
  }
  requireOverridable(inputs, namespace);
  requireOperatorInputs(inputs, run.runner.now());
  warnOfSlowHashes(run.runner, inputs.users);
  const createdNamespace = await requireNamespace(api, namespace, inputs, signal);
  const metrics = inputs.metrics && (await servesPodMonitors(api, signal));
  await requireDeployPermissions(api, namespace, { ...inputs, metrics }, signal);
  return await underLock(run, namespace, async (locked) => await deployLocked(locked, namespace, createdNamespace));
}

async function deployLocked(
  run: Run<DeployInputs>,
  namespace: string,
  createdNamespace: boolean,
): Promise<DeployReport> {
  const { api, inputs, runner, signal } = run;
  const { name } = inputs;
  const [live, record] = await Promise.all([
    readLiveState(api, namespace, name, signal),
    readPreview(api, namespace, name, signal),
  ]);
  requirePreviewable(inputs, live, record);
  const asked = deploymentSpec(inputs, namespace, live.image);
  requireSupportedImage(asked.image);
  requireChangeable(inputs, live);
  requireSameProof(inputs, live);
  await requireNodes(api, asked, signal);

  const now = runner.now();
  const adopted = await adoptedCertificates(asked, { api, now, signal });
  requireSmokeTestable(inputs.smokeTest, adopted);
  const credentials = withConfiguration(deploymentCredentials(inputs, live.stored), inputs.config, live);
  const spec = configuredSpec(asked, credentials);
  await requireAcceptedConfiguration(run, { spec, live, credentials });
  await requireAcceptedCredentials(run, { spec, live, credentials });
  const authorities = await deploymentAuthorities(spec, live.stored, {
    now,
    caValidityMs: inputs.caValidityMs,
    given: inputs.authority,
    isRunning: isRunning(live),
  });
  requireSameAuthority(authorities, inputs.authority);
  const servers = await serversToBeginWith(run, { spec, live, credentials });
  // With what an absent image came to: another run without it is no other deployment, and another image is drift.
  const settings = settingsOf(new Map([...runner.inputs, ['image', spec.image]]));
  const before = lastDeployment(live);
  if (before !== undefined) {
    inputChanges(before, statedDeployment(settings)).forEach((change) => runner.info(`change: ${changeLine(change)}`));
  }
  const tracks = { authorities, credentials };
  const expires = await renewTerm(run, { namespace, name, record });
  const taken = await takenOver(run, { spec, live, adopted, tracks });
  const decision = {
    spec,
    servers,
    live: taken,
    adopted,
    settings,
    tracks,
    forced: new Set([]),
    createdNamespace,
  };
  try {
    const report = await realize(run, decision);
    if (isTakingOver(taken)) {
      const removed = await removeLeftoverKeys(api, spec, signal);
      removed.forEach((key) => runner.info(`removed: ${key}, as no server of before reads it any more`));
    }
    return { ...report, expires };
  } catch (error) {
    if (!inputs.rollbackOnFailure || !isActionError(error) || run.stop.aborted) {
      throw error;
    }
    await run.diagnoser.diagnose(api, run.stop); // Before what there is to see is gone.
    throw await rolledBack(run, live, error);
  }
}
