import type { DryRun } from '../forecast/object-change.ts';
import type { DeployInputs } from '../inputs/inputs.ts';
import { type PlanReport, renderDiffLines } from '../report/plan-summary.ts';
import type { Run } from './context/run.ts';
import { admittedTo, type DeployDecision, decided } from './decision/decision.ts';
import type { Desired } from './desired/desired.ts';
import { readNodePort } from './desired/external-access.ts';
import { forceConflictsOf } from './live/applier.ts';
import { dryRuns } from './plan/dry-runs.ts';
import { plannedPhases } from './plan/phases.ts';
import { planNotes, planReport } from './plan/plan-outcome.ts';
import { type AssumedState, assumedState, plannedServers } from './plan/planned-servers.ts';
import { plannedRollout } from './rollout/rollout.ts';
import { isTakingOver } from './takeover/takeover.ts';

/**
 * Reports the changes that `deploy` would make and their effect on the servers. It refuses every run that `deploy`
 * would refuse. It changes nothing, takes no lock and does not wait for other runs.
 */
export async function plan(run: Run<DeployInputs>): Promise<PlanReport> {
  const { api, inputs, runner, signal } = run;
  const place = await admittedTo(run, { dryRun: true });
  runner.info(place.createdNamespace ? LEVELS.none : LEVELS.objects);
  const decision = await decided(run, place);
  const assumed = await assumedState(run, decision);
  const { certificateValidityMs, renewBeforeMs, caOverlapMs } = inputs;
  const issuance = { certificateValidityMs, renewBeforeMs, forced: decision.forced };
  const now = runner.now();
  const terms = { ...assumed, adopted: decision.adopted, issuance, caOverlapMs, now };
  const phases = await plannedPhases(terms, decision.tracks, assumed.live.stored);
  const desired = phases.at(-1) ?? phases[0];
  const runs = await plannedWrites(run, decision, assumed, phases);
  const { servers: begun, settings } = decision;
  const isTakenByStart = decision.changes.some(
    ({ input, change }) => input === 'jetstream-memory' && change === 'rolling',
  );
  const asked = { ...assumed, servers: begun, settings, runs, desired, isTakenByStart };
  const servers = await plannedServers(run, asked);
  const nodePort = await readNodePort(api, assumed.spec, signal);
  const notes = await planNotes(run, { decision, assumed, servers });
  const report = planReport({ decision, assumed, phases, desired, runs, servers, notes, inputs, now, nodePort });
  runner.section('differences');
  renderDiffLines(report).forEach(runner.info);
  return report;
}

const LEVELS: Readonly<Record<PlanReport['level'], string>> = {
  objects: 'level: every object by a dry run of the API server',
  none: 'level: no dry run of the API server, because the namespace does not exist yet',
};

async function plannedWrites(
  { api, inputs, signal }: Run<DeployInputs>,
  { settings, createdNamespace }: DeployDecision,
  { spec, live, givesWay }: AssumedState,
  phases: readonly Desired[],
): Promise<readonly DryRun[]> {
  const takesConflicts = forceConflictsOf(live, inputs.allow);
  const rollout = await plannedRollout({ api, spec, takesConflicts, signal }, live);
  return await dryRuns(
    {
      api,
      spec,
      settings,
      rollout,
      before: live.objects,
      givesWay,
      takesConflicts,
      isTakingOver: isTakingOver(live),
      isAsked: !createdNamespace,
      signal,
    },
    phases,
  );
}
