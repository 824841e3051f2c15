import { setTimeout as delay } from 'node:timers/promises';
import { outgrownFields } from '../../change/immutable-fields.ts';
import { labelSelector } from '../../cluster/labels.ts';
import { LEFT_ANNOTATION } from '../../cluster/left-pod.ts';
import { clusterNames, podNames } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { recordOf } from '../../kubernetes/objects/json.ts';
import type { KubernetesObject } from '../../kubernetes/objects/object.ts';
import { decodePod, type Pod } from '../../kubernetes/objects/pod.ts';
import { decodeStatefulSet } from '../../kubernetes/objects/stateful-set.ts';
import { serversManifest } from '../../manifests/manifests.ts';
import { INITIAL_ROLLOUT } from '../../manifests/stateful-set.ts';
import type { Runner } from '../../runner/runner.ts';
import { type LiveState, readLiveState } from '../preflight/live-state.ts';
import { FIELD_MANAGER } from './applied.ts';
import { removeKeepingPods } from './orphaning.ts';

type Terms = {
  readonly api: KubernetesApi;
  readonly runner: Pick<Runner, 'info'>;
  readonly spec: ClusterSpec;
  readonly live: LiveState;
  readonly signal: AbortSignal;
};

/**
 * Where the servers need a StatefulSet that the one there is can never become, it is deleted without its pods. They
 * are marked first, so that whatever run comes next replaces each of them. Returns what is there then.
 */
export async function withoutOutgrownSet({ api, runner, spec, live, signal }: Terms): Promise<LiveState> {
  const outgrown = outgrownSet(spec, live);
  if (outgrown === undefined) {
    return live;
  }
  const { set, fields } = outgrown;
  // Pods that are away are made anew by the StatefulSet there is; the next one may be unable to for a while.
  const pods = await awaitPods({ api, runner, spec, signal }, decodeStatefulSet(set).desiredReplicas);
  await Promise.all(pods.map(async (pod) => await markLeft(api, pod, serversIn(set), signal)));
  await removeKeepingPods(api, set, signal);
  runner.info(
    `StatefulSet ${set.metadata.name} is gone without its pods, as its ${fields.join(', ')} can never change; another one follows`,
  );
  return await readLiveState(api, spec.namespace, spec.name, signal);
}

type OutgrownSet = {
  readonly set: KubernetesObject;
  /** In which it is not what is needed. */
  readonly fields: readonly string[];
};

/** The StatefulSet there is, if it can never become the one that is needed. */
export function outgrownSet(spec: ClusterSpec, { objects }: Pick<LiveState, 'objects'>): OutgrownSet | undefined {
  const set = objects.get(`StatefulSet/${clusterNames(spec.name).statefulSet}`);
  if (set === undefined) {
    return undefined;
  }
  const wanted = recordOf(serversManifest(spec, INITIAL_ROLLOUT)['spec']);
  const fields = outgrownFields(wanted, recordOf(set.spec));
  return fields.length === 0 ? undefined : { set, fields };
}

/** What would be there once it is gone without its pods. */
export function assumedLeft(live: LiveState, { set }: OutgrownSet): LiveState {
  const objects = new Map([...live.objects].filter(([, object]) => object !== set));
  const pods = live.pods.map((pod) => ({
    ...pod,
    annotations: { ...pod.annotations, [LEFT_ANNOTATION]: serversIn(set) },
  }));
  return { ...live, statefulSet: undefined, objects, pods };
}

function serversIn(set: KubernetesObject): string {
  return String(decodeStatefulSet(set).desiredReplicas);
}

/** Nothing of a pod that no waiting heals moves any more. */
const STILL_MS = 15_000;
const ASK_EVERY_MS = 500;

/** Returns the pods once every server is there and Ready, or once nothing of those that are not has moved for 15 s. */
async function awaitPods({ api, runner, spec, signal }: Omit<Terms, 'live'>, servers: number): Promise<readonly Pod[]> {
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
    if (state === '' && away.length > 0) runner.info(`waiting for ${away.join(', ')} before the StatefulSet gives way`);
    if (now !== state) [state, since] = [now, performance.now()];
    if (away.length === 0 || performance.now() - since > STILL_MS) return pods;
    await delay(ASK_EVERY_MS, undefined, { signal });
  }
}

async function markLeft(
  api: KubernetesApi,
  { name, namespace }: Pod,
  servers: string,
  signal: AbortSignal,
): Promise<void> {
  const value = { metadata: { annotations: { [LEFT_ANNOTATION]: servers } } };
  await api.patch({ kind: 'Pod', name, namespace }, { kind: 'merge', value }, { fieldManager: FIELD_MANAGER }, signal);
}
