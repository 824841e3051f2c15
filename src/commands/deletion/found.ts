import { labelSelector, objectLabels, selectorLabels, selectorText } from '../../cluster/labels.ts';
import { clusterNames } from '../../cluster/names.ts';
import { canOwn, isOwnedKind } from '../../cluster/owned-names.ts';
import type { Preview } from '../../cluster/preview.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { KubernetesObject } from '../../kubernetes/objects/object.ts';
import type { ObjectRef } from '../../kubernetes/resources.ts';
import type { LeftObject } from '../../report/deletion-report.ts';
import { foreignBecause, foreignClaimBecause, foreignPodBecause } from '../ownership.ts';
import { permitted } from '../preflight/permitted.ts';
import { readPreview } from '../previews/record.ts';

/** A deployment that is to go. */
export type Target = {
  readonly namespace: string;
  readonly name: string;
  /** Whether its volumes go too. */
  readonly volumes: boolean;
};

/** What there is under the names of a deployment: all of it ours, but for `foreign`. */
export type Found = {
  readonly statefulSet: KubernetesObject | undefined;
  /** Somebody else has the StatefulSet of this name. */
  readonly isSetForeign: boolean;
  readonly pods: readonly KubernetesObject[];
  /** Everything else but volumes and locks. */
  readonly objects: readonly KubernetesObject[];
  /** Volumes of servers, whether these are there or not. */
  readonly claims: readonly KubernetesObject[];
  /** By which it is known as a preview. */
  readonly preview: Preview | undefined;
  /** Whether a run has the lock, or had it when it was killed. */
  readonly isLocked: boolean;
  readonly foreign: readonly LeftObject[];
};

type Judged = { readonly object: KubernetesObject; readonly why: string | undefined };

/**
 * Reads everything at once, and nothing of what it holds: also what a run left half-written is to be found. Services and
 * Secrets are found by name as well as by label, so that the report says of an object of another deployment that it stays.
 */
export async function readFound(
  api: Pick<KubernetesApi, 'get' | 'list'>,
  { namespace, name }: Target,
  signal: AbortSignal,
): Promise<Found> {
  const volumes = { namespace, labelSelector: selectorText(selectorLabels(name)) };
  const [secrets, services, pods, claims, lease, record, set, ...named] = await Promise.all([
    api.list('Secret', { namespace, metadataOnly: true }, signal),
    api.list('Service', { namespace }, signal),
    api.list('Pod', { namespace, labelSelector: labelSelector(name) }, signal),
    permitted(api.list('PersistentVolumeClaim', volumes, signal)),
    api.get({ kind: 'Lease', name: clusterNames(name).lease, namespace }, signal),
    readPreview(api, namespace, name, signal),
    api.get({ kind: 'StatefulSet', name: clusterNames(name).statefulSet, namespace }, signal),
    api.get({ kind: 'PodDisruptionBudget', name: clusterNames(name).podDisruptionBudget, namespace }, signal),
    ...optionalRefs(name, namespace).map(async (ref) => await permitted(api.get(ref, signal))),
  ]);
  const listed = [...secrets.objects, ...services.objects];
  const objects = [
    ...listed.filter((object) => isLabelled(name, object)),
    ...[...services.objects, ...secrets.objects].filter((object) => !isLabelled(name, object) && isNamed(name, object)),
    ...named.filter((object) => object !== undefined),
  ];
  const isSetForeign = set !== undefined && foreignBecause(name, set) !== undefined;
  const judgedSet = judged(set === undefined ? [] : [set], (object) => foreignBecause(name, object));
  const judgedObjects = judged(objects, (object) => foreignBecause(name, object));
  const judgedPods = judged(pods.objects, (pod) => foreignPodBecause(name, pod, isSetForeign));
  const judgedClaims = judged(claims?.objects ?? [], (claim) => foreignClaimBecause(name, claim));
  return {
    statefulSet: ours(judgedSet)[0],
    isSetForeign,
    pods: ours(judgedPods),
    objects: ours(judgedObjects),
    claims: ours(judgedClaims),
    preview: record.preview,
    isLocked: lease !== undefined,
    foreign: [...judgedSet, ...judgedObjects, ...judgedPods, ...judgedClaims].flatMap(({ object, why }) =>
      why === undefined ? [] : [{ object: keyOf(object), why }],
    ),
  };
}

/** Whether a run has nothing to delete, and no other run to wait for that may be making it. */
export function isNothing(
  { statefulSet, pods, objects, claims, preview, isLocked }: Found,
  { volumes }: Target,
): boolean {
  const all = [...pods, ...objects, ...(volumes ? claims : [])];
  return statefulSet === undefined && preview === undefined && all.length === 0 && !isLocked;
}

/** What stays, and why. */
export function leftOf({ foreign, claims }: Found, { volumes }: Target): readonly LeftObject[] {
  const why = 'it may hold streams; allow: delete-volumes deletes it';
  return [...foreign, ...(volumes ? [] : claims.map((claim) => ({ object: keyOf(claim), why })))];
}

export function keyOf({ kind, metadata }: KubernetesObject): string {
  return `${kind}/${metadata.name}`;
}

/** Nobody knows any more how many servers there were, nor which clients had certificates: all names there can be count. */
function isNamed(name: string, { kind, metadata }: KubernetesObject): boolean {
  return isOwnedKind(kind) && canOwn(name, { kind, name: metadata.name });
}

function isLabelled(name: string, { metadata: { labels } }: KubernetesObject): boolean {
  return Object.entries(objectLabels(name)).every(([key, value]) => labels[key] === value);
}

function optionalRefs(name: string, namespace: string): readonly ObjectRef[] {
  const { networkPolicy, podMonitor } = clusterNames(name);
  return [
    { kind: 'NetworkPolicy', name: networkPolicy, namespace },
    { kind: 'PodMonitor', name: podMonitor, namespace },
  ];
}

function judged(
  objects: readonly KubernetesObject[],
  because: (object: KubernetesObject) => string | undefined,
): readonly Judged[] {
  return objects.map((object) => ({ object, why: because(object) }));
}

function ours(all: readonly Judged[]): readonly KubernetesObject[] {
  return all.flatMap(({ object, why }) => (why === undefined ? [object] : []));
}
