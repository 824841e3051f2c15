import { podNames, podOrdinal, type TakenOver, takenOver } from '../../cluster/names.ts';
import { type ClusterSpec, isStandalone } from '../../cluster/spec.ts';
import { revisionTag } from '../../nats/conf/writer/server.ts';
import { outsideMetaGroup } from '../../nats/mesh/meta-group.ts';
import type { MeshExpectation, MeshProblem, MeshSample } from '../../nats/mesh/observation.ts';
import type { Pod } from '../../objects/pod.ts';
import { isHeldBack, type PodObservation } from '../pods/pod-observation.ts';
import type { StuckPodOptions } from '../pods/stuck-pods.ts';

type ExpectationTerms = {
  readonly spec: ClusterSpec;
  readonly revision: string;
  /** Returns the StatefulSet revision that the pod with this ordinal must have; undefined for any. */
  readonly podRevision: (ordinal: number) => string | undefined;
};

/** Returns the mesh that the gate expects, based on the pods as they are now. */
export function meshExpectation(terms: ExpectationTerms, pods: ReadonlyMap<string, Pod>): MeshExpectation {
  const { spec, revision, podRevision } = terms;
  const isAnyHeld = observedPods(terms, pods).some((name) => isHeldBack(terms, pods.get(name)));
  return {
    clusterName: isStandalone(spec) ? undefined : spec.name,
    jetstream: spec.jetstream !== undefined,
    joinsClusters: spec.configuration?.joinsClusters ?? false,
    // Each server is checked for its tag separately, except for servers that are yet to be replaced.
    revisionTag: isAnyHeld ? undefined : revisionTag(revision),
    poolSize: spec.configuration?.poolSize,
    pinnedAccounts: spec.configuration?.pinnedAccounts ?? [],
    servers: observedPods(terms, pods).map((serverName) => {
      const { uid = '', controllerRevision = '' } = pods.get(serverName) ?? {};
      const wanted = podRevision(podOrdinal(spec.name, serverName) ?? 0);
      return { serverName, uid, statefulSetRevision: wanted ?? controllerRevision };
    }),
    strangers: strangersAmong(terms, pods),
  };
}

type Partition = Pick<ExpectationTerms, 'spec' | 'podRevision'>;

/**
 * Returns the pods that can be observed: all except the pods of another deployer that are yet to be replaced, because
 * their servers do not know our users.
 */
export function observedPods(terms: Partition, pods: ReadonlyMap<string, Pod>): readonly string[] {
  return podNames(terms.spec).filter((name) => strangeness(terms, pods.get(name)) === undefined);
}

function strangersAmong(terms: Partition, pods: ReadonlyMap<string, Pod>): MeshExpectation['strangers'] {
  const all = podNames(terms.spec).flatMap((name) => strangeness(terms, pods.get(name)) ?? []);
  return all.length === 0 ? undefined : { atLeast: all.filter((how) => how === 'joined').length };
}

function strangeness({ spec, podRevision }: Partition, pod: Pod | undefined): TakenOver | undefined {
  const isBelowPartition = pod !== undefined && podRevision(podOrdinal(spec.name, pod.name) ?? 0) === undefined;
  return isBelowPartition ? takenOver(pod) : undefined;
}

type Looked = {
  readonly seen: readonly PodObservation[];
  readonly sample: MeshSample;
  /** The problems of the servers themselves. */
  readonly problems: readonly MeshProblem[];
};

type OutsiderTerms = {
  readonly expectation: MeshExpectation;
  /** The check for servers of another template, which are replaced for that reason. */
  readonly stuck?: Pick<StuckPodOptions, 'isOutdated'> | undefined;
};

/**
 * Marks the servers without which JetStream continues, if no server or route has another problem: no other server is
 * away while one of them restarts.
 */
export function withOutsiders(
  { expectation, stuck }: OutsiderTerms,
  pods: ReadonlyMap<string, Pod>,
  { seen, sample, problems }: Looked,
  mesh: readonly MeshProblem[],
): readonly PodObservation[] {
  const outsiders = new Map(outsideMetaGroup(expectation, sample).map((outsider) => [outsider.name, outsider]));
  const isAllElseWell =
    mesh.every(({ reason }) => reason === 'OutsideMetaGroup') && problems.every(({ from }) => outsiders.has(from));
  return seen.map((one) => {
    const outside = outsiders.get(one.name);
    const pod = pods.get(one.name);
    const isReplaced = pod !== undefined && stuck?.isOutdated(pod) === true;
    return outside === undefined || !isAllElseWell || isReplaced ? one : { ...one, outsider: outside };
  });
}
