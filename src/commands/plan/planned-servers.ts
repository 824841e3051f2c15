import { isDeepStrictEqual } from 'node:util';
import { clusterNames, isOrphaned, parsePodOrdinal, readTakeoverState } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { DryRun } from '../../forecast/object-change.ts';
import { isOfVolume, predictServerEffects, type ServerEffects } from '../../forecast/server-effects.ts';
import type { DeployInputs } from '../../inputs/inputs.ts';
import { recordOf } from '../../objects/json.ts';
import type { KubernetesObject } from '../../objects/object.ts';
import type { Run } from '../context/run.ts';
import type { DeployDecision } from '../decision/decision.ts';
import { addPodMonitor } from '../desired/deployment.ts';
import type { Desired } from '../desired/desired.ts';
import { addExternalAddresses } from '../desired/external-access.ts';
import { digestConfiguration } from '../desired/user-configuration.ts';
import type { LiveState } from '../live/live-state.ts';
import { observePod, type ServerState } from '../pods/pod-observation.ts';
import { assumeOrphaned, findOutgrownSet } from '../realization/outgrown-set.ts';
import { isStuck } from '../rollout/next-server.ts';
import { expectServers } from '../rollout/transition.ts';
import { assumeTakeover } from '../takeover/takeover.ts';

/** The state from which `deploy` would continue, once the objects in its way are gone. */
export type AssumedState = {
  readonly spec: ClusterSpec;
  readonly live: LiveState;
  /**
   * The objects, by `Kind/name`, that a new object of the same name replaces; without content where another owner has
   * the object.
   */
  readonly givesWay: ReadonlyMap<string, { readonly content: KubernetesObject | undefined }>;
  readonly notes: readonly string[];
};

export async function assumeState(
  { api, signal }: Pick<Run<DeployInputs>, 'api' | 'signal'>,
  { spec: decided, live: found, takeover }: Pick<DeployDecision, 'spec' | 'live' | 'takeover'>,
): Promise<AssumedState> {
  const measured = await addPodMonitor(api, decided, signal);
  const taken = takeover === undefined ? found : assumeTakeover(found, takeover);
  const outgrown = findOutgrownSet(measured, taken);
  const live = outgrown === undefined ? taken : assumeOrphaned(taken, outgrown);
  const spec = await addExternalAddresses(api, measured, live, signal);
  const object = `StatefulSet/${clusterNames(spec.name).statefulSet}`;
  if (outgrown !== undefined) {
    const { set, fields } = outgrown;
    const note = `${object} is deleted without its pods and created again, because its ${fields.join(', ')} cannot change; its pods keep running until each is replaced`;
    return { spec, live, givesWay: new Map([[object, { content: set }]]), notes: [note] };
  }
  const isTaken = takeover?.objects.has(object) ?? false;
  const givesWay = new Map(isTaken ? [[object, { content: undefined }]] : []);
  return { spec, live, givesWay, notes: takeover?.lines ?? [] };
}

type PlannedState = Pick<AssumedState, 'spec' | 'live'> & {
  /** The number of servers to begin with, as in `Decision`. */
  readonly servers: number;
  readonly settings: string;
  readonly runs: readonly DryRun[];
  /** The state that servers run in the end. */
  readonly desired: Desired;
  /**
   * Whether the release of the servers takes a changed input only at their start, even if their template stays the
   * same.
   */
  readonly isAppliedAtStart: boolean;
};

export type PlannedServers = {
  readonly effects: ServerEffects;
  /** Whether the servers already have the wanted state but no run has verified it from outside. */
  readonly isUnverified: boolean;
};

/**
 * Returns the effects on the servers. If an earlier run died before it finished, each server is queried for the state
 * that it runs.
 */
export async function planServers(run: Run<unknown>, planned: PlannedState): Promise<PlannedServers> {
  const { spec, live, runs, desired } = planned;
  const updateRevision = findPlannedRevision(planned);
  const isReconfigured = runs.some(({ object }) => isOfVolume(spec.name, object));
  const verified = `${desired.configuration.revision}.${updateRevision}`;
  const isUnverified = !isReconfigured && updateRevision !== undefined && live.verifiedRevision !== verified;
  const behind = isUnverified ? await findOutdatedServers(run, planned) : [];
  const pods = live.pods
    .filter(({ terminating }) => !terminating)
    .map((pod) => ({
      name: pod.name,
      isStuck: isStuck(pod, updateRevision ?? ''),
      isOutdated:
        isOrphaned(pod) ||
        readTakeoverState(pod) !== undefined ||
        pod.controllerRevision !== updateRevision ||
        (isReconfigured && planned.isAppliedAtStart),
      isReconfigured: isReconfigured || behind.includes(pod.name),
    }));
  const { name, replicas } = spec;
  return {
    isUnverified,
    effects: predictServerEffects({ name, replicas, replicasBefore: countReplicasBefore(planned), pods }),
  };
}

/** Returns the revision of the pods in the end; undefined if it does not exist yet. */
function findPlannedRevision(planned: PlannedState): string | undefined {
  const { spec, live, runs } = planned;
  const set = runs.find(({ object }) => object === `StatefulSet/${clusterNames(spec.name).statefulSet}`);
  const isOther = set !== undefined && !isDeepStrictEqual(templateOf(set.before), templateOf(set.answer));
  if (isOther) {
    // The controller recognizes the previous template, which pods that were not replaced still have.
    return live.statefulSet !== undefined && isBackAtVerified(planned)
      ? live.verifiedRevision?.split('.').at(-1)
      : undefined;
  }
  return live.statefulSet?.updateRevision;
}

/** Checks whether the last verified state is wanted again, after a change that did not finish. */
function isBackAtVerified({ spec, live, settings, desired }: PlannedState): boolean {
  const { image, settings: verified, configuration } = live.verifiedDeployment ?? {};
  const digest = digestConfiguration(desired.tracks.credentials);
  return image === spec.image && verified === settings && configuration === digest;
}

function templateOf(object: DryRun['before']): unknown {
  return recordOf(object?.['spec'])['template'];
}

/**
 * Returns the present number of servers: from the StatefulSet, or without one from the pods; more where JetStream
 * counts more.
 */
function countReplicasBefore({ spec, live, servers }: PlannedState): number {
  const ordinals = live.pods.map(({ name }) => parsePodOrdinal(spec.name, name) ?? -1);
  const running = live.statefulSet?.desiredReplicas ?? Math.max(-1, ...ordinals) + 1;
  return servers > spec.replicas ? Math.max(running, servers) : running;
}

/**
 * Returns the servers that run another state than the applied one, by one look at each. A server that does not answer
 * is not queried again.
 */
async function findOutdatedServers(
  run: Run<unknown>,
  { spec, live, desired }: { readonly spec: PlannedState['spec']; readonly live: LiveState; readonly desired: Desired },
): Promise<readonly string[]> {
  const expected = expectServers(run, { spec, live, desired }, () => undefined);
  const servers = new Map<string, ServerState>();
  try {
    const seen = await Promise.all(live.pods.map(async (pod) => await observePod(expected, pod.name, pod, servers)));
    return seen.flatMap(({ name, outdated }) => (outdated === undefined ? [] : [name]));
  } finally {
    await Promise.all([...servers.values()].map(async ({ observer }) => await observer.close()));
  }
}
