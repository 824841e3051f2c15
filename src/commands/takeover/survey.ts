import { labelSelector, parsePodOrdinal, podNames } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { buildServersManifest, INITIAL_ROLLOUT } from '../../manifests/manifests.ts';
import { recordOf, recordsOf, textOf } from '../../objects/json.ts';
import type { KubernetesObject } from '../../objects/object.ts';
import { decodePod, type Pod } from '../../objects/pod.ts';
import { findLeftoverKeys, removeSecretKeys } from '../live/applier.ts';
import { isWritten, type LiveState, readIfPermitted } from '../live/live-state.ts';
import { determineOwnership, explainOtherDeployment, isWritable } from '../live/ownership.ts';

/**
 * Removes the keys of other owners from the Secrets that were taken over, once none of the owners' servers reads them
 * any more. Returns the removed keys.
 */
export async function removeLeftoverKeys(
  api: Pick<KubernetesApi, 'list' | 'patch'>,
  { name, namespace }: ClusterSpec,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { objects } = await api.list('Secret', { namespace, labelSelector: labelSelector(name) }, signal);
  const own = objects.filter((secret) => determineOwnership(name, secret).kind === 'ours');
  const leftovers = own
    .map((secret) => ({ secret, keys: findLeftoverKeys(secret) }))
    .filter(({ keys }) => keys.length > 0);
  await Promise.all(leftovers.map(async ({ secret, keys }) => await removeSecretKeys(api, secret, keys, signal)));
  return leftovers.flatMap(({ secret, keys }) => keys.map((key) => `Secret/${secret.metadata.name} ${key}`));
}

/** The objects of other owners under the names of this deployment. */
export type Foreign = {
  /** The objects by `Kind/name`. */
  readonly objects: ReadonlyMap<string, KubernetesObject>;
  /** The pods in the order of their ordinals. */
  readonly pods: readonly Pod[];
  /**
   * The volumes of another deployment that the servers of this deployment would mount, each with the reason why it
   * belongs to the other deployment.
   */
  readonly claims: ReadonlyMap<string, string>;
};

type ApiAccess = { readonly api: KubernetesApi; readonly signal: AbortSignal };

/**
 * Returns every object under a name that this deployment would write, run or mount and that it does not own. Pods and
 * volumes are read only if servers are added, because those of running servers are known from their StatefulSet.
 */
export async function readForeignObjects(
  { api, signal }: ApiAccess,
  spec: ClusterSpec,
  live: LiveState,
): Promise<Foreign> {
  const { namespace } = spec;
  const found = live.others.map(({ object }) => object).filter((object) => isWritten(spec, object));
  const servers = live.statefulSet?.desiredReplicas ?? 0;
  const templates = listClaimTemplates(spec);
  const [objects, pods, claims] = await Promise.all([
    Promise.all(found.map(async (object) => await readContent({ api, signal }, namespace, object))),
    servers < spec.replicas ? readForeignPods({ api, signal }, spec, live) : [],
    servers < spec.replicas && templates.length > 0
      ? readForeignClaims({ api, signal }, spec, templates)
      : new Map<string, string>(),
  ]);
  return {
    objects: new Map(objects.map((object) => [`${object.kind}/${object.metadata.name}`, object])),
    pods,
    claims,
  };
}

/**
 * Reads the content of a Secret of another owner. The list does not contain it, and a takeover compares it with the new
 * content.
 */
async function readContent(
  { api, signal }: ApiAccess,
  namespace: string,
  object: KubernetesObject,
): Promise<KubernetesObject> {
  if (object.kind !== 'Secret') return object;
  return (await api.get({ kind: 'Secret', name: object.metadata.name, namespace }, signal)) ?? object;
}

async function readForeignPods(
  { api, signal }: ApiAccess,
  spec: ClusterSpec,
  live: LiveState,
): Promise<readonly Pod[]> {
  const { objects } = await api.list('Pod', { namespace: spec.namespace }, signal);
  const own = new Set(live.pods.map(({ uid }) => uid));
  return objects
    .filter(
      (pod) =>
        hasNameOfNewServer(spec, live, pod.metadata.name) &&
        !own.has(pod.metadata.uid) &&
        !isWritable(determineOwnership(spec.name, pod)),
    )
    .map(decodePod)
    .toSorted((left, right) => left.name.localeCompare(right.name, 'en', { numeric: true }));
}

/**
 * Checks whether a pod has the name of a server that this deployment would add. If this deployment has a StatefulSet,
 * only ordinals below `replicas` count. Otherwise every ordinal counts, because the pod may be taken over.
 */
function hasNameOfNewServer({ name, replicas }: ClusterSpec, { statefulSet }: LiveState, pod: string): boolean {
  const ordinal = parsePodOrdinal(name, pod);
  return ordinal !== undefined && (statefulSet === undefined || ordinal < replicas);
}

/** Returns the claims of other deployments that the servers would mount; none without the right to list claims. */
async function readForeignClaims(
  { api, signal }: ApiAccess,
  spec: ClusterSpec,
  templates: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const claims = await readIfPermitted(api.list('PersistentVolumeClaim', { namespace: spec.namespace }, signal));
  const mounted = new Set(podNames(spec).flatMap((pod) => templates.map((template) => `${template}-${pod}`)));
  const found = (claims?.objects ?? []).flatMap((claim) => {
    const { name } = claim.metadata;
    const why = mounted.has(name) ? explainOtherDeployment(spec.name, claim) : undefined;
    return why === undefined ? [] : [[`PersistentVolumeClaim/${name}`, why] as const];
  });
  return new Map(found);
}

/** Returns the names of the volume claim templates of every server, including those of overrides. */
function listClaimTemplates(spec: ClusterSpec): readonly string[] {
  const { volumeClaimTemplates } = recordOf(buildServersManifest(spec, INITIAL_ROLLOUT)['spec']);
  return recordsOf(volumeClaimTemplates).flatMap(({ metadata }) => textOf(recordOf(metadata)['name']) ?? []);
}
