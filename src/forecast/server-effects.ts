import type { ChangeClass } from '../change/input-change.ts';
import { clusterNames, configurationSecretName, parsePodOrdinal, podName } from '../cluster/names.ts';

/** A pod of the deployment as it is now. */
export type PlannedPod = {
  readonly name: string;
  /** Whether waiting cannot help the pod. */
  readonly isStuck: boolean;
  /** Whether the template of the pod differs from the planned one. */
  readonly isOutdated: boolean;
  /** Whether the configuration or the certificates of its server would change. */
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
export function predictServerEffects({ name, replicas, replicasBefore, pods }: ServerFacts): ServerEffects {
  const staying = pods
    .map((pod) => ({ ...pod, ordinal: parsePodOrdinal(name, pod.name) ?? replicas }))
    .filter(({ ordinal }) => ordinal < replicas)
    .toSorted((left, right) => left.ordinal - right.ordinal);
  const namesOf = (matches: (pod: PlannedPod) => boolean): readonly string[] =>
    staying.filter(matches).map((pod) => pod.name);
  const present = new Set(staying.map((pod) => pod.name));
  return {
    added: listPodNames(name, replicasBefore, replicas).filter((pod) => !present.has(pod)),
    removed: listPodNames(name, replicas, replicasBefore),
    replaced: namesOf(({ isStuck }) => isStuck),
    restarted: namesOf(({ isStuck, isOutdated }) => isOutdated && !isStuck),
    reloaded: namesOf(({ isStuck, isOutdated, isReconfigured }) => isReconfigured && !isOutdated && !isStuck),
  };
}

/** Returns the names of the pods from one ordinal to below another. */
function listPodNames(name: string, from: number, to: number): readonly string[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => podName(name, from + index));
}

type WrittenObject = {
  /** The object as `Kind/name`. */
  readonly object: string;
  readonly action: 'update' | 'recreate';
};

/** Returns the effect of a write to the object on the servers. */
export function classifyObject(name: string, { object, action }: WrittenObject, effects: ServerEffects): ChangeClass {
  const { added, removed, replaced, restarted, reloaded } = effects;
  if (object === `StatefulSet/${clusterNames(name).statefulSet}`) {
    if (action === 'recreate') return 'recreate';
    if (restarted.length > 0) return 'rolling';
    if (added.length + removed.length > 0) return 'scale';
    return replaced.length > 0 ? 'rolling' : 'objects';
  }
  if (!isOfVolume(name, object)) return 'objects';
  if (reloaded.length > 0) return 'reload';
  return restarted.length > 0 ? 'rolling' : 'objects';
}

/** Checks whether servers read the object, by a reload or when they start. */
export function isOfVolume(name: string, object: string): boolean {
  const { serverTlsSecret, routesTlsSecret } = clusterNames(name);
  const secrets = [configurationSecretName(name, 0), serverTlsSecret, routesTlsSecret];
  return secrets.some((secret) => object === `Secret/${secret}`);
}

/** Returns the classes of changes to servers that no write causes, for example after a run that died. */
export function classifyEffects({ reloaded, replaced, restarted }: ServerEffects): readonly ChangeClass[] {
  return [
    ...(reloaded.length > 0 ? (['reload'] as const) : []),
    ...(replaced.length + restarted.length > 0 ? (['rolling'] as const) : []),
  ];
}

/** The classes in the order of their effect on clients, the smallest first. */
const BY_WEIGHT = ['objects', 'next-issue', 'reload', 'scale', 'rolling', 'recreate'] as const;

/** Returns the class with the largest effect; undefined without classes. */
export function selectGravest(classes: readonly ChangeClass[]): ChangeClass | undefined {
  return BY_WEIGHT.findLast((each) => classes.includes(each));
}
