import { changeLine } from '../../change/input-change.ts';
import type { DeployInputs } from '../../inputs/inputs.ts';
import { classesOfEffects, classOfObject, gravest, isOfVolume } from '../../plan/change-class.ts';
import { consequences } from '../../plan/consequences.ts';
import { type DryRun, type ObjectChange, objectChange } from '../../plan/object-change.ts';
import type { ServerEffects } from '../../plan/server-effects.ts';
import type { PlanReport } from '../../report/plan-report.ts';
import type { DeployDecision } from '../decision.ts';
import type { Desired } from '../desired.ts';
import { disconnectionsAfter } from '../disconnections.ts';
import { clusterFacts } from '../outcome.ts';
import { leftoversOf } from '../rollout/leftovers.ts';
import type { AssumedState } from './assumed-state.ts';
import { certificateLines, phaseLines } from './phases.ts';
import type { PlannedServers } from './planned-servers.ts';

type Planned = {
  readonly decision: DeployDecision;
  readonly assumed: AssumedState;
  readonly phases: readonly Desired[];
  /** The last of the phases. */
  readonly desired: Desired;
  readonly runs: readonly DryRun[];
  readonly servers: PlannedServers;
  readonly notes: readonly string[];
  readonly inputs: DeployInputs;
  readonly now: Date;
  readonly nodePort: number | undefined;
};

/** Builds the report of a plan. */
export function planReport(planned: Planned): PlanReport {
  const { decision, assumed, phases, desired, runs, notes, inputs, now, nodePort } = planned;
  const { spec, live } = assumed;
  const { effects } = planned.servers;
  const { tracks, issued, configuration } = desired;
  const { revision, clientTrust, certificateNotAfter, renewalDue, ...facts } = clusterFacts(
    spec,
    { tracks, configuration, certificates: issued.certificates, leaves: issued.leaves },
    { inputs, now, nodePort },
  );
  const objects = [...writtenObjects(spec.name, runs, effects), ...leftObjects(assumed)];
  const classes = [...objects.map(({ change }) => change), ...classesOfEffects(effects)];
  const isReconfigured = runs.some(({ object }) => isOfVolume(spec.name, object));
  const changed = decision.createdNamespace || classes.length > 0;
  return {
    ...facts,
    result: changed ? 'planned' : 'unchanged',
    changed,
    change: gravest(classes),
    level: decision.createdNamespace ? 'none' : 'objects',
    createsNamespace: decision.createdNamespace,
    readyReplicas: live.pods.filter(({ ready }) => ready).length,
    running: isReconfigured ? undefined : { revision, clientTrust, certificateNotAfter, renewalDue },
    inputs: decision.changes.map(changeLine),
    objects,
    effects,
    consequences: consequences(effects, {
      hasStreams: spec.jetstream !== undefined,
      ...disconnectionsAfter(live.stored, tracks.credentials, decision.closed),
    }),
    certificates: certificateLines(phases, live.stored),
    rotation: phaseLines(phases, live.stored),
    notes,
  };
}

function writtenObjects(name: string, runs: readonly DryRun[], effects: ServerEffects): readonly ObjectChange[] {
  return runs.map((run) => {
    const action = run.replaced === undefined ? 'update' : 'recreate';
    return objectChange(run, classOfObject(name, { object: run.object, action }, effects));
  });
}

function leftObjects({ spec, live }: AssumedState): readonly ObjectChange[] {
  return leftoversOf(spec, live).map(({ kind, name }) => {
    return { object: `${kind}/${name}`, action: 'delete', change: 'objects', diff: [] };
  });
}
