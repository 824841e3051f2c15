import { labelSelector } from '../../cluster/labels.ts';
import { clusterNames, configurationSecretName } from '../../cluster/names.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { KubernetesObject } from '../../kubernetes/objects/object.ts';
import type { ObjectRef } from '../../kubernetes/resources.ts';
import { type LiveState, readLiveState } from '../preflight/live-state.ts';
import { permitted } from '../preflight/permitted.ts';

/** What there is under the names of a deployment. */
export type Found = {
  readonly live: LiveState;
  /** Volumes of servers, whether these are there or not. */
  readonly claims: readonly KubernetesObject[];
  /** What somebody else made, as `Kind/name`. */
  readonly foreign: readonly string[];
};

export async function readFound(
  api: KubernetesApi,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<Found> {
  const selection = { namespace, labelSelector: labelSelector(name) };
  const [live, claims, ...named] = await Promise.all([
    readLiveState(api, namespace, name, signal),
    permitted(api.list('PersistentVolumeClaim', selection, signal)),
    ...namedObjects(namespace, name).map(async (ref) => await api.get(ref, signal)),
  ]);
  const foreign = [...live.foreign, ...named.filter((object) => object !== undefined)]
    .map(keyOf)
    .filter((key) => !live.objects.has(key));
  return { live, claims: claims?.objects ?? [], foreign };
}

/** Nobody knows any more how many servers there were, nor which clients had certificates: these names are known. */
function namedObjects(namespace: string, name: string): readonly ObjectRef[] {
  const names = clusterNames(name);
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
    ...[names.service, names.headlessService].map(
      (service): ObjectRef => ({ kind: 'Service', name: service, namespace }),
    ),
    ...secrets.map((secret): ObjectRef => ({ kind: 'Secret', name: secret, namespace })),
  ];
}

export function keyOf({ kind, metadata }: KubernetesObject): string {
  return `${kind}/${metadata.name}`;
}

export function isNothing({ live, claims }: Found): boolean {
  return live.objects.size === 0 && live.pods.length === 0 && claims.length === 0;
}
