import { podName, podNames } from './names.ts';
import type { ClusterSpec } from './spec.ts';

export const CLIENT_PORT = 4222;
export const ROUTE_PORT = 6222;
export const MONITOR_PORT = 8222;
/** Of the exporter beside each server, where there is one. */
export const METRICS_PORT = 7777;

/**
 * The host name of a pod or Service inside the cluster, without the cluster domain, which nobody needs to know:
 * resolvers complete it from their search list. `subject` may be `$(POD_NAME)`, which the kubelet expands.
 */
export function serviceHost(subject: string, namespace: string): string {
  return `${subject}.${namespace}.svc`;
}

/** The host one server is reached at by clients, peers and proofs, through the Service of its own. */
export function podHost(spec: Pick<ClusterSpec, 'name' | 'namespace'>, ordinal: number): string {
  return serviceHost(podName(spec.name, ordinal), spec.namespace);
}

/** What applications in the cluster connect to, without credentials. */
export function clientUrl(spec: Pick<ClusterSpec, 'name' | 'namespace'>): string {
  return `tls://${serviceHost(spec.name, spec.namespace)}:${CLIENT_PORT}`;
}

/**
 * One route URL per server, a server's own included: one configuration serves them all, and nats-server
 * recognises itself. User and password are percent-encoded, for nats-server parses routes by Go's `net/url`.
 * The result holds the password.
 */
export function routeUrls(
  spec: Pick<ClusterSpec, 'name' | 'namespace' | 'replicas'>,
  credentials: { readonly user: string; readonly password: string },
): readonly string[] {
  const userInfo = `${encodeURIComponent(credentials.user)}:${encodeURIComponent(credentials.password)}`;
  return podNames(spec).map((pod) => `tls://${userInfo}@${serviceHost(pod, spec.namespace)}:${ROUTE_PORT}`);
}
