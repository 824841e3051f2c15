import { clusterNames, podName } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { ResourceKind } from '../../kubernetes/resources.ts';
import { ownershipOf } from '../ownership.ts';
import type { LiveState } from '../preflight/live-state.ts';

/**
 * Removes the objects that the deployment no longer has, and returns them as `Kind/name`: the Services of servers
 * beyond its replicas, whose pods are gone by now, and a NetworkPolicy or PodMonitor of ours that is not wanted any
 * more.
 */
export async function removeLeftovers(
  api: KubernetesApi,
  spec: ClusterSpec,
  live: LiveState,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const leftovers = leftoversOf(spec, live);
  await Promise.all(
    leftovers.map(async ({ kind, name }) => {
      const { uid, resourceVersion } = live.objects.get(`${kind}/${name}`)?.metadata ?? {};
      const precondition = uid === undefined || resourceVersion === undefined ? {} : { uid, resourceVersion };
      await api.remove({ kind, name, namespace: spec.namespace }, precondition, signal);
    }),
  );
  return leftovers.map(({ kind, name }) => `${kind}/${name}`);
}

export type Leftover = { readonly kind: ResourceKind; readonly name: string };

/** Returns the existing objects that are not wanted any more. */
export function leftoversOf(
  spec: ClusterSpec,
  { podServices, objects }: Pick<LiveState, 'podServices' | 'objects'>,
): readonly Leftover[] {
  const services = podServices
    .filter((ordinal) => ordinal >= spec.replicas)
    .map((ordinal): Leftover => ({ kind: 'Service', name: podName(spec.name, ordinal) }));
  const names = clusterNames(spec.name);
  const unwanted: readonly Leftover[] = [
    ...(spec.networkPolicy ? [] : [{ kind: 'NetworkPolicy', name: names.networkPolicy } as const]),
    ...(spec.metrics ? [] : [{ kind: 'PodMonitor', name: names.podMonitor } as const]),
  ];
  const isOurs = ({ kind, name }: Leftover): boolean => {
    const object = objects.get(`${kind}/${name}`);
    return object !== undefined && ['ours', 'installed'].includes(ownershipOf(spec.name, object).kind);
  };
  return [...services, ...unwanted.filter(isOurs)];
}
