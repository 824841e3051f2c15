import { outgrownFields } from '../../change/immutable-fields.ts';
import { LEFT_ANNOTATION } from '../../cluster/left-pod.ts';
import { clusterNames } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { recordOf } from '../../kubernetes/objects/json.ts';
import type { KubernetesObject } from '../../kubernetes/objects/object.ts';
import type { Pod } from '../../kubernetes/objects/pod.ts';
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
  await Promise.all(live.pods.map(async (pod) => await markLeft(api, pod, signal)));
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
  const pods = live.pods.map((pod) => ({ ...pod, annotations: { ...pod.annotations, [LEFT_ANNOTATION]: 'true' } }));
  return { ...live, statefulSet: undefined, objects, pods };
}

async function markLeft(api: KubernetesApi, { name, namespace }: Pod, signal: AbortSignal): Promise<void> {
  const value = { metadata: { annotations: { [LEFT_ANNOTATION]: 'true' } } };
  await api.patch({ kind: 'Pod', name, namespace }, { kind: 'merge', value }, { fieldManager: FIELD_MANAGER }, signal);
}
