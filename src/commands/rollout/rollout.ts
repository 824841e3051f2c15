import { clusterNames, FIELD_MANAGER, isOrphaned, readTakeoverState, selectByName } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { isAsApplied } from '../../drift/as-applied.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { BackgroundWatch, type FollowEvent } from '../../kubernetes/watch.ts';
import { buildServersManifest, INITIAL_ROLLOUT, type Rollout } from '../../manifests/manifests.ts';
import type { DeploymentCredentials } from '../../manifests/material.ts';
import { findNewestRelease } from '../../nats/mesh/version.ts';
import { recordOf } from '../../objects/json.ts';
import type { KubernetesObject } from '../../objects/object.ts';
import { decodeStatefulSet, type StatefulSet } from '../../objects/stateful-set.ts';
import type { Run } from '../context/run.ts';
import { digestConfiguration } from '../desired/user-configuration.ts';
import { requireAsApplied } from '../live/admission.ts';
import type { LiveState } from '../live/live-state.ts';
import { readVersion, writeOnVersion } from '../live/requests.ts';
import { DEPLOYMENT_ANNOTATION, VERIFIED_ANNOTATION, type VerifiedDeployment } from '../live/verified-deployment.ts';
import { findOutdatedPods } from './next-server.ts';

export type UpdatedSet = StatefulSet & { readonly updateRevision: string };

/**
 * Returns how the StatefulSet is to be applied: a changed pod template is held back from every running pod, so that the
 * pods can be replaced one at a time. Unless the StatefulSet is exactly as an apply would leave it, a dry run shows the
 * new template, with the defaults that the API server adds.
 * @throws ActionError APPLY_REJECTED, reason ChangedByAdmission, before anything is written.
 */
export async function planRollout(
  { api, signal }: Pick<Run<unknown>, 'api' | 'signal'>,
  spec: ClusterSpec,
  takesConflicts: (key: string) => boolean,
  before: Pick<LiveState, 'statefulSet' | 'pods' | 'objects'>,
): Promise<Rollout> {
  // Servers that do not exist yet have nothing to lose, so they get the new template at once.
  const held = Math.min(spec.replicas, before.statefulSet?.desiredReplicas ?? spec.replicas);
  const heldBack = { ...INITIAL_ROLLOUT, partition: held };
  if (before.pods.some((pod) => isOrphaned(pod) || readTakeoverState(pod) !== undefined)) {
    return heldBack;
  }
  if (before.statefulSet === undefined) {
    return INITIAL_ROLLOUT;
  }
  const { name, replicas } = spec;
  const { updateRevision } = before.statefulSet;
  if (updateRevision !== undefined && findOutdatedPods({ name, replicas, updateRevision }, before.pods).length > 0) {
    return heldBack; // The StatefulSet itself does not show an earlier rolling change that was reverted.
  }
  const ref = refOf(spec);
  const manifest = buildServersManifest(spec, INITIAL_ROLLOUT);
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
  const isSame = live === undefined || (templateOf(live) === templateOf(wanted) && !isRolling(live));
  return isSame ? INITIAL_ROLLOUT : heldBack;
}

function isRolling(set: KubernetesObject): boolean {
  const { currentRevision, updateRevision } = decodeStatefulSet(set);
  return currentRevision !== updateRevision;
}

function refOf({ name, namespace }: ClusterSpec) {
  return { kind: 'StatefulSet', name: clusterNames(name).statefulSet, namespace } as const;
}

function templateOf({ spec }: KubernetesObject): string {
  return JSON.stringify(recordOf(spec)['template']);
}

/** The StatefulSet as its controller last reported it, with the revisions of its last change. */
export class FollowedSet {
  readonly #first = Promise.withResolvers<undefined>();
  readonly #watch: BackgroundWatch;
  #current: UpdatedSet | undefined;

  /** Follows the StatefulSet until closed, starting from the `known` object. */
  constructor(api: KubernetesApi, spec: ClusterSpec, signal: AbortSignal, known?: KubernetesObject) {
    const selection = selectByName(clusterNames(spec.name).statefulSet, spec.namespace);
    const start = known && { objects: [known], resourceVersion: known.metadata.resourceVersion };
    const open = (ended: AbortSignal) => api.follow('StatefulSet', selection, ended, start);
    // Later failures show in the followed pods as well.
    const fail = (error: unknown): void => this.#first.reject(error);
    this.#watch = new BackgroundWatch(signal, open, (event) => this.#take(event), fail);
  }

  /** Returns itself once the controller has seen the last change. */
  async waitUntilRead(): Promise<this> {
    await this.#first.promise;
    return this;
  }

  current(): UpdatedSet {
    if (this.#current === undefined) throw new Error('the StatefulSet was not read yet');
    return this.#current;
  }

  async close(): Promise<void> {
    await this.#watch.close();
  }

  #take(event: FollowEvent): void {
    const objects = event.kind === 'listed' ? event.objects : [event.object];
    for (const set of objects.map(decodeStatefulSet)) {
      if (set.observedGeneration >= set.generation && set.updateRevision !== undefined) {
        this.#current = { ...set, updateRevision: set.updateRevision };
        this.#first.resolve(undefined);
      }
    }
  }
}

/**
 * Checks whether the pods below the partition already have the wanted template. This happens when an unfinished rolling
 * change is reverted.
 */
export function isReturning({ currentRevision, updateRevision }: UpdatedSet): boolean {
  return currentRevision === updateRevision;
}

/** Sets which pods the controller replaces and which template new pods get. Returns the updated StatefulSet. */
export async function setPartition(
  api: KubernetesApi,
  spec: ClusterSpec,
  partition: Rollout['partition'],
  signal: AbortSignal,
): Promise<KubernetesObject> {
  const writing = { api, ref: refOf(spec), signal };
  return await writeOnVersion(writing, await readVersion(writing), async (precondition) => {
    const manifest = buildServersManifest(spec, { ...INITIAL_ROLLOUT, partition });
    const applied = await api.apply(manifest, { fieldManager: FIELD_MANAGER, ...precondition }, signal);
    requireAsApplied(manifest, applied.raw);
    return applied;
  });
}

/** The verified state of a deployment, and the version of its StatefulSet. */
type VerifiedState = {
  readonly revision: string;
  readonly setVersion: string;
  readonly settings: string;
  readonly credentials: DeploymentCredentials;
  /** The releases that the servers run. */
  readonly versions: readonly string[];
};

/** Records the verified state in the StatefulSet, so that later runs can read it. */
export async function recordProof(
  { api, runner, signal }: Pick<Run<unknown>, 'api' | 'runner' | 'signal'>,
  spec: ClusterSpec,
  { revision, setVersion, settings, credentials, versions }: VerifiedState,
): Promise<void> {
  const ref = refOf(spec);
  const configuration = digestConfiguration(credentials);
  const release = findNewestRelease(versions);
  const verifiedDeployment: VerifiedDeployment = {
    image: spec.image,
    settings,
    ...(configuration === undefined ? {} : { configuration }),
    ...(release === undefined ? {} : { release }),
    verified: { at: runner.now().toISOString(), by: runner.runUrl ?? 'a run outside of GitHub Actions' },
  };
  const annotations = { [VERIFIED_ANNOTATION]: revision, [DEPLOYMENT_ANNOTATION]: JSON.stringify(verifiedDeployment) };
  await writeOnVersion({ api, ref, signal }, setVersion, async (precondition) => {
    const value = { metadata: { annotations, ...precondition } };
    return await api.patch(ref, { kind: 'merge', value }, { fieldManager: FIELD_MANAGER }, signal);
  });
}
