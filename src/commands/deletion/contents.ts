import { isActionError } from '../../errors/action-error.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { listNamespacedKinds, type NamespacedKind } from '../../kubernetes/namespaced-kinds.ts';
import { METADATA_LIST } from '../../kubernetes/object-reads.ts';
import { isRecord, listOf, recordOf, textOf } from '../../objects/json.ts';
import { decodeObject, type KubernetesObject, type OwnerReference } from '../../objects/object.ts';
import { decodeSecret } from '../../objects/secret.ts';
import { excludeOwnRights } from './own-rights.ts';

/**
 * The names, by kind, of the objects that Kubernetes, OpenShift and Istio put into every namespace of some clusters.
 */
const AUTOMATIC_NAMES: Readonly<Record<string, readonly string[]>> = {
  ConfigMap: ['kube-root-ca.crt', 'openshift-service-ca.crt', 'istio-ca-root-cert'],
  ServiceAccount: ['default', 'builder', 'deployer'],
  RoleBinding: ['system:image-pullers', 'system:image-builders', 'system:deployers'],
};

const AUTOMATIC_SECRET_TYPES = ['kubernetes.io/service-account-token', 'kubernetes.io/dockercfg'];

/** The label of the objects that the Operator Lifecycle Manager installed and copies into every namespace. */
const COPIED_LABEL = 'olm.copiedFrom';

/**
 * Checks whether an object does not count as content: the cluster puts it into every namespace, or it is deleted with
 * its owners. `namespaced` holds the namespaced kinds, for example `apps/StatefulSet`. An owner of such a kind is
 * listed itself or was deleted. An object with a cluster-scoped owner counts as content.
 */
function isIgnored(object: KubernetesObject, namespaced: ReadonlySet<string>): boolean {
  const { kind, metadata } = object;
  const { ownerReferences, labels, name } = metadata;
  if (ownerReferences.length > 0 && ownerReferences.every((owner) => namespaced.has(qualifyKind(owner)))) return true;
  if (labels[COPIED_LABEL] !== undefined) return true;
  if (kind === 'Secret') return AUTOMATIC_SECRET_TYPES.includes(decodeSecret(object).type);
  return AUTOMATIC_NAMES[kind]?.includes(name) ?? false;
}

function qualifyKind({ apiVersion, kind }: OwnerReference): string {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return `${group}/${kind}`;
}

/** The content of a namespace, without the objects that every namespace of the cluster has. */
export type Contents = {
  readonly objects: readonly KubernetesObject[];
  /** The kinds that could not be listed, as `roles.rbac.authorization.k8s.io`, and the groups that did not answer. */
  readonly unread: readonly string[];
};

/** The kinds of objects that Kubernetes writes about other objects. They do not count as content. */
const REPORTING_KINDS: readonly string[] = ['Event', 'Endpoints', 'EndpointSlice'];

const AT_ONCE = 10;
const PAGE = '500';

/** Lists the objects of every kind, including the custom kinds of operators. Reads only the metadata of each object. */
export async function readContents(
  api: Pick<KubernetesApi, 'request'>,
  namespace: string,
  signal: AbortSignal,
): Promise<Contents> {
  const { kinds, silent } = await listNamespacedKinds(api.request, signal);
  const objects: KubernetesObject[] = [];
  const unread = [...silent];
  const namespaced = new Set(kinds.map(({ group, kind }) => `${group}/${kind}`));
  const queue = kinds.filter(({ kind }) => !REPORTING_KINDS.includes(kind)).values();
  const work = async (): Promise<void> => {
    for (const kind of queue) {
      const found = await readFirstPage(api, namespace, kind, (object) => !isIgnored(object, namespaced), signal);
      objects.push(...(found ?? []));
      if (found === undefined) unread.push(kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { objects: await excludeOwnRights(api, namespace, objects, signal), unread: unread.toSorted() };
}

/** Returns the wanted objects of the first page that has any; undefined when the kind cannot be listed. */
async function readFirstPage(
  api: Pick<KubernetesApi, 'request'>,
  namespace: string,
  { group, version, kind, plural }: NamespacedKind,
  isSought: (object: KubernetesObject) => boolean,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[] | undefined> {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const path = `${root}/namespaces/${encodeURIComponent(namespace)}/${plural}`;
  const apiVersion = group === '' ? version : `${group}/${version}`;
  const accept = [403, 404, 405, 406, 410, 500, 503];
  for (let token: string | undefined; ; ) {
    const query = { limit: PAGE, continue: token, fieldSelector: group === '' ? FIELD_SELECTORS[plural] : undefined };
    const asked = { method: 'GET', path, query, mediaType: METADATA_LIST, accept, signal } as const;
    const { status, body } = await api.request(asked).catch((error: unknown) => acceptUnreadable(error, signal));
    if (status !== 200) return undefined;
    const page = recordOf(body);
    const found = listOf(page['items'])
      .map((item) => decodeObject(isRecord(item) ? { ...item, apiVersion, kind } : item))
      .filter(isSought);
    token = textOf(recordOf(page['metadata'])['continue']) || undefined;
    if (found.length > 0 || token === undefined) return found;
  }
}

/**
 * The field selectors by plural resource name. They leave out the Secrets that Kubernetes makes itself, because the
 * listed metadata does not contain the type of a Secret.
 */
const FIELD_SELECTORS: Readonly<Record<string, string>> = {
  secrets: ['kubernetes.io/service-account-token', 'kubernetes.io/dockercfg'].map((type) => `type!=${type}`).join(','),
};

/**
 * Converts the error of a list that got no answer, so that its kind counts as unread and the other kinds are still
 * listed.
 */
function acceptUnreadable(error: unknown, signal: AbortSignal): { readonly status: number; readonly body: unknown } {
  signal.throwIfAborted();
  if (!isActionError(error)) throw error;
  return { status: 0, body: undefined };
}
