import { isIPv6 } from 'node:net';
import { CLIENT_PORT } from './addresses.ts';
import type { ClusterSpec } from './spec.ts';

/**
 * Where clients outside of the cluster connect, by the first address that is known. `nodePort` as the API server gave
 * it to the Service. Undefined when there is no such address.
 */
export function externalUrl(
  { serviceType, externalAddresses }: Pick<ClusterSpec, 'serviceType' | 'externalAddresses'>,
  nodePort: number | undefined,
): string | undefined {
  const port = { ClusterIP: undefined, NodePort: nodePort, LoadBalancer: CLIENT_PORT }[serviceType];
  const [host] = [...externalAddresses.dnsNames, ...externalAddresses.ipAddresses];
  return host === undefined || port === undefined ? undefined : `tls://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
