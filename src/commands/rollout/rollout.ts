import { isLeft } from '../../cluster/left-pod.ts';
import { clusterNames } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { takenOver } from '../../cluster/taken-over.ts';
import { causesOf } from '../../diagnosis/causes.ts';
import { factsOfPods } from '../../diagnosis/facts.ts';
import { isAsApplied } from '../../drift/as-applied.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { recordOf } from '../../kubernetes/objects/json.ts';
import type { KubernetesObject } from '../../kubernetes/objects/object.ts';
import type { Pod } from '../../kubernetes/objects/pod.ts';
import { decodeStatefulSet, type StatefulSet } from '../../kubernetes/objects/stateful-set.ts';
import { serversManifest } from '../../manifests/manifests.ts';
import { INITIAL_ROLLOUT, type Rollout } from '../../manifests/stateful-set.ts';
import { podFailure } from '../gate/pod-failure.ts';
import type { LiveState } from '../preflight/live-state.ts';
import { requireAsApplied } from './admission.ts';
import { type ApplierTerms, FIELD_MANAGER, onVersion, versionOf } from './applied.ts';
import { outdatedPods } from './next-server.ts';

export type UpdatedSet = StatefulSet & { readonly updateRevision: string };

type RolloutTerms = Pick<ApplierTerms, 'api' | 'takesConflicts' | 'signal'> & { readonly spec: ClusterSpec };

/**
 * How the StatefulSet is to be applied: a changed pod template is held back from every running pod, so that they can
 * be replaced one at a time. Unless the StatefulSet is there just as an apply would leave it, the API server compares,
 * defaults included: a dry run says what the template would be.
 * @throws ActionError APPLY_REJECTED, reason ChangedByAdmission, before anything is written.
 */
export async function plannedRollout(
  { api, spec, takesConflicts, signal }: RolloutTerms,
  before: Pick<LiveState, 'statefulSet' | 'pods' | 'objects'>,
): Promise<Rollout> {
  // Servers that are yet to come have nothing that could be lost, so they are made of the new template at once.
  const held = Math.min(spec.replicas, before.statefulSet?.desiredReplicas ?? spec.replicas);
  const heldBack = { ...INITIAL_ROLLOUT, partition: held };
  if (before.pods.some((pod) => isLeft(pod) || takenOver(pod) !== undefined)) {
    return heldBack;
  }
  if (before.statefulSet === undefined) {
    return INITIAL_ROLLOUT;
  }
  const { name, replicas } = spec;
  const { updateRevision } = before.statefulSet;
  if (updateRevision !== undefined && outdatedPods({ name, replicas, updateRevision }, before.pods).length > 0) {
    return heldBack; // Where an earlier rolling change was taken back, the StatefulSet itself does not tell.
  }
  const ref = refOf(spec);
  const manifest = serversManifest(spec, INITIAL_ROLLOUT);
  const known = before.objects.get(`${ref.kind}/${ref.name}`);
  if (known !== undefined && !isRolling(known) && isAsApplied(manifest, known, FIELD_MANAGER)) {
    return INITIAL_ROLLOUT;
  }
  const force = takesConflicts(`StatefulSet/${ref.name}`);
  const [live, wanted] = await Promise.all([
    api.get(ref, signal),
    api.apply(manifest, { fieldManager: FIELD_MANAGER, force, dryRun: true }, signal),
  ]);
  requireAsApplied(manifest, wanted.raw);
  const isSame = live === undefined || (template(live) === template(wanted) && !isRolling(live));
  return isSame ? INITIAL_ROLLOUT : heldBack;
}

function isRolling(set: KubernetesObject): boolean {
  const { currentRevision, updateRevision } = decodeStatefulSet(set);
  return currentRevision !== updateRevision;
}

function refOf({ name, namespace }: ClusterSpec) {
  return { kind: 'StatefulSet', name: clusterNames(name).statefulSet, namespace } as const;
}

function template({ spec }: KubernetesObject): string {
  return JSON.stringify(recordOf(spec)['template']);
}

/** The StatefulSet as its controller last told of it: with the revisions of its last change. */
export type FollowedSet = {
  readonly current: () => UpdatedSet;
  readonly close: () => Promise<void>;
};

/** Follows the StatefulSet until closed, from what is `known` of it; returns once its controller has seen the last change. */
export async function followStatefulSet(
  api: KubernetesApi,
  { name, namespace }: ClusterSpec,
  signal: AbortSignal,
  known?: KubernetesObject,
): Promise<FollowedSet> {
  const selection = { namespace, fieldSelector: `metadata.name=${clusterNames(name).statefulSet}` };
  const closing = new AbortController();
  const first = Promise.withResolvers<UpdatedSet>();
  let current: UpdatedSet | undefined;
  const start = known && { objects: [known], resourceVersion: known.metadata.resourceVersion };
  const follow = async (): Promise<void> => {
    const ended = AbortSignal.any([signal, closing.signal]);
    for await (const event of api.follow('StatefulSet', selection, ended, start)) {
      const objects = event.kind === 'listed' ? event.objects : [event.object];
      for (const set of objects.map(decodeStatefulSet)) {
        if (set.observedGeneration >= set.generation && set.updateRevision !== undefined) {
          current = { ...set, updateRevision: set.updateRevision };
          first.resolve(current);
        }
      }
    }
  };
  // Later failures show in the pods that are followed as well.
  const followed = follow().catch((error: unknown) => first.reject(error));
  const found = await first.promise;
  return {
    current: () => current ?? found,
    close: async () => {
      closing.abort();
      await followed;
    },
  };
}

/** The wanted template is the one that pods below the partition are made of, after a rolling change that did not end. */
export function isReturning({ currentRevision, updateRevision }: UpdatedSet): boolean {
  return currentRevision === updateRevision;
}

/** What every pod of another template is told as, and every one that was sent away. */
const NO_FAILURE: readonly string[] = ['OldRevisionStuck', 'Evicted'];

/**
 * Whether the pod alone shows that it fails, once its StatefulSet has this revision. One that only takes its time is
 * waited for. A pod of another template need not fail for good: it is replaced as soon as that is certain.
 */
export function isStuck(pod: Pod, updateRevision: string): boolean {
  if (pod.terminating || pod.ready) return false;
  const causes = causesOf(factsOfPods(pod, [pod])).filter(({ reason }) => !NO_FAILURE.includes(reason));
  return podFailure(pod) !== undefined || (pod.controllerRevision !== updateRevision && causes.length > 0);
}

/** Says which pods the controller replaces and what new ones are made of. Returns the StatefulSet as it is then. */
export async function setPartition(
  api: KubernetesApi,
  spec: ClusterSpec,
  partition: Rollout['partition'],
  signal: AbortSignal,
): Promise<KubernetesObject> {
  const writing = { api, ref: refOf(spec), signal };
  return await onVersion(writing, await versionOf(writing), async (precondition) => {
    const manifest = serversManifest(spec, { ...INITIAL_ROLLOUT, partition });
    const applied = await api.apply(manifest, { fieldManager: FIELD_MANAGER, ...precondition }, signal);
    requireAsApplied(manifest, applied.raw);
    return applied;
  });
}

/** Names the revision whose promises were last proved from outside: a run that died before its proofs left none. */
export const PROVED_ANNOTATION = 'nats-cluster-action/proved';

/** What was deployed when it was proved, to be brought back when a later deployment fails. Nothing in it is secret. */
export const DEPLOYMENT_ANNOTATION = 'nats-cluster-action/proved-deployment';

export type ProvedDeployment = {
  readonly image: string;
  readonly settings: string;
  /** `configurationDigest` of the user's own configuration, if there was one. */
  readonly configuration?: string;
  /** The newest release that a server said it is, for example `2.15.2`. */
  readonly release?: string;
  /** When it was verified from outside (RFC 3339), and by which run. */
  readonly verified?: { readonly at: string; readonly by: string };
};

/** What was proved, and the version of the StatefulSet of which it is known. */
type ProvedSet = { readonly revision: string; readonly version: string };

export async function recordProof(
  api: KubernetesApi,
  spec: ClusterSpec,
  { revision, version, ...proved }: Omit<ProvedDeployment, 'image'> & ProvedSet,
  signal: AbortSignal,
): Promise<void> {
  const ref = refOf(spec);
  const deployment = JSON.stringify({ image: spec.image, ...proved } satisfies ProvedDeployment);
  const annotations = { [PROVED_ANNOTATION]: revision, [DEPLOYMENT_ANNOTATION]: deployment };
  await onVersion({ api, ref, signal }, version, async (precondition) => {
    const value = { metadata: { annotations, ...precondition } };
    return await api.patch(ref, { kind: 'merge', value }, { fieldManager: FIELD_MANAGER }, signal);
  });
}
