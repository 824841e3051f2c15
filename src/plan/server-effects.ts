import { podName, podOrdinal } from '../cluster/names.ts';

/** A pod of the deployment as it is now. */
export type PlannedPod = {
  readonly name: string;
  /** Whether waiting cannot help the pod. */
  readonly isStuck: boolean;
  /** Whether the pod has another template than the planned one. */
  readonly isOutdated: boolean;
  /** Whether its server would run another configuration, or other certificates. */
  readonly isReconfigured: boolean;
};

export type ServerFacts = {
  readonly name: string;
  readonly replicas: number;
  /** The number of replicas so far; 0 if nothing runs. */
  readonly replicasBefore: number;
  readonly pods: readonly PlannedPod[];
};

/** The effects on the servers, by the names of their pods; each pod is in one list at most. */
export type ServerEffects = {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** The pods that are replaced immediately, because they serve no clients. */
  readonly replaced: readonly string[];
  /** The pods that restart one by one. */
  readonly restarted: readonly string[];
  readonly reloaded: readonly string[];
};

/** Computes the effects. A server that restarts needs no reload, and a server that is removed needs neither. */
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

/** Returns the names of the pods from one ordinal to below another. */
function names(name: string, from: number, to: number): readonly string[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => podName(name, from + index));
}
