import { labelSelector, MANAGED_BY, nameSelector, RENDERED_ANNOTATION } from '../../cluster/labels.ts';
import { clusterNames, podOrdinal, SERVER_CONTAINER } from '../../cluster/names.ts';
import { isChangedByAdmission } from '../../drift/admission.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { listOf, recordOf, textOf } from '../../kubernetes/objects/json.ts';
import type { KubernetesObject } from '../../kubernetes/objects/object.ts';
import { decodePod, type Pod } from '../../kubernetes/objects/pod.ts';
import { decodeSecret, type Secret } from '../../kubernetes/objects/secret.ts';
import { decodeStatefulSet, type StatefulSet } from '../../kubernetes/objects/stateful-set.ts';
import type { ObjectList } from '../../kubernetes/watch.ts';
import { type StoredMaterial, storedMaterial } from '../../manifests/stored-material.ts';
import { isSameRelease } from '../../nats/mesh/version.ts';
import { FIELD_MANAGER } from '../rollout/applied.ts';
import { DEPLOYMENT_ANNOTATION, PROVED_ANNOTATION, type ProvedDeployment } from '../rollout/rollout.ts';
import { permitted } from './permitted.ts';

/** What is in the namespace of this deployment before anything is changed. */
export type LiveState = {
  readonly secrets: readonly Secret[];
  readonly stored: StoredMaterial;
  readonly statefulSet: StatefulSet | undefined;
  /**
   * The image of the server container, also of a StatefulSet that somebody else made; undefined when nothing runs. An
   * image that admission renamed is given as it was asked for.
   */
  readonly image: string | undefined;
  /** What `recordProof` recorded; undefined when nothing was proved yet. */
  readonly provedRevision: string | undefined;
  readonly provedDeployment: ProvedDeployment | undefined;
  readonly pods: readonly Pod[];
  /** As the pods were listed. */
  readonly podList: ObjectList;
  /** Ordinals of the per-pod Services that are ours. */
  readonly podServices: readonly number[];
  /** Those with a name of this deployment, but for Services and Secrets, that somebody else made. */
  readonly foreign: readonly KubernetesObject[];
  /** By `Kind/name`. */
  readonly objects: ReadonlyMap<string, KubernetesObject>;
};

/** Reads everything at once; the requests do not depend on each other. */
export async function readLiveState(
  api: KubernetesApi,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<LiveState> {
  const names = clusterNames(name);
  const selection = { namespace, labelSelector: nameSelector(name) };
  const [secretList, serviceList, podList, found, budget, ...optional] = await Promise.all([
    api.list('Secret', selection, signal),
    api.list('Service', selection, signal),
    api.list('Pod', { namespace, labelSelector: labelSelector(name) }, signal),
    api.get({ kind: 'StatefulSet', name: names.statefulSet, namespace }, signal),
    api.get({ kind: 'PodDisruptionBudget', name: names.podDisruptionBudget, namespace }, signal),
    permitted(api.get({ kind: 'NetworkPolicy', name: names.networkPolicy, namespace }, signal)),
    permitted(api.get({ kind: 'PodMonitor', name: names.podMonitor, namespace }, signal)),
  ]);
  const secretObjects = secretList.objects.filter(isOurs);
  const services = serviceList.objects.filter(isOurs);
  const secrets = secretObjects.map(decodeSecret);
  const named = [found, budget, ...optional].filter((object) => object !== undefined);
  const single = named.filter(isOurs);
  const set = found !== undefined && isOurs(found) ? found : undefined;
  const all = [
    ...secretObjects.map((object) => ({ kind: 'Secret', object })),
    ...services.map((object) => ({ kind: 'Service', object })),
    ...single.map((object) => ({ kind: object.kind, object })),
  ];
  const proved = provedDeployment(set?.metadata.annotations[DEPLOYMENT_ANNOTATION]);
  return {
    secrets,
    stored: storedMaterial(name, secrets),
    statefulSet: set === undefined ? undefined : decodeStatefulSet(set),
    image: found === undefined ? undefined : askedImage(found, proved?.image),
    provedRevision: set?.metadata.annotations[PROVED_ANNOTATION],
    provedDeployment: proved,
    pods: podList.objects.map(decodePod),
    podList,
    podServices: services.flatMap(({ metadata }) => podOrdinal(name, metadata.name) ?? []),
    foreign: named.filter((object) => !isOurs(object)),
    objects: new Map(all.map(({ kind, object }) => [`${kind}/${object.metadata.name}`, object])),
  };
}

/** One whose label was taken away by hand is still known by who applied it, and one that Helm installed by its mark. */
function isOurs({ metadata: { labels, annotations, managedFields } }: KubernetesObject): boolean {
  const isApplied = managedFields.some(({ manager, operation }) => manager === FIELD_MANAGER && operation === 'Apply');
  return (
    labels['app.kubernetes.io/managed-by'] === MANAGED_BY || isApplied || annotations[RENDERED_ANNOTATION] !== undefined
  );
}

/** What is there no more, or was edited into something else, cannot be brought back. */
function provedDeployment(text: string | undefined): ProvedDeployment | undefined {
  const { image, settings, configuration, release, verified } = recordOf(
    text === undefined ? undefined : parsedJson(text),
  );
  if (typeof image !== 'string' || typeof settings !== 'string') return undefined;
  return {
    image,
    settings,
    ...(typeof configuration === 'string' ? { configuration } : {}),
    ...(typeof release === 'string' ? { release } : {}),
    ...verification(verified),
  };
}

/** Longer than the URL of any run. */
const MAX_RUN_LENGTH = 300;

function verification(value: unknown): Pick<ProvedDeployment, 'verified'> {
  const { at, by } = recordOf(value);
  const isDate = typeof at === 'string' && !Number.isNaN(Date.parse(at));
  return isDate && typeof by === 'string'
    ? { verified: { at: new Date(at).toISOString(), by: by.slice(0, MAX_RUN_LENGTH) } }
    : {};
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Edited by hand: nothing to go by.
  }
}

/** Returns the image that was `asked` for last where admission gave it another name, else the image in the object. */
function askedImage(set: KubernetesObject, asked: string | undefined): string | undefined {
  const stored = serverImage(set.spec);
  if (asked === undefined || stored === undefined || stored === asked) return stored;
  const isAdmitted = isChangedByAdmission(
    set,
    `spec.template.spec.containers[${SERVER_CONTAINER}].image`,
    FIELD_MANAGER,
  );
  return isAdmitted && isSameRelease(asked, stored) ? asked : stored;
}

/** The image of the server in the pod template. */
function serverImage(spec: unknown): string | undefined {
  const podSpec = recordOf(recordOf(recordOf(spec)['template'])['spec']);
  const server = listOf(podSpec['containers'])
    .map(recordOf)
    .find(({ name }) => name === SERVER_CONTAINER);
  return textOf(server?.['image']);
}
