import { labelSelector, selectorLabels, selectorText } from '../../cluster/labels.ts';
import { clusterNames } from '../../cluster/names.ts';
import { hasCode } from '../../errors.ts';
import type { KubernetesObject } from '../../kubernetes/objects/object.ts';
import { isResourceKind, type ObjectRef } from '../../kubernetes/resources.ts';
import { foreignPodBecause } from '../ownership.ts';
import { requireRemovable } from '../preflight/preflight.ts';
import { removePreview } from '../previews/record.ts';
import type { Run } from '../run.ts';
import { type Found, keyOf, type Target } from './found.ts';
import { allGone, type Remaining, stateOf } from './gone.ts';

type Removal = Pick<Run<unknown>, 'api' | 'runner' | 'waiting' | 'signal' | 'stop'>;

/**
 * Deletes the found objects of the target: servers first, then the objects that they needed. Returns their names as
 * `Kind/name` once all of them are gone.
 * @throws ActionError WAIT_TIMEOUT naming the objects that still exist at the deadline
 * @throws ActionError FORBIDDEN before anything is deleted
 */
export async function removeFound(run: Removal, target: Target, found: Found): Promise<readonly string[]> {
  const { api, runner, signal } = run;
  const kinds = new Set(found.objects.map(({ kind }) => kind));
  await requireRemovable(api, target.namespace, kinds, signal);
  const servers = await removeServers(run, target, found);
  const rest = [...found.objects, ...(target.volumes ? found.claims : [])];
  await Promise.all(rest.map(async (object) => await removeObject(run, object)));
  if (rest.length > 0) runner.info(`deleting ${rest.map(keyOf).join(', ')}`);
  await allGone(run, async () => await remainingOf(run, target, rest));
  return [...servers, ...rest.map(keyOf), ...(await removeRecord(run, found))];
}

/** Removes the preview Lease last, so that `prune` finds the remains of a run that is killed before. */
async function removeRecord({ api, signal }: Removal, { preview }: Found): Promise<readonly string[]> {
  if (preview === undefined) return [];
  await removePreview(api, preview, signal);
  return [`Lease/${clusterNames(preview.name).previewLease}`];
}

/**
 * Removes the servers. The StatefulSet is gone after its pods. Pods that it does not control, and pods without a
 * StatefulSet, are deleted one by one.
 */
async function removeServers(run: Removal, target: Target, found: Found): Promise<readonly string[]> {
  const { runner } = run;
  const { statefulSet: set, pods } = found;
  const sets = set === undefined ? [] : [set];
  if (sets.length + pods.length === 0) return [];
  runner.info(`deleting ${[...sets, ...pods].map(keyOf).join(', ')}`);
  for (const object of sets) {
    await removeObject(run, object, 'Foreground');
  }
  await allGone(run, async () => {
    const there = await remainingOf(run, target, sets);
    const left = await serverPods(run, target, found);
    if (there.length === 0) {
      const unasked = left.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
      await Promise.all(unasked.map(async (pod) => await removeObject(run, pod)));
    }
    return [...left.map(stateOf), ...there];
  });
  return [...sets, ...pods].map(keyOf);
}

async function serverPods(
  { api, signal }: Removal,
  { namespace, name }: Target,
  { isSetForeign }: Found,
): Promise<readonly KubernetesObject[]> {
  const { objects } = await api.list('Pod', { namespace, labelSelector: labelSelector(name) }, signal);
  return objects.filter((pod) => foreignPodBecause(name, pod, isSetForeign) === undefined);
}

/** Removes an object by its UID, so that another object that has its name by now stays. */
async function removeObject(
  { api, signal }: Removal,
  object: KubernetesObject,
  propagationPolicy: 'Background' | 'Foreground' = 'Background',
): Promise<void> {
  try {
    await api.remove(refOf(object), { uid: object.metadata.uid, propagationPolicy }, signal);
  } catch (error) {
    if (!hasCode(error, 'APPLY_CONFLICT')) {
      throw error; // After a conflict, the intended object is gone.
    }
  }
}

/** Returns the objects among `objects` that still exist. */
async function remainingOf(
  run: Removal,
  target: Target,
  objects: readonly KubernetesObject[],
): Promise<readonly Remaining[]> {
  const { api, signal } = run;
  const byName = objects.filter(({ kind }) => kind !== 'PersistentVolumeClaim');
  const claims = byName.length === objects.length ? [] : await claimsOf(run, target);
  const found = await Promise.all(byName.map(async (object) => await api.get(refOf(object), signal)));
  const uids = new Set(objects.map(({ metadata }) => metadata.uid));
  return [...found.filter((object) => object !== undefined), ...claims]
    .filter(({ metadata }) => uids.has(metadata.uid))
    .map(stateOf);
}

/** Lists the claims by label, because permission to delete claims does not imply permission to get them. */
async function claimsOf({ api, signal }: Removal, { namespace, name }: Target): Promise<readonly KubernetesObject[]> {
  const selection = { namespace, labelSelector: selectorText(selectorLabels(name)) };
  return (await api.list('PersistentVolumeClaim', selection, signal)).objects;
}

function refOf({ kind, metadata: { name, namespace = '' } }: KubernetesObject): ObjectRef {
  if (!isResourceKind(kind)) {
    throw new TypeError(`a ${kind} was to be deleted`); // No other kind is ever read.
  }
  return { kind, name, namespace };
}
