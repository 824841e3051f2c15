import { labelSelector } from '../cluster/labels.ts';
import { clusterNames } from '../cluster/names.ts';
import type { DeleteInputs } from '../inputs/inputs.ts';
import type { KubernetesObject } from '../kubernetes/objects/object.ts';
import { decodePod } from '../kubernetes/objects/pod.ts';
import { isResourceKind } from '../kubernetes/resources.ts';
import type { DeletionReport, LeftObject } from '../report/deletion-report.ts';
import { type Found, isNothing, keyOf, readFound } from './deletion/found.ts';
import { allGone, type Remaining } from './deletion/gone.ts';
import { removeNamespace } from './deletion/namespace.ts';
import { podState } from './gate/pod-failure.ts';
import { underLock } from './lock/locked-run.ts';
import { requireDeletePermissions, requireExpectedCluster } from './preflight/preflight.ts';
import { removePod } from './rollout/rollout.ts';
import type { Run } from './run.ts';

/**
 * Deletes what this Action owns of one deployment and returns once it is gone: the servers first, then what they needed.
 * Volumes and a namespace that was created for the deployment go only with consent. What somebody else made stays.
 */
export async function deleteDeployment(run: Run<DeleteInputs>): Promise<DeletionReport> {
  const { api, inputs, signal } = run;
  requireExpectedCluster(api, inputs.expectedCluster);
  const namespace = inputs.namespace ?? api.connection.namespace ?? 'default';
  await requireDeletePermissions(api, namespace, inputs.allow, signal);
  const before = await readFound(api, namespace, inputs.name, signal);
  const deleted = isNothing(before)
    ? []
    : await underLock(run, namespace, async (locked) => await deleteLocked(locked, namespace));
  const left = leftObjects(before, inputs);
  const ofNamespace = inputs.allow.includes('delete-namespace') ? await removeNamespace(run, namespace) : undefined;
  return {
    kind: 'deletion',
    name: inputs.name,
    namespace,
    deleted: [...deleted, ...(ofNamespace?.deleted ?? [])],
    left: [...left, ...(ofNamespace?.left ?? [])],
  };
}

async function deleteLocked(run: Run<DeleteInputs>, namespace: string): Promise<readonly string[]> {
  const { api, inputs, runner, waiting, signal } = run;
  waiting.enter('delete');
  // Once more, as another run may have ended only now.
  const found = await readFound(api, namespace, inputs.name, signal);
  const servers = await removeServers(run, found, namespace);
  const all = [...found.live.objects.values()].filter(({ kind }) => kind !== 'StatefulSet');
  const claims = inputs.allow.includes('delete-volumes') ? found.claims : [];
  const removed = await Promise.all([...all, ...claims].map(async (object) => await removeObject(run, object)));
  const others = removed.flat();
  if (others.length > 0) runner.info(`deleted: ${others.join(', ')}`);
  await allGone(run, async () => await remainingClaims(run, namespace, claims));
  return [...servers, ...others];
}

/** The StatefulSet goes after its pods; one that was orphaned, or has none, is deleted by itself. */
async function removeServers(run: Run<DeleteInputs>, { live }: Found, namespace: string): Promise<readonly string[]> {
  const { api, inputs, runner, signal } = run;
  const ref = { kind: 'StatefulSet', name: clusterNames(inputs.name).statefulSet, namespace } as const;
  const set = live.objects.get(`StatefulSet/${ref.name}`);
  if (set === undefined && live.pods.length === 0) return [];
  if (set !== undefined) {
    runner.info(`deleting StatefulSet ${ref.name} and its ${live.pods.length} pods`);
    await api.remove(ref, { uid: set.metadata.uid, propagationPolicy: 'Foreground' }, signal);
  }
  await allGone(run, async () => {
    const { objects } = await api.list('Pod', { namespace, labelSelector: labelSelector(inputs.name) }, signal);
    const pods = objects.map(decodePod);
    const there = set === undefined ? undefined : await api.get(ref, signal);
    const isThere = there?.metadata.uid === set?.metadata.uid && set !== undefined;
    if (!isThere) {
      await Promise.all(pods.filter(({ terminating }) => !terminating).map((pod) => removePod(api, pod, signal)));
    }
    const remaining = pods.map((pod): Remaining => ({ object: `Pod/${pod.name}`, state: podState(pod) }));
    return isThere ? [...remaining, { object: `StatefulSet/${ref.name}`, state: 'waits for its pods' }] : remaining;
  });
  const names = live.pods.map(({ name }) => `Pod/${name}`);
  return set === undefined ? names : [`StatefulSet/${ref.name}`, ...names];
}

async function removeObject({ api, signal }: Run<DeleteInputs>, object: KubernetesObject): Promise<readonly string[]> {
  const { kind, metadata } = object;
  if (!isResourceKind(kind)) return [];
  const { name, namespace = '', uid } = metadata;
  return (await api.remove({ kind, name, namespace }, { uid }, signal)) ? [keyOf(object)] : [];
}

/** A claim waits for the pods that use it (`kubernetes.io/pvc-protection`). */
async function remainingClaims(
  { api, inputs, signal }: Run<DeleteInputs>,
  namespace: string,
  claims: readonly KubernetesObject[],
): Promise<readonly Remaining[]> {
  if (claims.length === 0) return [];
  const selection = { namespace, labelSelector: labelSelector(inputs.name) };
  const { objects } = await api.list('PersistentVolumeClaim', selection, signal);
  const uids = claims.map(({ metadata }) => metadata.uid);
  return objects
    .filter(({ metadata }) => uids.includes(metadata.uid))
    .map((object) => ({ object: keyOf(object), state: 'waits for the pods that use it' }));
}

function leftObjects({ claims, foreign }: Found, { allow }: DeleteInputs): readonly LeftObject[] {
  const volumes = allow.includes('delete-volumes')
    ? []
    : claims.map((claim) => ({ object: keyOf(claim), why: 'it may hold streams; allow: delete-volumes deletes it' }));
  return [...foreign.map((object) => ({ object, why: 'somebody else made it' })), ...volumes];
}
