import { isIPv6 } from 'node:net';
import { podName, podNames } from './names.ts';
import type { ClusterSpec } from './spec.ts';

export const CLIENT_PORT = 4222;
export const ROUTE_PORT = 6222;
export const MONITOR_PORT = 8222;
/** The port of the Prometheus exporter beside each server, if the cluster has exporters. */
export const METRICS_PORT = 7777;

/**
 * Returns the host name of a pod or Service inside the Kubernetes cluster. It leaves out the cluster domain, because
 * resolvers complete the name from their search list. `subject` may be `$(POD_NAME)`, which the kubelet expands.
 */
export function serviceHost(subject: string, namespace: string): string {
  return `${subject}.${namespace}.svc`;
}

/** Returns the host at which clients, peers and checks reach one server: the host of the server's own Service. */
export function podHost(spec: Pick<ClusterSpec, 'name' | 'namespace'>, ordinal: number): string {
  return serviceHost(podName(spec.name, ordinal), spec.namespace);
}

/** Returns the URL that applications in the Kubernetes cluster connect to, without credentials. */
export function clientUrl(spec: Pick<ClusterSpec, 'name' | 'namespace'>): string {
  return `tls://${serviceHost(spec.name, spec.namespace)}:${CLIENT_PORT}`;
}

/**
 * Returns one route URL per server. The list includes the server's own URL, because all servers share one configuration
 * and nats-server recognizes itself. User and password are percent-encoded, because nats-server parses routes with Go's
 * `net/url`. The result holds the password.
 */
export function listRouteUrls(
  spec: Pick<ClusterSpec, 'name' | 'namespace' | 'replicas'>,
  credentials: { readonly user: string; readonly password: string },
): readonly string[] {
  const userInfo = `${encodeURIComponent(credentials.user)}:${encodeURIComponent(credentials.password)}`;
  return podNames(spec).map((pod) => `tls://${userInfo}@${serviceHost(pod, spec.namespace)}:${ROUTE_PORT}`);
}

/**
 * Returns the URL at which clients outside of the Kubernetes cluster connect, from the first known external address.
 * `nodePort` is the port that the API server assigned to the Service. Returns undefined if no such address is known.
 */
export function formatExternalUrl(
  { serviceType, externalAddresses }: Pick<ClusterSpec, 'serviceType' | 'externalAddresses'>,
  nodePort: number | undefined,
): string | undefined {
  const port = { ClusterIP: undefined, NodePort: nodePort, LoadBalancer: CLIENT_PORT }[serviceType];
  const [host] = [...externalAddresses.dnsNames, ...externalAddresses.ipAddresses];
  return host === undefined || port === undefined ? undefined : `tls://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
