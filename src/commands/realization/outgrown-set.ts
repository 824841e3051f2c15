import { findChangedImmutableFields } from '../../change/immutable-fields.ts';
import {
  clusterNames,
  FIELD_MANAGER,
  labelSelector,
  ORPHANED_ANNOTATION,
  podName,
  podNames,
} from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { ResourceKind } from '../../kubernetes/resources.ts';
import { buildServersManifest, INITIAL_ROLLOUT } from '../../manifests/manifests.ts';
import { recordOf } from '../../objects/json.ts';
import type { KubernetesObject } from '../../objects/object.ts';
import { decodePod, type Pod } from '../../objects/pod.ts';
import { decodeStatefulSet } from '../../objects/stateful-set.ts';
import { pause } from '../../time/pause.ts';
import type { Run } from '../context/run.ts';
import { type LiveState, readLiveState } from '../live/live-state.ts';
import { determineOwnership } from '../live/ownership.ts';
import { removeKeepingPods } from '../live/preview-record.ts';

/**
 * Removes the objects that the deployment no longer needs, and returns them as `Kind/name`: the Services of servers
 * beyond `replicas`, whose pods are already deleted, and our NetworkPolicy or PodMonitor if it is not wanted any more.
 */
export async function removeLeftovers(
  api: KubernetesApi,
  spec: ClusterSpec,
  live: LiveState,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const leftovers = findLeftovers(spec, live);
  await Promise.all(
    leftovers.map(async ({ kind, name }) => {
      const { uid, resourceVersion } = live.objects.get(`${kind}/${name}`)?.metadata ?? {};
      const precondition = uid === undefined || resourceVersion === undefined ? {} : { uid, resourceVersion };
      await api.remove({ kind, name, namespace: spec.namespace }, precondition, signal);
    }),
  );
  return leftovers.map(({ kind, name }) => `${kind}/${name}`);
}

export type Leftover = { readonly kind: ResourceKind; readonly name: string };

/** Returns the existing objects that are not wanted any more. */
export function findLeftovers(
  spec: ClusterSpec,
  { podServices, objects }: Pick<LiveState, 'podServices' | 'objects'>,
): readonly Leftover[] {
  const services = podServices
    .filter((ordinal) => ordinal >= spec.replicas)
    .map((ordinal): Leftover => ({ kind: 'Service', name: podName(spec.name, ordinal) }));
  const names = clusterNames(spec.name);
  const unwanted: readonly Leftover[] = [
    ...(spec.networkPolicy ? [] : [{ kind: 'NetworkPolicy', name: names.networkPolicy } as const]),
    ...(spec.metrics ? [] : [{ kind: 'PodMonitor', name: names.podMonitor } as const]),
  ];
  const isOurs = ({ kind, name }: Leftover): boolean => {
    const object = objects.get(`${kind}/${name}`);
    return object !== undefined && ['ours', 'installed'].includes(determineOwnership(spec.name, object).kind);
  };
  return [...services, ...unwanted.filter(isOurs)];
}

type SetRun = Pick<Run<unknown>, 'api' | 'runner' | 'signal'>;

/**
 * Deletes the StatefulSet without its pods if an immutable field differs from the needed one. Marks the pods first, so
 * that this run or a later one replaces each of them. Returns the live state after that.
 */
export async function removeOutgrownSet(run: SetRun, spec: ClusterSpec, live: LiveState): Promise<LiveState> {
  const { api, runner, signal } = run;
  const outgrown = findOutgrownSet(spec, live);
  if (outgrown === undefined) {
    return live;
  }
  const { set, fields } = outgrown;
  // This StatefulSet can still create missing pods again; the next StatefulSet may be unable to for a while.
  const pods = await waitForPods(run, spec, decodeStatefulSet(set).desiredReplicas);
  await Promise.all(pods.map(async (pod) => await markOrphaned(api, pod, countServers(set), signal)));
  await removeKeepingPods(api, set, signal);
  runner.info(
    `StatefulSet ${set.metadata.name} was deleted without its pods, because its ${fields.join(', ')} cannot change; the next one takes over its pods`,
  );
  return await readLiveState(api, spec.namespace, spec.name, signal);
}

type OutgrownSet = {
  readonly set: KubernetesObject;
  /** The immutable fields in which the StatefulSet differs from the needed one. */
  readonly fields: readonly string[];
};

/** Returns the present StatefulSet if an immutable field differs from the needed one. */
export function findOutgrownSet(spec: ClusterSpec, { objects }: Pick<LiveState, 'objects'>): OutgrownSet | undefined {
  const set = objects.get(`StatefulSet/${clusterNames(spec.name).statefulSet}`);
  if (set === undefined) {
    return undefined;
  }
  const wanted = recordOf(buildServersManifest(spec, INITIAL_ROLLOUT)['spec']);
  const fields = findChangedImmutableFields(wanted, recordOf(set.spec));
  return fields.length === 0 ? undefined : { set, fields };
}

/** Returns the live state as it would be after the StatefulSet was deleted without its pods. */
export function assumeOrphaned(live: LiveState, { set }: OutgrownSet): LiveState {
  const objects = new Map([...live.objects].filter(([, object]) => object !== set));
  const pods = live.pods.map((pod) => ({
    ...pod,
    annotations: { ...pod.annotations, [ORPHANED_ANNOTATION]: countServers(set) },
  }));
  return { ...live, statefulSet: undefined, objects, pods };
}

function countServers(set: KubernetesObject): string {
  return String(decodeStatefulSet(set).desiredReplicas);
}

/** The time in milliseconds without a change after which waiting cannot fix a pod. */
const STILL_MS = 15_000;
const ASK_EVERY_MS = 500;

/** Returns the pods once every server is present and Ready, or once no pod has changed for 15 s. */
async function waitForPods(
  { api, runner, signal }: SetRun,
  spec: ClusterSpec,
  servers: number,
): Promise<readonly Pod[]> {
  const { name, namespace } = spec;
  const names = podNames({ name, replicas: servers });
  let [state, since] = ['', performance.now()];
  for (;;) {
    const { objects } = await api.list('Pod', { namespace, labelSelector: labelSelector(name) }, signal);
    const pods = objects.map(decodePod);
    const away = names.filter((one) => !pods.some((pod) => pod.name === one && pod.ready && !pod.terminating));
    const now = JSON.stringify(
      pods.map(({ uid, phase, terminating, containers }) => [uid, phase, terminating, containers]),
    );
    if (state === '' && away.length > 0)
      runner.info(`waiting for ${away.join(', ')} before the StatefulSet is deleted without its pods`);
    if (now !== state) [state, since] = [now, performance.now()];
    if (away.length === 0 || performance.now() - since > STILL_MS) return pods;
    await pause(ASK_EVERY_MS, signal);
  }
}

async function markOrphaned(
  api: KubernetesApi,
  { name, namespace }: Pod,
  servers: string,
  signal: AbortSignal,
): Promise<void> {
  const value = { metadata: { annotations: { [ORPHANED_ANNOTATION]: servers } } };
  await api.patch({ kind: 'Pod', name, namespace }, { kind: 'merge', value }, { fieldManager: FIELD_MANAGER }, signal);
}
