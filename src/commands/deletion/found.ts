import { labelSelector, selectorLabels, selectorText } from '../../cluster/labels.ts';
import { clusterNames, configurationSecretName } from '../../cluster/names.ts';
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

/** Reads everything at once, and nothing of what it holds: also what a run left half-written is to be found. */
export async function readFound(
  api: Pick<KubernetesApi, 'get' | 'list'>,
  { namespace, name }: Target,
  signal: AbortSignal,
): Promise<Found> {
  const labelled = { namespace, labelSelector: labelSelector(name) };
  const volumes = { namespace, labelSelector: selectorText(selectorLabels(name)) };
  const [secrets, services, pods, claims, lease, record, set, ...named] = await Promise.all([
    api.list('Secret', labelled, signal),
    api.list('Service', labelled, signal),
    api.list('Pod', labelled, signal),
    permitted(api.list('PersistentVolumeClaim', volumes, signal)),
    api.get({ kind: 'Lease', name: clusterNames(name).lease, namespace }, signal),
    readPreview(api, namespace, name, signal),
    api.get({ kind: 'StatefulSet', name: clusterNames(name).statefulSet, namespace }, signal),
    ...requiredRefs(name, namespace).map(async (ref) => await api.get(ref, signal)),
    ...optionalRefs(name, namespace).map(async (ref) => await permitted(api.get(ref, signal))),
  ]);
  const single = [...secrets.objects, ...services.objects, ...named.filter((object) => object !== undefined)];
  const objects = [...new Map(single.map((object) => [keyOf(object), object])).values()];
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

/** Nobody knows any more how many servers there were, nor which clients had certificates: these names are known. */
function requiredRefs(name: string, namespace: string): readonly ObjectRef[] {
  const names = clusterNames(name);
  const services = [names.service, names.headlessService];
  const secrets = [
    configurationSecretName(name, 0),
    names.clientSecret,
    names.systemSecret,
    names.authoritiesSecret,
    names.clientTlsSecret,
    names.serverTlsSecret,
    names.routesTlsSecret,
  ];
  return [
    ...services.map((service): ObjectRef => ({ kind: 'Service', name: service, namespace })),
    ...secrets.map((secret): ObjectRef => ({ kind: 'Secret', name: secret, namespace })),
    { kind: 'PodDisruptionBudget', name: names.podDisruptionBudget, namespace },
  ];
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
