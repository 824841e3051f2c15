import { MANAGED_BY } from '../../cluster/labels.ts';
import { hasCode } from '../../errors.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { KubernetesObject } from '../../kubernetes/objects/object.ts';
import { decodeSecret } from '../../kubernetes/objects/secret.ts';
import type { ResourceKind } from '../../kubernetes/resources.ts';
import type { LeftObject } from '../../report/deletion-report.ts';
import { FIELD_MANAGER } from '../rollout/applied.ts';
import type { Run } from '../run.ts';
import { keyOf } from './found.ts';
import { allGone, stateOf } from './gone.ts';

/** What people keep in a namespace; controllers make the rest of these, or accounts and rights do not hold it alone. */
export const KEPT_KINDS = [
  'Pod',
  'Service',
  'Secret',
  'ConfigMap',
  'PersistentVolumeClaim',
  'StatefulSet',
  'Deployment',
  'DaemonSet',
  'Job',
  'CronJob',
  'Ingress',
  'Lease', // The lock of another deployment that is about to be made.
] as const satisfies readonly ResourceKind[];

/** In every namespace of some clusters: by Kubernetes, OpenShift and Istio. */
const GIVEN_CONFIG_MAPS = ['kube-root-ca.crt', 'openshift-service-ca.crt', 'istio-ca-root-cert'];
const GIVEN_SECRET_TYPES = ['kubernetes.io/service-account-token', 'kubernetes.io/dockercfg'];

const MOST_NAMED = 5;

type Outcome = { readonly deleted: readonly string[]; readonly left: readonly LeftObject[] };

export type NamespaceState = 'missing' | 'ending' | 'there';

/** Who may not read namespaces knows of its own that it is there. */
export async function namespaceState(
  api: Pick<KubernetesApi, 'get'>,
  name: string,
  signal: AbortSignal,
): Promise<NamespaceState> {
  try {
    const found = await api.get({ kind: 'Namespace', name }, signal);
    if (found === undefined) return 'missing';
    return found.metadata.deletionTimestamp === undefined ? 'there' : 'ending';
  } catch (error) {
    if (hasCode(error, 'FORBIDDEN')) return 'there';
    throw error;
  }
}

/**
 * Deletes the namespace if `create-namespace` made it and nothing is left in it, and returns once it is gone.
 * @throws ActionError WAIT_TIMEOUT when it is still there at the deadline
 */
export async function removeNamespace(
  run: Pick<Run<unknown>, 'api' | 'runner' | 'waiting' | 'signal' | 'stop'>,
  namespace: string,
): Promise<Outcome> {
  const { api, runner, signal } = run;
  const ref = { kind: 'Namespace', name: namespace } as const;
  const object = `Namespace/${namespace}`;
  const found = await api.get(ref, signal);
  if (found === undefined) {
    return { deleted: [], left: [] };
  }
  if (found.metadata.deletionTimestamp === undefined) {
    const why = namespaceKeptBecause(found, await contentsOf(api, namespace, signal));
    if (why !== undefined) return { deleted: [], left: [{ object, why }] };
    runner.info(`deleting ${object}`);
    await api.remove(ref, { uid: found.metadata.uid }, signal);
  }
  await allGone(run, async () => {
    const now = await api.get(ref, signal);
    return now?.metadata.uid === found.metadata.uid ? [stateOf(now)] : [];
  });
  return { deleted: [object], left: [] };
}

/** Why a namespace that holds `contents` stays; undefined when it may go. */
export function namespaceKeptBecause(
  namespace: KubernetesObject,
  contents: readonly KubernetesObject[],
): string | undefined {
  if (!isCreated(namespace)) {
    return 'create-namespace did not make it';
  }
  const names = contents.filter((object) => !isGiven(object)).map(keyOf);
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return names.length === 0 ? undefined : `it is not empty: ${names.slice(0, MOST_NAMED).join(', ')}${more}`;
}

/** It is created, not applied, as the right to patch namespaces would be more than is needed. */
function isCreated({ metadata: { labels, managedFields } }: KubernetesObject): boolean {
  const isOurs = managedFields.some(({ manager }) => manager === FIELD_MANAGER);
  return isOurs && labels['app.kubernetes.io/managed-by'] === MANAGED_BY;
}

function isGiven(object: KubernetesObject): boolean {
  const { kind, metadata } = object;
  if (kind === 'Secret') return GIVEN_SECRET_TYPES.includes(decodeSecret(object).type);
  return kind === 'ConfigMap' && GIVEN_CONFIG_MAPS.includes(metadata.name);
}

async function contentsOf(
  api: Pick<KubernetesApi, 'list'>,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  const lists = await Promise.all(KEPT_KINDS.map(async (kind) => await api.list(kind, { namespace }, signal)));
  return lists.flatMap(({ objects }) => objects);
}
