import { isIPv6 } from 'node:net';
import { CLIENT_PORT } from './addresses.ts';
import type { ClusterSpec } from './spec.ts';

/**
 * Returns the URL at which clients outside of the Kubernetes cluster connect, from the first known external address.
 * `nodePort` is the port that the API server assigned to the Service. Returns undefined if no such address is known.
 */
export function externalUrl(
  { serviceType, externalAddresses }: Pick<ClusterSpec, 'serviceType' | 'externalAddresses'>,
  nodePort: number | undefined,
): string | undefined {
  const port = { ClusterIP: undefined, NodePort: nodePort, LoadBalancer: CLIENT_PORT }[serviceType];
  const [host] = [...externalAddresses.dnsNames, ...externalAddresses.ipAddresses];
  return host === undefined || port === undefined ? undefined : `tls://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
