import { podName, podOrdinal } from '../cluster/names.ts';

/** A pod of the deployment as it is. */
export type PlannedPod = {
  readonly name: string;
  /** No waiting heals it. */
  readonly isStuck: boolean;
  /** Of another template than the planned one. */
  readonly isOutdated: boolean;
  /** Its server would run another configuration, or other certificates. */
  readonly isReconfigured: boolean;
};

export type ServerFacts = {
  readonly name: string;
  readonly replicas: number;
  /** How many there were to be so far; 0 where nothing runs. */
  readonly replicasBefore: number;
  readonly pods: readonly PlannedPod[];
};

/** What would become of the servers, by the names of their pods; each pod is in one list at most. */
export type ServerEffects = {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** At once, for they serve nobody. */
  readonly replaced: readonly string[];
  /** One after the other. */
  readonly restarted: readonly string[];
  readonly reloaded: readonly string[];
};

/** A server that restarts needs no reload, and one that leaves needs neither. */
export function serverEffects({ name, replicas, replicasBefore, pods }: ServerFacts): ServerEffects {
  const staying = pods
    .map((pod) => ({ ...pod, ordinal: podOrdinal(name, pod.name) ?? replicas }))
    .filter(({ ordinal }) => ordinal < replicas)
    .toSorted((left, right) => left.ordinal - right.ordinal);
  const namesOf = (which: (pod: PlannedPod) => boolean): readonly string[] =>
    staying.filter(which).map((pod) => pod.name);
  const there = new Set(staying.map((pod) => pod.name));
  return {
    added: names(name, replicasBefore, replicas).filter((pod) => !there.has(pod)),
    removed: names(name, replicas, replicasBefore),
    replaced: namesOf(({ isStuck }) => isStuck),
    restarted: namesOf(({ isStuck, isOutdated }) => isOutdated && !isStuck),
    reloaded: namesOf(({ isStuck, isOutdated, isReconfigured }) => isReconfigured && !isOutdated && !isStuck),
  };
}

/** Of the pods from one ordinal to below another. */
function names(name: string, from: number, to: number): readonly string[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => podName(name, from + index));
}
