import { expect, test } from '@jest/globals';
import { formatExternalUrl } from '../../../src/cluster/addresses.ts';
import type { ServiceType, SubjectAltNames } from '../../../src/cluster/spec.ts';

const both: SubjectAltNames = { dnsNames: ['lb.example.com'], ipAddresses: ['192.0.2.1'] };
const ips = (...ipAddresses: readonly string[]): SubjectAltNames => ({ dnsNames: [], ipAddresses });

test.each<readonly [string, ServiceType, SubjectAltNames, number | undefined, string | undefined]>([
  ['a load balancer is reached by its name first', 'LoadBalancer', both, undefined, 'tls://lb.example.com:4222'],
  ['a load balancer without a name by its address', 'LoadBalancer', ips('192.0.2.1'), 31000, 'tls://192.0.2.1:4222'],
  ['an IPv6 address is in brackets', 'LoadBalancer', ips('2001:db8::1'), undefined, 'tls://[2001:db8::1]:4222'],
  ['a load balancer without an address is not', 'LoadBalancer', ips(), undefined, undefined],
  ['a node is reached by the node port', 'NodePort', ips('192.0.2.7', '192.0.2.8'), 31000, 'tls://192.0.2.7:31000'],
  ['nodes without their port are not', 'NodePort', ips('192.0.2.7'), undefined, undefined],
  ['nothing is reached inside of the cluster', 'ClusterIP', both, 31000, undefined],
])('%s', (_, serviceType, externalAddresses, nodePort, url) => {
  expect(formatExternalUrl({ serviceType, externalAddresses }, nodePort)).toBe(url);
});
