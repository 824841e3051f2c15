import { parsePodOrdinal, podNames, readTakeoverState, type TakeoverState } from '../../cluster/names.ts';
import { isStandalone } from '../../cluster/spec.ts';
import { formatRevisionTag } from '../../nats/conf/writer/server.ts';
import { findOutsiders } from '../../nats/mesh/meta-group.ts';
import type { MeshExpectation, MeshProblem, MeshSample } from '../../nats/mesh/observation.ts';
import type { Pod } from '../../objects/pod.ts';
import {
  type ExpectedServers,
  isHeldBack,
  observePod,
  type PodObservation,
  type ServerExpectation,
  type ServerState,
} from '../pods/pod-observation.ts';
import { describePodState } from '../pods/pods.ts';
import type { StuckPodOptions } from '../pods/stuck-pods.ts';

/** Returns the mesh that the gate expects, based on the pods as they are now. */
export function expectMesh(
  expected: Pick<ServerExpectation, 'spec' | 'revision' | 'podRevision'>,
  pods: ReadonlyMap<string, Pod>,
): MeshExpectation {
  const { spec, revision, podRevision } = expected;
  const observed = selectObservedPods(expected, pods);
  const isAnyHeld = observed.some((name) => isHeldBack(expected, pods.get(name)));
  return {
    clusterName: isStandalone(spec) ? undefined : spec.name,
    jetstream: spec.jetstream !== undefined,
    joinsClusters: spec.configuration?.joinsClusters ?? false,
    // Servers that are yet to be replaced have another tag. `observePod` then checks the tag of each other server.
    revisionTag: isAnyHeld ? undefined : formatRevisionTag(revision),
    poolSize: spec.configuration?.poolSize,
    pinnedAccounts: spec.configuration?.pinnedAccounts ?? [],
    servers: observed.map((serverName) => {
      const { uid = '', controllerRevision = '' } = pods.get(serverName) ?? {};
      const wanted = podRevision(parsePodOrdinal(spec.name, serverName) ?? 0);
      return { serverName, uid, statefulSetRevision: wanted ?? controllerRevision };
    }),
    strangers: countStrangers(expected, pods),
  };
}

type Partition = Pick<ServerExpectation, 'spec' | 'podRevision'>;

/**
 * Returns the pods that can be observed: all except the pods of another deployer that are yet to be replaced, because
 * their servers do not know our users.
 */
export function selectObservedPods(expected: Partition, pods: ReadonlyMap<string, Pod>): readonly string[] {
  return podNames(expected.spec).filter((name) => takeoverOf(expected, pods.get(name)) === undefined);
}

function countStrangers(expected: Partition, pods: ReadonlyMap<string, Pod>): MeshExpectation['strangers'] {
  const all = podNames(expected.spec).flatMap((name) => takeoverOf(expected, pods.get(name)) ?? []);
  return all.length === 0 ? undefined : { atLeast: all.filter((how) => how === 'joined').length };
}

function takeoverOf({ spec, podRevision }: Partition, pod: Pod | undefined): TakeoverState | undefined {
  const isBelowPartition = pod !== undefined && podRevision(parsePodOrdinal(spec.name, pod.name) ?? 0) === undefined;
  return isBelowPartition ? readTakeoverState(pod) : undefined;
}

/** One observation of all servers. */
export type Round = {
  readonly seen: readonly PodObservation[];
  readonly sample: MeshSample;
  /** The problems of the servers themselves. */
  readonly problems: readonly MeshProblem[];
  /** The observed pods that are Ready. */
  readonly pods: readonly Pod[];
};

/** Reads the state of every server once, all at the same time. */
export async function observeServers(
  { expected, access }: ExpectedServers,
  pods: ReadonlyMap<string, Pod>,
  servers: Map<string, ServerState>,
): Promise<Round> {
  const names = selectObservedPods(expected, pods);
  const seen = await Promise.all(
    names.map(async (name) => await observePod({ expected, access }, name, pods.get(name), servers)),
  );
  return {
    seen,
    sample: seen.flatMap(({ observation }) => observation ?? []),
    problems: [...seen.flatMap(({ problem }) => problem ?? []), ...findSurplusServers(expected, pods)],
    pods: names.flatMap((name) => pods.get(name) ?? []).filter(({ ready }) => ready),
  };
}

function findSurplusServers({ spec }: Partition, pods: ReadonlyMap<string, Pod>): readonly MeshProblem[] {
  const wanted = podNames(spec);
  const surplus = [...pods.keys()].filter(
    (name) => parsePodOrdinal(spec.name, name) !== undefined && !wanted.includes(name),
  );
  return surplus.map((from): MeshProblem => {
    return { from, to: undefined, reason: 'UnexpectedServer', message: `${from}: ${describePodState(pods.get(from))}` };
  });
}

type WholeMesh = {
  readonly expectation: MeshExpectation;
  /** The check for servers of another template, which are replaced for that reason. */
  readonly stuck?: Pick<StuckPodOptions, 'isOutdated'> | undefined;
};

/**
 * Marks the servers that are outside of the meta group, so that they can be restarted without harm to JetStream. Marks
 * none if a server or route has another problem, because a second server would then be away during the restart.
 */
export function markOutsiders(
  { expectation, stuck }: WholeMesh,
  pods: ReadonlyMap<string, Pod>,
  { seen, sample, problems }: Pick<Round, 'seen' | 'sample' | 'problems'>,
  mesh: readonly MeshProblem[],
): readonly PodObservation[] {
  const outsiders = new Map(findOutsiders(expectation, sample).map((outsider) => [outsider.name, outsider]));
  const isAllElseWell =
    mesh.every(({ reason }) => reason === 'OutsideMetaGroup') && problems.every(({ from }) => outsiders.has(from));
  return seen.map((one) => {
    const outside = outsiders.get(one.name);
    const pod = pods.get(one.name);
    const isReplaced = pod !== undefined && stuck?.isOutdated(pod) === true;
    return outside === undefined || !isAllElseWell || isReplaced ? one : { ...one, outsider: outside };
  });
}
