import type { ClusterSpec } from '../../cluster/spec.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { servesKind } from '../../kubernetes/discovery.ts';

/** Checks whether the Prometheus operator is installed in the cluster. */
export async function servesPodMonitors(api: Pick<KubernetesApi, 'request'>, signal: AbortSignal): Promise<boolean> {
  return await servesKind(api.request, 'PodMonitor', signal);
}

/** Returns the spec, with a PodMonitor if one is wanted and the cluster has the kind. */
export async function withPodMonitor(
  api: Pick<KubernetesApi, 'request'>,
  spec: ClusterSpec,
  signal: AbortSignal,
): Promise<ClusterSpec> {
  return spec.metrics && (await servesPodMonitors(api, signal)) ? { ...spec, podMonitor: true } : spec;
}
