import { clusterNames, labelSelector, nameSelector, objectLabels } from '../../cluster/names.ts';
import { canOwn, isOwnedKind } from '../../cluster/owned-names.ts';
import type { Preview } from '../../cluster/preview.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { ObjectRef } from '../../kubernetes/resources.ts';
import { type KubernetesObject, objectKey } from '../../objects/object.ts';
import type { LeftObject } from '../../report/reports.ts';
import { readIfPermitted } from '../live/live-state.ts';
import { explainForeign, explainForeignClaim, explainForeignPod } from '../live/ownership.ts';
import { readPreview } from '../live/preview-record.ts';

/** A deployment to delete. */
export type Target = {
  readonly namespace: string;
  readonly name: string;
  /** Whether the volumes of the servers are deleted too. */
  readonly volumes: boolean;
};

/** The objects under the names of a deployment. All of them are ours, except `foreign`. */
export type Found = {
  readonly statefulSet: KubernetesObject | undefined;
  /** Whether another owner has the StatefulSet of this name. */
  readonly isSetForeign: boolean;
  readonly pods: readonly KubernetesObject[];
  /** Every other object except volumes and locks. */
  readonly objects: readonly KubernetesObject[];
  /** The volumes of servers, whether the servers exist or not. */
  readonly claims: readonly KubernetesObject[];
  /** The Lease that records the deployment as a preview. */
  readonly preview: Preview | undefined;
  /** Whether a run has the lock, or had it when it was killed. */
  readonly isLocked: boolean;
  readonly foreign: readonly LeftObject[];
};

type ExplainedObject = { readonly object: KubernetesObject; readonly why: string | undefined };

/**
 * Reads all objects at once and uses none of their content, because a run may have left them incomplete. Services and
 * Secrets are found by name as well as by label, so that the report lists an object of another deployment as kept.
 */
export async function readFound(
  api: Pick<KubernetesApi, 'get' | 'list'>,
  { namespace, name }: Target,
  signal: AbortSignal,
): Promise<Found> {
  const names = clusterNames(name);
  const volumes = { namespace, labelSelector: nameSelector(name) };
  const [secrets, services, pods, claims, lease, record, set, ...named] = await Promise.all([
    api.list('Secret', { namespace, metadataOnly: true }, signal),
    api.list('Service', { namespace }, signal),
    api.list('Pod', { namespace, labelSelector: labelSelector(name) }, signal),
    readIfPermitted(api.list('PersistentVolumeClaim', volumes, signal)),
    api.get({ kind: 'Lease', name: names.lease, namespace }, signal),
    readPreview(api, namespace, name, signal),
    api.get({ kind: 'StatefulSet', name: names.statefulSet, namespace }, signal),
    api.get({ kind: 'PodDisruptionBudget', name: names.podDisruptionBudget, namespace }, signal),
    ...listOptionalRefs(name, namespace).map(async (ref) => await readIfPermitted(api.get(ref, signal))),
  ]);
  const listed = [...secrets.objects, ...services.objects];
  const objects = [
    ...listed.filter((object) => isLabelled(name, object)),
    ...[...services.objects, ...secrets.objects].filter((object) => !isLabelled(name, object) && isNamed(name, object)),
    ...named.filter((object) => object !== undefined),
  ];
  const isSetForeign = set !== undefined && explainForeign(name, set) !== undefined;
  const explainedSet = explainAll(set === undefined ? [] : [set], (object) => explainForeign(name, object));
  const explainedObjects = explainAll(objects, (object) => explainForeign(name, object));
  const explainedPods = explainAll(pods.objects, (pod) => explainForeignPod(name, pod, isSetForeign));
  const explainedClaims = explainAll(claims?.objects ?? [], (claim) => explainForeignClaim(name, claim));
  return {
    statefulSet: selectOurs(explainedSet)[0],
    isSetForeign,
    pods: selectOurs(explainedPods),
    objects: selectOurs(explainedObjects),
    claims: selectOurs(explainedClaims),
    preview: record.preview,
    isLocked: lease !== undefined,
    foreign: listForeign([...explainedSet, ...explainedObjects, ...explainedPods, ...explainedClaims]),
  };
}

/** Checks whether there is nothing to delete, and no lock of a run that may be making the deployment. */
export function isNothing(
  { statefulSet, pods, objects, claims, preview, isLocked }: Found,
  { volumes }: Target,
): boolean {
  const all = [...pods, ...objects, ...(volumes ? claims : [])];
  return statefulSet === undefined && preview === undefined && all.length === 0 && !isLocked;
}

/** Returns the objects that stay, each with the reason. */
export function listLeft({ foreign, claims }: Found, { volumes }: Target): readonly LeftObject[] {
  const why = 'it may hold streams; `allow: delete-volumes` deletes it';
  return [...foreign, ...(volumes ? [] : claims.map((claim) => ({ object: objectKey(claim), why })))];
}

/**
 * Checks whether the name can belong to the deployment. The earlier number of servers and the clients with certificates
 * are unknown, so every possible name counts.
 */
function isNamed(name: string, { kind, metadata }: KubernetesObject): boolean {
  return isOwnedKind(kind) && canOwn(name, { kind, name: metadata.name });
}

function isLabelled(name: string, { metadata: { labels } }: KubernetesObject): boolean {
  return Object.entries(objectLabels(name)).every(([key, value]) => labels[key] === value);
}

function listOptionalRefs(name: string, namespace: string): readonly ObjectRef[] {
  const { networkPolicy, podMonitor } = clusterNames(name);
  return [
    { kind: 'NetworkPolicy', name: networkPolicy, namespace },
    { kind: 'PodMonitor', name: podMonitor, namespace },
  ];
}

function explainAll(
  objects: readonly KubernetesObject[],
  because: (object: KubernetesObject) => string | undefined,
): readonly ExplainedObject[] {
  return objects.map((object) => ({ object, why: because(object) }));
}

function selectOurs(all: readonly ExplainedObject[]): readonly KubernetesObject[] {
  return all.flatMap(({ object, why }) => (why === undefined ? [object] : []));
}

function listForeign(all: readonly ExplainedObject[]): readonly LeftObject[] {
  return all.flatMap(({ object, why }) => (why === undefined ? [] : [{ object: objectKey(object), why }]));
}
