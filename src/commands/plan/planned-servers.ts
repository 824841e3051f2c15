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

/** The state from which `deploy` would continue after it has removed or taken over the objects in its way. */
export type AssumedState = {
  readonly spec: ClusterSpec;
  readonly live: LiveState;
  /**
   * The objects, by `Kind/name`, that a new object of the same name replaces; without content if another owner has the
   * object.
   */
  readonly replacedObjects: ReadonlyMap<string, { readonly content: KubernetesObject | undefined }>;
  readonly notes: readonly string[];
};

export async function assumeState(
  { api, signal }: Pick<Run<DeployInputs>, 'api' | 'signal'>,
  { spec: decided, live: found, takeover }: Pick<DeployDecision, 'spec' | 'live' | 'takeover'>,
): Promise<AssumedState> {
  const monitoredSpec = await addPodMonitor(api, decided, signal);
  const taken = takeover === undefined ? found : assumeTakeover(found, takeover);
  const outgrown = findOutgrownSet(monitoredSpec, taken);
  const live = outgrown === undefined ? taken : assumeOrphaned(taken, outgrown);
  const spec = await addExternalAddresses(api, monitoredSpec, live, signal);
  const object = `StatefulSet/${clusterNames(spec.name).statefulSet}`;
  if (outgrown !== undefined) {
    const { set, fields } = outgrown;
    const note = `${object} is deleted without its pods and created again, because its ${fields.join(', ')} cannot change; its pods keep running until each is replaced`;
    return { spec, live, replacedObjects: new Map([[object, { content: set }]]), notes: [note] };
  }
  const isTaken = takeover?.objects.has(object) ?? false;
  const replacedObjects = new Map(isTaken ? [[object, { content: undefined }]] : []);
  return { spec, live, replacedObjects, notes: takeover?.lines ?? [] };
}

type PlannedState = Pick<AssumedState, 'spec' | 'live'> & {
  /** The number of servers at which the change begins, as in `Decision`. */
  readonly servers: number;
  readonly settings: string;
  readonly runs: readonly DryRun[];
  /** The state that servers run in the end. */
  readonly desired: Desired;
  /** Whether a changed input takes effect only when a server starts, although the pod template stays the same. */
  readonly isAppliedAtStart: boolean;
};

export type PlannedServers = {
  readonly effects: ServerEffects;
  /** Whether the servers already have the wanted state but no run has verified it from outside. */
  readonly isUnverified: boolean;
};

/**
 * Returns the effects on the servers. If no run has verified the present state, each server is asked for the
 * configuration that it runs, because an earlier run may have ended before it reloaded every server.
 */
export async function planServers(run: Run<unknown>, planned: PlannedState): Promise<PlannedServers> {
  const { spec, live, runs, desired } = planned;
  const updateRevision = findPlannedRevision(planned);
  const isReconfigured = runs.some(({ object }) => isOfVolume(spec.name, object));
  const verified = `${desired.configuration.revision}.${updateRevision}`;
  const isUnverified = !isReconfigured && updateRevision !== undefined && live.verifiedRevision !== verified;
  const outdatedServers = isUnverified ? await findOutdatedServers(run, planned) : [];
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
      isReconfigured: isReconfigured || outdatedServers.includes(pod.name),
    }));
  const { name, replicas } = spec;
  return {
    isUnverified,
    effects: predictServerEffects({ name, replicas, replicasBefore: countReplicasBefore(planned), pods }),
  };
}

/** Returns the StatefulSet revision of the pods after the deployment; undefined if it does not exist yet. */
function findPlannedRevision(planned: PlannedState): string | undefined {
  const { spec, live, runs } = planned;
  const set = runs.find(({ object }) => object === `StatefulSet/${clusterNames(spec.name).statefulSet}`);
  const isOther = set !== undefined && !isDeepStrictEqual(templateOf(set.before), templateOf(set.answer));
  if (isOther) {
    // The controller gives an earlier template its earlier revision, so pods that still have it are not replaced.
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
 * Returns the number of servers before the change: the replicas of the StatefulSet or, without a StatefulSet, the
 * highest ordinal of the pods plus one. If servers are removed and the JetStream meta group has more members, returns
 * the number of members.
 */
function countReplicasBefore({ spec, live, servers }: PlannedState): number {
  const ordinals = live.pods.map(({ name }) => parsePodOrdinal(spec.name, name) ?? -1);
  const running = live.statefulSet?.desiredReplicas ?? Math.max(-1, ...ordinals) + 1;
  return servers > spec.replicas ? Math.max(running, servers) : running;
}

/**
 * Returns the servers that run another configuration than the applied one. Asks each server once, and leaves out a
 * server that does not answer.
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
