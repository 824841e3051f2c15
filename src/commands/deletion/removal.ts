import { clusterNames, labelSelector, nameSelector } from '../../cluster/names.ts';
import { ActionError, hasCode, isActionError, type ObjectProblem } from '../../errors/action-error.ts';
import { isResourceKind, type ObjectRef } from '../../kubernetes/resources.ts';
import type { MeshProblem } from '../../nats/mesh/observation.ts';
import { type KubernetesObject, objectKey } from '../../objects/object.ts';
import { decodePod } from '../../objects/pod.ts';
import { pause } from '../../time/pause.ts';
import type { Run } from '../context/run.ts';
import { explainForeignPod } from '../live/ownership.ts';
import { removePreview } from '../live/preview-record.ts';
import { requireRemovable } from '../preflight/permissions.ts';
import type { Found, Target } from './found.ts';

/**
 * The first pause between two looks; the pauses grow to `LONGEST_ROUND_MS`. Pods are deleted within a second or two. A
 * Service that waits for its load balancer takes a minute.
 */
const FIRST_ROUND_MS = 200;
const LONGEST_ROUND_MS = 2000;

/** An object that still exists. */
export type Remaining = { readonly object: string; readonly state: string };

/**
 * Waits until `look` finds no object any more.
 * @throws ActionError WAIT_TIMEOUT naming the objects that still exist at the deadline
 */
export async function waitUntilDeleted(
  { waiting, signal, stop }: Pick<Run<unknown>, 'waiting' | 'signal' | 'stop'>,
  look: () => Promise<readonly Remaining[]>,
): Promise<void> {
  let last: readonly Remaining[] = [];
  try {
    for (let roundMs = FIRST_ROUND_MS; ; roundMs = Math.min(roundMs * 1.5, LONGEST_ROUND_MS)) {
      last = await look();
      waiting.show(last.map(convertRemaining));
      if (last.length === 0) return;
      await pause(roundMs, signal);
    }
  } catch (error) {
    throw signal.aborted && !stop.aborted && !isActionError(error) ? notDeletedError(last) : error;
  }
}

/** Describes the node and the finalizers that a terminating object waits for. */
export function describeRemaining(object: KubernetesObject): Remaining {
  const { finalizers } = object.metadata;
  const held = finalizers.length === 0 ? '' : `, held by ${finalizers.join(', ')}`;
  const node = object.kind === 'Pod' ? decodePod(object).nodeName : undefined;
  return { object: objectKey(object), state: `terminating${node === undefined ? '' : ` on node ${node}`}${held}` };
}

function convertRemaining({ object, state }: Remaining): MeshProblem {
  return { from: object, to: undefined, reason: 'UnexpectedServer', message: `${object}: ${state}` };
}

function notDeletedError(last: readonly Remaining[]): ActionError<'WAIT_TIMEOUT'> {
  const problems = last.map(
    ({ object, state }): ObjectProblem => ({ object, reason: 'NotGone', message: `${object}: ${state}` }),
  );
  const messages = problems.map(({ message }) => message).join('; ');
  return new ActionError('WAIT_TIMEOUT', `the deadline passed before everything was deleted: ${messages}`, {
    hint: 'A pod on a node that does not answer disappears once the node is back or is removed; an object with finalizers waits for the controller that owns them. Then run the job again: it continues where this run stopped.',
    details: { problems },
  });
}

type Removal = Pick<Run<unknown>, 'waiting' | 'signal' | 'stop'> & {
  readonly api: Pick<Run<unknown>['api'], 'get' | 'list' | 'remove' | 'requirePermissions'>;
  readonly runner: Pick<Run<unknown>['runner'], 'info'>;
};

/**
 * Deletes the found objects of the target: servers first, then the objects that they needed. Returns their names as
 * `Kind/name` once none of them exists any more.
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
  if (rest.length > 0) runner.info(`deleting ${rest.map(objectKey).join(', ')}`);
  await waitUntilDeleted(run, async () => await readRemaining(run, target, rest));
  return [...servers, ...rest.map(objectKey), ...(await removeRecord(run, found))];
}

/** Removes the preview Lease last, so that `prune` finds the remains of a run that is killed before. */
async function removeRecord({ api, signal }: Removal, { preview }: Found): Promise<readonly string[]> {
  if (preview === undefined) return [];
  await removePreview(api, preview, signal);
  return [`Lease/${clusterNames(preview.name).previewLease}`];
}

/**
 * Removes the servers. Kubernetes deletes the StatefulSet after its pods. Pods that it does not control, and pods
 * without a StatefulSet, are deleted one by one.
 */
async function removeServers(run: Removal, target: Target, found: Found): Promise<readonly string[]> {
  const { runner } = run;
  const { statefulSet: set, pods } = found;
  const sets = set === undefined ? [] : [set];
  if (sets.length + pods.length === 0) return [];
  runner.info(`deleting ${[...sets, ...pods].map(objectKey).join(', ')}`);
  for (const object of sets) {
    await removeObject(run, object, 'Foreground');
  }
  await waitUntilDeleted(run, async () => {
    const remainingSets = await readRemaining(run, target, sets);
    const remainingPods = await readServerPods(run, target, found);
    if (remainingSets.length === 0) {
      const running = remainingPods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
      await Promise.all(running.map(async (pod) => await removeObject(run, pod)));
    }
    return [...remainingPods.map(describeRemaining), ...remainingSets];
  });
  return [...sets, ...pods].map(objectKey);
}

async function readServerPods(
  { api, signal }: Removal,
  { namespace, name }: Target,
  { isSetForeign }: Found,
): Promise<readonly KubernetesObject[]> {
  const { objects } = await api.list('Pod', { namespace, labelSelector: labelSelector(name) }, signal);
  return objects.filter((pod) => explainForeignPod(name, pod, isSetForeign) === undefined);
}

/** Removes an object by its UID, so that another object that has its name by now stays. */
async function removeObject(
  { api, signal }: Removal,
  object: KubernetesObject,
  propagationPolicy: 'Background' | 'Foreground' = 'Background',
): Promise<void> {
  try {
    await api.remove(buildRef(object), { uid: object.metadata.uid, propagationPolicy }, signal);
  } catch (error) {
    if (!hasCode(error, 'APPLY_CONFLICT')) {
      throw error; // A conflict means that another object has the name: the intended object is deleted already.
    }
  }
}

/** Returns the objects among `objects` that still exist. */
async function readRemaining(
  run: Removal,
  target: Target,
  objects: readonly KubernetesObject[],
): Promise<readonly Remaining[]> {
  const { api, signal } = run;
  const byName = objects.filter(({ kind }) => kind !== 'PersistentVolumeClaim');
  const claims = byName.length === objects.length ? [] : await readClaims(run, target);
  const found = await Promise.all(byName.map(async (object) => await api.get(buildRef(object), signal)));
  const uids = new Set(objects.map(({ metadata }) => metadata.uid));
  return [...found.filter((object) => object !== undefined), ...claims]
    .filter(({ metadata }) => uids.has(metadata.uid))
    .map(describeRemaining);
}

/** Lists the claims by label, because permission to delete claims does not imply permission to get them. */
async function readClaims({ api, signal }: Removal, { namespace, name }: Target): Promise<readonly KubernetesObject[]> {
  const selection = { namespace, labelSelector: nameSelector(name) };
  return (await api.list('PersistentVolumeClaim', selection, signal)).objects;
}

function buildRef({ kind, metadata: { name, namespace = '' } }: KubernetesObject): ObjectRef {
  if (!isResourceKind(kind)) {
    throw new TypeError(`a ${kind} cannot be deleted`); // Only objects of known kinds are read.
  }
  return { kind, name, namespace };
}
