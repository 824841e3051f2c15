import { renderInputChange } from '../../change/input-change.ts';
import { clusterNames } from '../../cluster/names.ts';
import { describeConsequences } from '../../forecast/consequences.ts';
import { type DryRun, describeObjectChange, type ObjectChange } from '../../forecast/object-change.ts';
import {
  classifyEffects,
  classifyObject,
  isOfVolume,
  type ServerEffects,
  selectGravest,
} from '../../forecast/server-effects.ts';
import type { DeployInputs } from '../../inputs/inputs.ts';
import type { PlanReport } from '../../report/plan-summary.ts';
import type { Run } from '../context/run.ts';
import type { DeployDecision } from '../decision/decision.ts';
import { describeKeptImage } from '../desired/deployment.ts';
import type { Desired } from '../desired/desired.ts';
import { readLease } from '../lock/claim.ts';
import { collectClusterFacts } from '../realization/outcome.ts';
import { findLeftovers } from '../realization/outgrown-set.ts';
import { findDisconnections } from '../rollout/disconnections.ts';
import { describeCertificates, describePhases } from './phases.ts';
import type { AssumedState, PlannedServers } from './planned-servers.ts';

type NoteFacts = {
  readonly decision: DeployDecision;
  readonly assumed: AssumedState;
  readonly servers: PlannedServers;
};

/** Returns the notes of a plan: facts that the objects do not show. */
export async function collectPlanNotes(
  { api, inputs, signal }: Run<DeployInputs>,
  { decision, assumed, servers }: NoteFacts,
): Promise<readonly string[]> {
  const { spec, live } = assumed;
  const { namespace } = spec;
  const lease = await readLease(api, { kind: 'Lease', name: clusterNames(spec.name).lease, namespace }, signal);
  const isRunning = live.statefulSet !== undefined;
  const { dnsNames, ipAddresses } = spec.externalAddresses;
  const isAwaited = spec.serviceType === 'LoadBalancer' && dnsNames.length + ipAddresses.length === 0;
  const notes = [
    decision.createdNamespace &&
      `namespace ${namespace} would be created; until it exists, the API server cannot check the objects`,
    ...assumed.notes,
    describeKeptImage(inputs, spec.image),
    ...decision.unchecked,
    ...decision.emptied,
    isAwaited && 'once the load balancer has an address, the server certificate is issued for it and servers reload it',
    lease !== undefined &&
      lease.holder !== '' &&
      `another run holds the lock (${lease.holder}): this plan may not contain its changes`,
    isRunning && servers.isUnverified && 'the last run ended before its security checks, so deploy runs them',
  ];
  return notes.filter((note) => typeof note === 'string');
}

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
export function buildPlanReport(planned: Planned): PlanReport {
  const { decision, assumed, phases, desired, runs, notes, inputs, now, nodePort } = planned;
  const { spec, live } = assumed;
  const { effects } = planned.servers;
  const { tracks, issued, configuration } = desired;
  const { revision, clientTrust, certificateNotAfter, renewalDue, ...facts } = collectClusterFacts(
    spec,
    { tracks, configuration, certificates: issued.certificates, leaves: issued.leaves },
    { inputs, now, nodePort },
  );
  const objects = [...listWrittenObjects(spec.name, runs, effects), ...listLeftovers(assumed)];
  const classes = [...objects.map(({ change }) => change), ...classifyEffects(effects)];
  const isReconfigured = runs.some(({ object }) => isOfVolume(spec.name, object));
  const changed = decision.createdNamespace || classes.length > 0;
  return {
    ...facts,
    result: changed ? 'planned' : 'unchanged',
    changed,
    change: selectGravest(classes),
    level: decision.createdNamespace ? 'none' : 'objects',
    createsNamespace: decision.createdNamespace,
    readyReplicas: live.pods.filter(({ ready }) => ready).length,
    running: isReconfigured ? undefined : { revision, clientTrust, certificateNotAfter, renewalDue },
    inputs: decision.changes.map(renderInputChange),
    objects,
    effects,
    consequences: describeConsequences(effects, {
      hasStreams: spec.jetstream !== undefined,
      ...findDisconnections(live.stored, tracks.credentials, decision.closed),
    }),
    certificates: describeCertificates(phases, live.stored),
    rotation: describePhases(phases, live.stored),
    notes,
  };
}

function listWrittenObjects(name: string, runs: readonly DryRun[], effects: ServerEffects): readonly ObjectChange[] {
  return runs.map((run) => {
    const action = run.replaced === undefined ? 'update' : 'recreate';
    return describeObjectChange(run, classifyObject(name, { object: run.object, action }, effects));
  });
}

function listLeftovers({ spec, live }: AssumedState): readonly ObjectChange[] {
  return findLeftovers(spec, live).map(({ kind, name }) => {
    return { object: `${kind}/${name}`, action: 'delete', change: 'objects', diff: [] };
  });
}
