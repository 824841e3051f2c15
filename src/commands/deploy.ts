import { isActionError } from '../errors/action-error.ts';
import type { DeployInputs } from '../inputs/inputs.ts';
import type { DeployReport } from '../report/reports.ts';
import type { Run } from './context/run.ts';
import { admitDeployment, type Place } from './decision/admission.ts';
import { decideDeployment } from './decision/decision.ts';
import { underLock } from './lock/locked-run.ts';
import { requireConfigurationOfNewPods } from './preflight/checking-pod.ts';
import { renewTerm } from './previews/term.ts';
import { realize } from './realization/realization.ts';
import { rollBack } from './realization/rollback.ts';
import { removeLeftoverKeys } from './takeover/survey.ts';
import { isTakingOver, takeOver } from './takeover/takeover.ts';

/** Brings the NATS cluster to the state that the inputs describe. Returns only after every guarantee was verified. */
export async function deploy(run: Run<DeployInputs>): Promise<DeployReport> {
  const place = await admitDeployment(run, { dryRun: false });
  return await underLock(run, place.namespace, async (locked) => await deployLocked(locked, place));
}

async function deployLocked(run: Run<DeployInputs>, place: Place): Promise<DeployReport> {
  const { api, inputs, runner, signal } = run;
  const { takeover, changes, preview, ...decision } = await decideDeployment(run, place);
  const { spec, live: before, tracks } = decision;
  await requireConfigurationOfNewPods(run, { spec, live: before, credentials: tracks.credentials });
  const expires = await renewTerm(run, spec, preview);
  const live = takeover === undefined ? before : await takeOver(run, spec, takeover);
  try {
    const report = { ...(await realize(run, { ...decision, live })), inputChanges: changes };
    if (isTakingOver(live)) {
      const removed = await removeLeftoverKeys(api, spec, signal);
      removed.forEach((key) => runner.info(`removed: ${key}, because the servers that read it were replaced`));
    }
    return { ...report, expires };
  } catch (error) {
    if (!inputs.rollbackOnFailure || !isActionError(error) || run.stop.aborted) {
      throw error;
    }
    await run.diagnoser.diagnose(api, run.stop); // The rollback removes the evidence.
    throw await rollBack(run, before, error);
  }
}
