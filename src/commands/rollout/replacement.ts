import { labelSelector, podOrdinal } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { findDrift } from '../../drift/drift.ts';
import { hasCode } from '../../errors/action-error.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { buildManifests, type Rollout } from '../../manifests/manifests.ts';
import type { Material } from '../../manifests/material.ts';
import { decodePod, type Pod } from '../../objects/pod.ts';
import { decodeStatefulSet } from '../../objects/stateful-set.ts';
import { pause } from '../../time/pause.ts';
import { isOutdated, releasablePartition, type Servers } from './next-server.ts';
import { type FollowedSet, isReturning, setPartition } from './rollout.ts';

const ASK_EVERY_MS = 200;

/**
 * A disruption controller takes milliseconds to see that a server is back. A budget that is still used up after this
 * time, while every server is whole, allows no eviction at all: it is meant to stop drains.
 */
const DENIED_MS = 5000;

export type ReplacementTerms = {
  readonly api: KubernetesApi;
  readonly spec: ClusterSpec;
  readonly followed: FollowedSet;
  readonly info: (line: string) => void;
  readonly signal: AbortSignal;
};

/** The replacement of pods by pods of the wanted template, which releases no other server. */
export type Replacement = {
  readonly servers: () => Servers;
  readonly pods: () => Promise<readonly Pod[]>;
  /**
   * Returns the revision of the template that the server of this ordinal must have by now; undefined while any template
   * is allowed.
   */
  readonly requiredRevision: (ordinal: number) => string | undefined;
  /**
   * Replaces these pods, and returns the UIDs of those that it replaced. The rest are other pods by now, or must stay
   * for now.
   */
  readonly replace: (pods: readonly Pod[]) => Promise<readonly string[]>;
  /** Ends the rolling change when every pod has the wanted template. */
  readonly finish: () => Promise<void>;
};

export function createReplacement(terms: ReplacementTerms): Replacement {
  const { api, spec, followed, signal } = terms;
  const { name, replicas, namespace } = spec;
  const released = new Set<number>();
  const remove = createRemoval(terms);
  // `kubectl rollout restart` during this wait creates another revision of the same template.
  const servers = (): Servers => ({ name, replicas, updateRevision: followed.current().updateRevision });
  const ordinalOf = (pod: Pod): number => podOrdinal(name, pod.name) ?? replicas;
  const list = async (): Promise<readonly Pod[]> => {
    const { objects } = await api.list('Pod', { namespace, labelSelector: labelSelector(name) }, signal);
    return objects.map(decodePod);
  };
  const strategy = async (partition: Rollout['partition']): Promise<void> => {
    const { generation } = decodeStatefulSet(await setPartition(api, spec, partition, signal));
    while (followed.current().observedGeneration < generation) await pause(ASK_EVERY_MS / 10, signal);
  };
  return {
    servers,
    pods: list,
    requiredRevision: (ordinal) => {
      const { partition, updateRevision } = followed.current();
      return released.has(ordinal) || (ordinal >= partition && !isReturning(followed.current()))
        ? updateRevision
        : undefined;
    },
    replace: async (pods) => {
      const outdated = pods.filter((pod) => isOutdated(servers(), pod));
      const ordinals = new Set(outdated.map(ordinalOf));
      const before = await list();
      const partition = releasablePartition(servers(), before, ordinals);
      const how = wayOf(followed, ordinals, partition);
      const isServing = pods.every(({ ready }) => ready);
      if (how === 'in-order' && !isServing) await strategy(partition);
      if (how === 'out-of-order') await strategy(openPartition(followed, ordinals));
      const removed: Pod[] = [];
      for (const pod of pods) if (await remove(pod)) removed.push(pod);
      if (how === 'out-of-order') await awaitSuccessors(list, removed, signal);
      // The pod is still terminating, so that this releases only the pod that comes in its place.
      if (how === 'out-of-order' || (how === 'in-order' && isServing && removed.length > 0)) {
        await strategy(releasablePartition(servers(), before, new Set(removed.map(ordinalOf))));
      }
      for (const pod of removed) if (ordinals.has(ordinalOf(pod))) released.add(ordinalOf(pod));
      return removed.map(({ uid }) => uid);
    },
    finish: async () => {
      if (followed.current().partition > 0) await setPartition(api, spec, 0, signal);
    },
  };
}

/**
 * Returns the way of a replacement. `as-it-is`: any new pod has the wanted template. `in-order`: no other server of
 * another template is above. `out-of-order`: such a server is above.
 */
function wayOf(
  followed: FollowedSet,
  ordinals: ReadonlySet<number>,
  partition: number,
): 'as-it-is' | 'in-order' | 'out-of-order' {
  if (ordinals.size === 0 || isReturning(followed.current())) return 'as-it-is';
  return [...ordinals].some((ordinal) => ordinal < partition) ? 'out-of-order' : 'in-order';
}

/**
 * Returns the partition or strategy by which a pod can be replaced while others of another template stay above it. A
 * pod below a partition would come back as it was (`newVersionedStatefulSetPod`,
 * pkg/controller/statefulset/stateful_set_utils.go). A controller that counts unavailable pods replaces none meanwhile,
 * and its default makes `OnDelete` invalid.
 */
function openPartition(followed: FollowedSet, ordinals: ReadonlySet<number>): Rollout['partition'] {
  return followed.current().limitsUnavailable ? Math.min(...ordinals) : 'on-delete';
}

async function awaitSuccessors(
  list: () => Promise<readonly Pod[]>,
  removed: readonly Pod[],
  signal: AbortSignal,
): Promise<void> {
  const isCome = (pods: readonly Pod[], { name, uid }: Pod): boolean =>
    pods.some((pod) => pod.name === name && pod.uid !== uid);
  for (let pods = await list(); !removed.every((pod) => isCome(pods, pod)); pods = await list()) {
    await pause(ASK_EVERY_MS, signal);
  }
}

/**
 * Creates a function that removes a pod, and returns whether the pod terminates because of that. A server that serves
 * is evicted, because drains at the same time respect an eviction.
 */
function createRemoval({ api, info, signal }: ReplacementTerms): (pod: Pod) => Promise<boolean> {
  const deniedSince = new Map<string, number>();
  return async (pod) => {
    const { name, namespace, uid, resourceVersion } = pod;
    if (!pod.ready) return await isRemoved(api, pod, { uid, resourceVersion }, signal);
    const eviction = await api.evict({ namespace, name, uid }, signal);
    if (eviction.kind !== 'denied') {
      deniedSince.delete(uid);
      return eviction.kind === 'evicted';
    }
    const since = deniedSince.get(uid) ?? performance.now();
    deniedSince.set(uid, since);
    if (performance.now() - since < DENIED_MS) return false;
    info(`${name}: deleted, because the API server keeps refusing to evict it: ${eviction.because}`);
    return await isRemoved(api, pod, { uid }, signal);
  };
}

/**
 * Removes the pod, and returns whether it did. Leaves another pod of that name, and a pod that changed since it was
 * read.
 */
async function isRemoved(
  api: KubernetesApi,
  { name, namespace }: Pod,
  preconditions: { readonly uid: string; readonly resourceVersion?: string },
  signal: AbortSignal,
): Promise<boolean> {
  try {
    return await api.remove({ kind: 'Pod', name, namespace }, preconditions, signal);
  } catch (error) {
    if (hasCode(error, 'APPLY_CONFLICT')) return false; // The caller reads it again.
    throw error;
  }
}

/** Checks whether the Secrets of the servers' volumes still hold the applied data. */
export async function isVolumeCurrent(
  api: Pick<KubernetesApi, 'list'>,
  spec: ClusterSpec,
  material: Material,
  signal: AbortSignal,
): Promise<boolean> {
  const selection = { namespace: spec.namespace, labelSelector: labelSelector(spec.name) };
  const { objects } = await api.list('Secret', selection, signal);
  const held = new Map(objects.map(({ metadata, raw }) => [metadata.name, raw]));
  const secrets = buildManifests(spec, material).filter(({ kind }) => kind === 'Secret');
  return secrets.every((manifest) => findDrift(manifest, held.get(manifest.metadata.name)).length === 0);
}
