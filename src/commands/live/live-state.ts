import {
  clusterNames,
  configurationSecretName,
  isOrphaned,
  labelSelector,
  nameSelector,
  parsePodOrdinal,
} from '../../cluster/names.ts';
import { canOwn, isOwnedKind } from '../../cluster/owned-names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { hasCode } from '../../errors/action-error.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { ObjectList } from '../../kubernetes/watch.ts';
import { listOverrideTargets } from '../../manifests/overridden.ts';
import { decodeStoredMaterial, type StoredMaterial } from '../../manifests/stored-material.ts';
import { type KubernetesObject, objectKey } from '../../objects/object.ts';
import { decodePod, type Pod } from '../../objects/pod.ts';
import { decodeSecret, type Secret } from '../../objects/secret.ts';
import { decodeStatefulSet, type StatefulSet } from '../../objects/stateful-set.ts';
import { determineOwnership, isWritable, type Ownership, readDeploymentName } from './ownership.ts';
import {
  DEPLOYMENT_ANNOTATION,
  readAskedImage,
  readVerifiedDeployment,
  VERIFIED_ANNOTATION,
  type VerifiedDeployment,
} from './verified-deployment.ts';

/**
 * Returns undefined when reading is forbidden. An object that may not be read was not made by this Action: credentials
 * need rights only for the options in use.
 */
export async function readIfPermitted<Value>(reading: Promise<Value | undefined>): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (hasCode(error, 'FORBIDDEN')) {
      return undefined;
    }
    throw error;
  }
}

/** An object under a name that this deployment uses or could use, and that does not belong to this deployment. */
export type OtherObject = { readonly object: KubernetesObject; readonly ownership: Ownership };

/** The state of the namespace of this deployment before any change. */
export type LiveState = {
  readonly secrets: readonly Secret[];
  readonly stored: StoredMaterial;
  readonly statefulSet: StatefulSet | undefined;
  /**
   * The image of the server container, also of a StatefulSet that this deployment did not make; undefined without a
   * StatefulSet. If admission changed the name of the image, this is the name that was asked for.
   */
  readonly image: string | undefined;
  /** The revision that `recordProof` recorded; undefined when nothing was verified yet. */
  readonly verifiedRevision: string | undefined;
  readonly verifiedDeployment: VerifiedDeployment | undefined;
  readonly pods: readonly Pod[];
  /** The pods as they were listed. */
  readonly podList: ObjectList;
  /** The ordinals of the per-pod Services that are ours. */
  readonly podServices: readonly number[];
  /** The objects under the names of this deployment that do not belong to it. Secrets come without content. */
  readonly others: readonly OtherObject[];
  /** The foreign objects that this run takes over, by `Kind/name`. */
  readonly taken: ReadonlyMap<string, KubernetesObject>;
  /** The names of other deployments of this Action in the namespace. */
  readonly neighbours: readonly string[];
  /** The objects of this deployment, by `Kind/name`. */
  readonly objects: ReadonlyMap<string, KubernetesObject>;
};

/**
 * Reads everything at once, because the requests do not depend on each other. Looks at Services and Secrets by name
 * too, not by label alone, because the objects of another deployment have other labels. Reads only the metadata of
 * Secrets that do not have the labels of this deployment.
 */
export async function readLiveState(
  api: KubernetesApi,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<LiveState> {
  const names = clusterNames(name);
  const selection = { namespace, labelSelector: nameSelector(name) };
  const [secretList, allSecrets, serviceList, podList, found, budget, ...optional] = await Promise.all([
    api.list('Secret', selection, signal),
    api.list('Secret', { namespace, metadataOnly: true }, signal),
    api.list('Service', { namespace }, signal),
    api.list('Pod', { namespace, labelSelector: labelSelector(name) }, signal),
    api.get({ kind: 'StatefulSet', name: names.statefulSet, namespace }, signal),
    api.get({ kind: 'PodDisruptionBudget', name: names.podDisruptionBudget, namespace }, signal),
    readIfPermitted(api.get({ kind: 'NetworkPolicy', name: names.networkPolicy, namespace }, signal)),
    readIfPermitted(api.get({ kind: 'PodMonitor', name: names.podMonitor, namespace }, signal)),
  ]);
  const bare = selectWithoutContent(allSecrets.objects, secretList.objects);
  const single = [found, budget, ...optional].filter((object) => object !== undefined);
  const owned = [...secretList.objects, ...bare, ...serviceList.objects, ...single].flatMap((object) =>
    isUnderOwnName(name, object) ? [{ object, ownership: determineOwnership(name, object) }] : [],
  );
  const ours = owned.filter(({ ownership }) => isWritable(ownership)).map(({ object }) => object);
  const objects = await readContents(api, ours, bare, signal);
  return {
    ...decodeOwnObjects(name, objects, found),
    pods: podList.objects.map(decodePod),
    podList,
    others: owned.filter(({ ownership }) => !isWritable(ownership)),
    taken: new Map(),
    neighbours: findNeighbours(name, [...allSecrets.objects, ...serviceList.objects]),
    objects,
  };
}

/**
 * Reads the objects that were listed without their content: Secrets whose labels were removed by hand. Returns all
 * objects by `Kind/name`.
 */
async function readContents(
  api: KubernetesApi,
  listed: readonly KubernetesObject[],
  bare: ReadonlySet<KubernetesObject>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, KubernetesObject>> {
  const read = await Promise.all(
    listed.map(async (object) => {
      const { name, namespace = '' } = object.metadata;
      return bare.has(object) ? await api.get({ kind: 'Secret', name, namespace }, signal) : object;
    }),
  );
  return new Map(read.flatMap((object) => (object === undefined ? [] : [[objectKey(object), object] as const])));
}

/** Decodes the objects of the deployment. `found` is the StatefulSet of its name, which may belong to another owner. */
function decodeOwnObjects(
  name: string,
  objects: ReadonlyMap<string, KubernetesObject>,
  found: KubernetesObject | undefined,
): Omit<LiveState, 'pods' | 'podList' | 'others' | 'taken' | 'neighbours' | 'objects'> {
  const secrets = [...objects.values()].filter(({ kind }) => kind === 'Secret').map(decodeSecret);
  const set = objects.get(`StatefulSet/${clusterNames(name).statefulSet}`);
  const verifiedDeployment = readVerifiedDeployment(set?.metadata.annotations[DEPLOYMENT_ANNOTATION]);
  return {
    secrets,
    stored: decodeStoredMaterial(name, secrets),
    statefulSet: set === undefined ? undefined : decodeStatefulSet(set),
    image: found === undefined ? undefined : readAskedImage(found, verifiedDeployment?.image),
    verifiedRevision: set?.metadata.annotations[VERIFIED_ANNOTATION],
    verifiedDeployment,
    podServices: findPodServices(name, objects),
  };
}

/** Returns the objects of `all` that are not in `read`. */
function selectWithoutContent(
  all: readonly KubernetesObject[],
  read: readonly KubernetesObject[],
): ReadonlySet<KubernetesObject> {
  const known = new Set(read.map(({ metadata }) => metadata.name));
  return new Set(all.filter(({ metadata }) => !known.has(metadata.name)));
}

function isUnderOwnName(name: string, { kind, metadata }: KubernetesObject): boolean {
  return isOwnedKind(kind) && canOwn(name, { kind, name: metadata.name });
}

function findPodServices(name: string, objects: ReadonlyMap<string, KubernetesObject>): readonly number[] {
  const services = [...objects.values()].filter(({ kind }) => kind === 'Service');
  return services.flatMap(({ metadata }) => parsePodOrdinal(name, metadata.name) ?? []);
}

function findNeighbours(name: string, objects: readonly KubernetesObject[]): readonly string[] {
  const names = new Set(objects.flatMap((object) => readDeploymentName(object) ?? []));
  return [...names].filter((other) => other !== name).toSorted();
}

/**
 * Checks whether servers run. A run that was killed while it replaced the StatefulSet leaves pods without a
 * StatefulSet.
 */
export function isRunning({ statefulSet, pods }: Pick<LiveState, 'statefulSet' | 'pods'>): boolean {
  return statefulSet !== undefined || pods.some(isOrphaned);
}

/**
 * Checks whether the deployment writes an object of this kind and name, in this run or with its next rolling change.
 */
export function isWritten(spec: ClusterSpec, { kind, metadata: { name } }: KubernetesObject): boolean {
  const configuration = `${configurationSecretName(spec.name, 0)}-`;
  return (
    listOverrideTargets(spec).some((target) => target.kind === kind && target.name === name) ||
    (kind === 'Secret' && name.startsWith(configuration) && /^\d+$/.test(name.slice(configuration.length)))
  );
}

/** Returns the objects that the deployment would write and does not own. */
export function findOthersInTheWay(spec: ClusterSpec, { others }: Pick<LiveState, 'others'>): readonly OtherObject[] {
  return others.filter(({ object }) => isWritten(spec, object));
}
