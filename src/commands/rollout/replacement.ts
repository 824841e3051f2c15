import { labelSelector, parsePodOrdinal } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { findDrift } from '../../drift/drift.ts';
import { hasCode } from '../../errors/action-error.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { buildManifests, type Rollout } from '../../manifests/manifests.ts';
import type { Material } from '../../manifests/material.ts';
import { decodePod, type Pod } from '../../objects/pod.ts';
import { decodeStatefulSet } from '../../objects/stateful-set.ts';
import type { Runner } from '../../runner/runner.ts';
import { pause } from '../../time/pause.ts';
import type { Run } from '../context/run.ts';
import { findReleasablePartition, isOutdated, type Servers } from './next-server.ts';
import { type FollowedSet, isReturning, setPartition, type UpdatedSet } from './rollout.ts';

const ASK_EVERY_MS = 200;

/**
 * The time in milliseconds after which a denied eviction is final. The disruption controller notices within
 * milliseconds that a server is back. A budget that is still used up after this time, while every server is Ready,
 * allows no eviction at all: it is meant to stop drains.
 */
const DENIED_MS = 5000;

type ReplacementRun = Pick<Run<unknown>, 'api' | 'signal'> & { readonly runner: Pick<Runner, 'info'> };

/** The replacement of pods by pods with the wanted template. It restarts no other server. */
export class Replacement {
  readonly #run: ReplacementRun;
  readonly #spec: ClusterSpec;
  readonly #followed: FollowedSet;
  readonly #released = new Set<number>();
  readonly #deniedSince = new Map<string, number>();

  constructor(run: ReplacementRun, spec: ClusterSpec, followed: FollowedSet) {
    this.#run = run;
    this.#spec = spec;
    this.#followed = followed;
  }

  servers(): Servers {
    const { name, replicas } = this.#spec;
    // `kubectl rollout restart` during this wait creates another revision of the same template.
    return { name, replicas, updateRevision: this.#followed.current().updateRevision };
  }

  async pods(): Promise<readonly Pod[]> {
    const { api, signal } = this.#run;
    const { name, namespace } = this.#spec;
    const { objects } = await api.list('Pod', { namespace, labelSelector: labelSelector(name) }, signal);
    return objects.map(decodePod);
  }

  /**
   * Returns the revision of the template that the server of this ordinal must have by now; undefined while any template
   * is allowed.
   */
  requiredRevision(ordinal: number): string | undefined {
    const set = this.#followed.current();
    const isReleased = this.#released.has(ordinal) || (ordinal >= set.partition && !isReturning(set));
    return isReleased ? set.updateRevision : undefined;
  }

  /**
   * Replaces these pods, and returns the UIDs of those that it replaced. The others were already replaced, or cannot be
   * evicted yet.
   */
  async replace(pods: readonly Pod[]): Promise<readonly string[]> {
    const outdated = pods.filter((pod) => isOutdated(this.servers(), pod));
    const ordinals = new Set(outdated.map((pod) => this.#ordinalOf(pod)));
    const before = await this.pods();
    const partition = findReleasablePartition(this.servers(), before, ordinals);
    const way = chooseWay(this.#followed.current(), ordinals, partition);
    const isServing = pods.every(({ ready }) => ready);
    if (way === 'in-order' && !isServing) await this.#setPartition(partition);
    if (way === 'out-of-order') await this.#setPartition(chooseOpenPartition(this.#followed.current(), ordinals));
    const removed: Pod[] = [];
    for (const pod of pods) if (await this.#evict(pod)) removed.push(pod);
    const removedOrdinals = new Set(removed.map((pod) => this.#ordinalOf(pod)));
    if (way === 'out-of-order') await this.#waitForSuccessors(removed);
    // The removed pod is still terminating, so this changes only the template of its successor.
    if (way === 'out-of-order' || (way === 'in-order' && isServing && removed.length > 0)) {
      await this.#setPartition(findReleasablePartition(this.servers(), before, removedOrdinals));
    }
    for (const ordinal of removedOrdinals) if (ordinals.has(ordinal)) this.#released.add(ordinal);
    return removed.map(({ uid }) => uid);
  }

  /** Ends the rolling change when every pod has the wanted template. */
  async finish(): Promise<void> {
    const { api, signal } = this.#run;
    if (this.#followed.current().partition > 0) await setPartition(api, this.#spec, 0, signal);
  }

  #ordinalOf({ name }: Pod): number {
    return parsePodOrdinal(this.#spec.name, name) ?? this.#spec.replicas;
  }

  /** Sets the partition, and waits until the controller has seen it. */
  async #setPartition(partition: Rollout['partition']): Promise<void> {
    const { api, signal } = this.#run;
    const { generation } = decodeStatefulSet(await setPartition(api, this.#spec, partition, signal));
    while (this.#followed.current().observedGeneration < generation) {
      await pause(ASK_EVERY_MS / 10, signal);
    }
  }

  async #waitForSuccessors(removed: readonly Pod[]): Promise<void> {
    const isReplaced = (pods: readonly Pod[], { name, uid }: Pod): boolean =>
      pods.some((pod) => pod.name === name && pod.uid !== uid);
    for (let pods = await this.pods(); !removed.every((pod) => isReplaced(pods, pod)); pods = await this.pods()) {
      await pause(ASK_EVERY_MS, this.#run.signal);
    }
  }

  /**
   * Removes a pod, and returns whether the pod terminates because of that. A Ready pod is evicted, so that its removal
   * and concurrent node drains share one disruption budget.
   */
  async #evict(pod: Pod): Promise<boolean> {
    const { api, runner, signal } = this.#run;
    const { name, namespace, uid, resourceVersion } = pod;
    if (!pod.ready) return await removePod(api, pod, { uid, resourceVersion }, signal);
    const eviction = await api.evict({ namespace, name, uid }, signal);
    if (eviction.kind !== 'denied') {
      this.#deniedSince.delete(uid);
      return eviction.kind === 'evicted';
    }
    const since = this.#deniedSince.get(uid) ?? performance.now();
    this.#deniedSince.set(uid, since);
    if (performance.now() - since < DENIED_MS) return false;
    runner.info(`${name}: deleted, because the API server keeps refusing to evict it: ${eviction.because}`);
    return await removePod(api, pod, { uid }, signal);
  }
}

/**
 * Returns the way of a replacement. `as-it-is`: any new pod has the wanted template. `in-order`: every server with a
 * higher ordinal has the wanted template. `out-of-order`: a server with a higher ordinal has another template.
 */
function chooseWay(
  set: UpdatedSet,
  ordinals: ReadonlySet<number>,
  partition: number,
): 'as-it-is' | 'in-order' | 'out-of-order' {
  if (ordinals.size === 0 || isReturning(set)) return 'as-it-is';
  return [...ordinals].some((ordinal) => ordinal < partition) ? 'out-of-order' : 'in-order';
}

/**
 * Returns the partition or strategy with which a pod can be replaced while pods with higher ordinals keep another
 * template. A pod below the partition would come back with its old template (`newVersionedStatefulSetPod`,
 * pkg/controller/statefulset/stateful_set_utils.go). A controller that limits unavailable pods replaces no other pod
 * while one is missing, and its default limit makes `OnDelete` invalid.
 */
function chooseOpenPartition(set: UpdatedSet, ordinals: ReadonlySet<number>): Rollout['partition'] {
  return set.limitsUnavailable ? Math.min(...ordinals) : 'on-delete';
}

/**
 * Removes the pod, and returns whether it did. Does not remove another pod of that name, or a pod that changed since it
 * was read.
 */
async function removePod(
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
