import { findCauses } from '../../causes/causes.ts';
import { createPodFacts } from '../../causes/facts.ts';
import { isOrphaned, parsePodOrdinal, podName, readTakeoverState } from '../../cluster/names.ts';
import type { Pod } from '../../objects/pod.ts';
import { findPodFailure } from '../pods/pods.ts';

export type Servers = {
  readonly name: string;
  readonly replicas: number;
  /** The revision of the StatefulSet that every pod is to have. */
  readonly updateRevision: string;
};

/** The next step of a rolling change. `wait`: a server is missing or not Ready, so no other server may be replaced. */
export type NextServer =
  | { readonly kind: 'none' | 'wait' }
  | { readonly kind: 'replace'; readonly pod: Pod; readonly isLast: boolean };

/**
 * Returns the server that is to be replaced next; `wait` while any other server is missing or not Ready. The highest
 * ordinal comes first, because a partition releases everything above it. Orphaned pods are replaced lowest ordinal
 * first: the controller handles pods in this order and stops at a pod whose volumes are not those of its StatefulSet
 * (`slowStartBatch`, pkg/controller/statefulset/stateful_set_control.go).
 */
export function chooseNextServer(servers: Servers, pods: readonly Pod[]): NextServer {
  const { name, replicas } = servers;
  const present = Array.from({ length: replicas }, (_, ordinal) =>
    pods.find((pod) => pod.name === podName(name, ordinal)),
  );
  if (present.some((pod) => pod === undefined || pod.terminating)) {
    return { kind: 'wait' };
  }
  const outdated = findOutdatedPods(servers, pods);
  const orphaned = outdated.filter(isOrphaned);
  const pod = orphaned.at(0) ?? outdated.at(-1);
  if (pod === undefined) {
    return { kind: 'none' };
  }
  return present.every((one) => one?.ready === true)
    ? { kind: 'replace', pod, isLast: outdated.length === 1 }
    : { kind: 'wait' };
}

/**
 * Returns the orphaned pod that prevents the creation of missing pods above it: the controller stops at a pod whose
 * volumes are not those of its StatefulSet (see `chooseNextServer`).
 */
export function findBlockingOrphan(servers: Servers, pods: readonly Pod[]): Pod | undefined {
  const [orphan] = findOutdatedPods(servers, pods).filter((pod) => isOrphaned(pod) && !pod.terminating);
  const names = Array.from({ length: servers.replicas }, (_, ordinal) => podName(servers.name, ordinal));
  const isAnyMissing = names.some((name) => !pods.some((pod) => pod.name === name));
  return isAnyMissing ? orphan : undefined;
}

/** Returns the pods that are to be replaced, lowest ordinal first. */
export function findOutdatedPods(servers: Servers, pods: readonly Pod[]): readonly Pod[] {
  const ordinalOf = ({ name }: Pod): number => parsePodOrdinal(servers.name, name) ?? servers.replicas;
  return pods
    .filter((pod) => ordinalOf(pod) < servers.replicas && isOutdated(servers, pod))
    .toSorted((one, other) => ordinalOf(one) - ordinalOf(other));
}

/** Checks whether the pod has another template than the one that its server is to run. */
export function isOutdated({ updateRevision }: Pick<Servers, 'updateRevision'>, pod: Pod): boolean {
  return isOrphaned(pod) || readTakeoverState(pod) !== undefined || pod.controllerRevision !== updateRevision;
}

/**
 * Returns the lowest partition that releases only servers that have the wanted template, or that are being `replaced`.
 * The controller would replace any other pod at or above the partition at once. A missing pod is not released either,
 * because it has not been verified yet.
 */
export function findReleasablePartition(
  servers: Servers,
  pods: readonly Pod[],
  replaced: ReadonlySet<number> = new Set(),
): number {
  const isReleasable = (ordinal: number): boolean => {
    const pod = pods.find((one) => one.name === podName(servers.name, ordinal));
    return replaced.has(ordinal) || (pod !== undefined && !isOutdated(servers, pod));
  };
  let partition = servers.replicas;
  while (partition > 0 && isReleasable(partition - 1)) partition -= 1;
  return partition;
}

/** The reasons that are not failures: every pod of another template has the first, every evicted pod the second. */
const NO_FAILURE: readonly string[] = ['OldRevisionStuck', 'Evicted'];

/**
 * Checks whether the pod itself shows that it fails, once its StatefulSet has this revision. A pod with the wanted
 * template fails only if waiting cannot fix it. A pod with another template fails with any cause, because it is
 * replaced as soon as the cause is certain.
 */
export function isStuck(pod: Pod, updateRevision: string): boolean {
  if (pod.terminating || pod.ready) return false;
  const causes = findCauses(createPodFacts(pod, [pod])).filter(({ reason }) => !NO_FAILURE.includes(reason));
  return findPodFailure(pod) !== undefined || (pod.controllerRevision !== updateRevision && causes.length > 0);
}
