import { podName } from '../cluster/names.ts';
import type { ClusterSpec } from '../cluster/spec.ts';
import type { KubernetesApi } from '../kubernetes/api.ts';
import type { LiveState } from './live-state.ts';

/** The Services of servers that a smaller cluster no longer has; their pods are gone by now. */
export async function removeLeftovers(
  api: KubernetesApi,
  spec: ClusterSpec,
  live: LiveState,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const leftovers = live.podServices.filter((ordinal) => ordinal >= spec.replicas);
  await Promise.all(
    leftovers.map(async (ordinal) => {
      const name = podName(spec.name, ordinal);
      const { uid, resourceVersion } = live.objects.get(`Service/${name}`)?.metadata ?? {};
      const precondition = uid === undefined || resourceVersion === undefined ? {} : { uid, resourceVersion };
      await api.remove({ kind: 'Service', name, namespace: spec.namespace }, precondition, signal);
    }),
  );
  return leftovers.map((ordinal) => `Service/${podName(spec.name, ordinal)}`);
}
