import { podNames, podOrdinal } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { isStandalone } from '../../cluster/standalone.ts';
import { type TakenOver, takenOver } from '../../cluster/taken-over.ts';
import type { Pod } from '../../kubernetes/objects/pod.ts';
import { revisionTag } from '../../nats/conf/server.ts';
import type { MeshExpectation } from '../../nats/mesh/observation.ts';
import { isHeldBack } from './pod-observation.ts';

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
