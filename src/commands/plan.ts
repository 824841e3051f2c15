import type { DeployInputs } from '../inputs/inputs.ts';
import { type PlanReport, renderDiffLines } from '../report/plan-summary.ts';
import type { Run } from './context/run.ts';
import { admitDeployment } from './decision/admission.ts';
import { type DeployDecision, decideDeployment } from './decision/decision.ts';
import type { Desired } from './desired/desired.ts';
import { readNodePort } from './desired/external-access.ts';
import { dryRunDecision } from './plan/dry-runs.ts';
import { planPhases } from './plan/phases.ts';
import { buildPlanReport, collectPlanNotes } from './plan/plan-outcome.ts';
import { type AssumedState, assumeState, planServers } from './plan/planned-servers.ts';

/**
 * Reports the changes that `deploy` would make and their effect on the servers. It refuses every run that `deploy`
 * would refuse. It changes nothing, takes no lock and does not wait for other runs.
 */
export async function plan(run: Run<DeployInputs>): Promise<PlanReport> {
  const { api, inputs, runner, signal } = run;
  const place = await admitDeployment(run, { dryRun: true });
  runner.info(place.createdNamespace ? LEVELS.none : LEVELS.objects);
  const decision = await decideDeployment(run, place);
  const assumed = await assumeState(run, decision);
  const now = runner.now();
  const phases = await planAssumedPhases(run, decision, assumed, now);
  const desired = phases.at(-1) ?? phases[0];
  const runs = await dryRunDecision(run, decision, assumed, phases);
  const { servers: firstReplicas, settings } = decision;
  const isAppliedAtStart = decision.changes.some(
    ({ input, change }) => input === 'jetstream-memory' && change === 'rolling',
  );
  const servers = await planServers(run, {
    ...assumed,
    servers: firstReplicas,
    settings,
    runs,
    desired,
    isAppliedAtStart,
  });
  const nodePort = await readNodePort(api, assumed.spec, signal);
  const notes = await collectPlanNotes(run, { decision, assumed, servers });
  const report = buildPlanReport({ decision, assumed, phases, desired, runs, servers, notes, inputs, now, nodePort });
  runner.section('differences');
  renderDiffLines(report).forEach(runner.info);
  return report;
}

const LEVELS: Readonly<Record<PlanReport['level'], string>> = {
  objects: 'level: a dry run of every object by the API server',
  none: 'level: no dry run of the API server, because the namespace does not exist yet',
};

async function planAssumedPhases(
  { inputs }: Run<DeployInputs>,
  { userProvided, forced, tracks }: DeployDecision,
  { spec, live }: AssumedState,
  now: Date,
): Promise<readonly [Desired, ...Desired[]]> {
  const { certificateValidityMs, renewBeforeMs, caOverlapMs } = inputs;
  const issuance = { certificateValidityMs, renewBeforeMs, forced };
  return await planPhases({ spec, userProvided, issuance, caOverlapMs, now }, tracks, live.stored);
}
