import { expect, test } from '@jest/globals';
import { formatExternalUrl } from '../../../src/cluster/addresses.ts';
import type { ServiceType, SubjectAltNames } from '../../../src/cluster/spec.ts';

const both: SubjectAltNames = { dnsNames: ['lb.example.com'], ipAddresses: ['192.0.2.1'] };
const ips = (...ipAddresses: readonly string[]): SubjectAltNames => ({ dnsNames: [], ipAddresses });

test.each<readonly [string, ServiceType, SubjectAltNames, number | undefined, string | undefined]>([
  ['prefers the host name of a load balancer', 'LoadBalancer', both, undefined, 'tls://lb.example.com:4222'],
  [
    'uses the address of a load balancer without a host name',
    'LoadBalancer',
    ips('192.0.2.1'),
    31000,
    'tls://192.0.2.1:4222',
  ],
  ['puts an IPv6 address in brackets', 'LoadBalancer', ips('2001:db8::1'), undefined, 'tls://[2001:db8::1]:4222'],
  ['is missing for a load balancer without an address', 'LoadBalancer', ips(), undefined, undefined],
  ['leads to a node by the node port', 'NodePort', ips('192.0.2.7', '192.0.2.8'), 31000, 'tls://192.0.2.7:31000'],
  ['is missing for nodes without a node port', 'NodePort', ips('192.0.2.7'), undefined, undefined],
  ['is missing for a ClusterIP Service', 'ClusterIP', both, 31000, undefined],
])('the external URL %s', (_, serviceType, externalAddresses, nodePort, url) => {
  expect(formatExternalUrl({ serviceType, externalAddresses }, nodePort)).toBe(url);
});
