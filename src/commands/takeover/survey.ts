import { MANAGED_BY } from '../../cluster/labels.ts';
import {
  clusterNames,
  configurationSecretName,
  namedClientSecretName,
  podNames,
  podOrdinal,
} from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { KubernetesObject } from '../../kubernetes/objects/object.ts';
import { decodePod, type Pod } from '../../kubernetes/objects/pod.ts';
import type { LiveState } from '../preflight/live-state.ts';

/** What somebody else has under the names of this deployment. */
export type Foreign = {
  /** By `Kind/name`. */
  readonly objects: ReadonlyMap<string, KubernetesObject>;
  /** In the order of their ordinals. */
  readonly pods: readonly Pod[];
};

type Terms = { readonly api: KubernetesApi; readonly signal: AbortSignal };

/** Looks only where no StatefulSet of this deployment is there: beside it, nothing under its names is anybody else's. */
export async function foreignObjects({ api, signal }: Terms, spec: ClusterSpec, live: LiveState): Promise<Foreign> {
  if (live.statefulSet !== undefined) {
    return { objects: new Map(), pods: [] };
  }
  const { namespace } = spec;
  const [services, pods, names] = await Promise.all([
    api.list('Service', { namespace }, signal),
    api.list('Pod', { namespace }, signal),
    api.listNames('Secret', { namespace }, signal),
  ]);
  const found = secretNames(spec).filter((name) => names.has(name) && !live.objects.has(`Secret/${name}`));
  const secrets = await Promise.all(
    found.map(async (name) => await api.get({ kind: 'Secret', name, namespace }, signal)),
  );
  const wanted = serviceNames(spec);
  const present = [
    ...live.foreign,
    ...services.objects.filter(({ metadata }) => wanted.has(metadata.name)),
    ...secrets.filter((secret) => secret !== undefined),
  ];
  return {
    objects: new Map(present.filter(isForeign).map((object) => [`${object.kind}/${object.metadata.name}`, object])),
    pods: pods.objects
      .filter((pod) => isForeign(pod) && podOrdinal(spec.name, pod.metadata.name) !== undefined)
      .map(decodePod)
      .toSorted((left, right) => left.name.localeCompare(right.name, 'en', { numeric: true })),
  };
}

/** Of somebody else, and not only for a label that was taken away by hand. */
function isForeign({ metadata: { labels } }: KubernetesObject): boolean {
  return labels['app.kubernetes.io/managed-by'] !== MANAGED_BY;
}

function serviceNames(spec: ClusterSpec): ReadonlySet<string> {
  const { service, headlessService } = clusterNames(spec.name);
  return new Set([service, headlessService, ...podNames(spec)]);
}

function secretNames(spec: ClusterSpec): readonly string[] {
  const names = clusterNames(spec.name);
  return [
    configurationSecretName(spec.name, 0),
    names.clientSecret,
    names.systemSecret,
    names.authoritiesSecret,
    names.clientTlsSecret,
    ...(spec.serverTlsSecret === undefined ? [names.serverTlsSecret] : []),
    ...(spec.routeTlsSecret === undefined ? [names.routesTlsSecret] : []),
    ...spec.clientCertificates.map((client) => namedClientSecretName(spec.name, client)),
  ];
}
