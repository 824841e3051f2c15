import { describe, expect, test } from '@jest/globals';
import { clientUrl, listRouteUrls, podHost } from '../../../src/cluster/addresses.ts';
import { listRouteNames, listServerNames } from '../../../src/cluster/subject-alt-names.ts';
import { clusterSpec } from '../support/cluster-spec.ts';

describe('subject alternative names', () => {
  test('include every address that a client may use, in the server certificate', () => {
    const spec = clusterSpec();
    const { dnsNames, ipAddresses } = listServerNames(spec);
    const dialled = [new URL(clientUrl(spec)).hostname, podHost(spec, 0), podHost(spec, 1), podHost(spec, 2)];
    const forms = ['nats', 'nats.messaging', 'nats.messaging.svc.cluster.local', 'nats-1', 'nats-1.messaging'];
    expect(dnsNames).toEqual(expect.arrayContaining([...dialled, ...forms, 'localhost']));
    expect(dnsNames).toContain('*.nats-headless.messaging.svc');
    expect(ipAddresses).toEqual(['127.0.0.1']);
  });

  test('have no wildcard that covers other Services of the namespace', () => {
    const { dnsNames } = listServerNames(clusterSpec());
    expect(dnsNames.filter((name) => name.startsWith('*'))).toEqual(['*.nats-headless.messaging.svc']);
  });

  test('include each name that the user adds once', () => {
    const subjectAltNames = {
      dnsNames: ['nats.example.com', 'nats', 'localhost'],
      ipAddresses: ['10.0.0.9', '127.0.0.1'],
    };
    const { dnsNames, ipAddresses } = listServerNames(clusterSpec({ subjectAltNames }));
    expect(dnsNames.filter((name) => name === 'nats.example.com')).toHaveLength(1);
    expect(new Set(dnsNames).size).toBe(dnsNames.length);
    expect(ipAddresses).toEqual(['127.0.0.1', '10.0.0.9']);
  });

  test('include the external addresses of the Service', () => {
    const externalAddresses = { dnsNames: ['lb.example.com'], ipAddresses: ['192.0.2.1', '2001:db8::1'] };
    const { dnsNames, ipAddresses } = listServerNames(clusterSpec({ externalAddresses }));
    expect(dnsNames).toContain('lb.example.com');
    expect(ipAddresses).toEqual(['127.0.0.1', '192.0.2.1', '2001:db8::1']);
  });

  test('grow only by its own names for another server', () => {
    const three = listServerNames(clusterSpec()).dnsNames;
    const four = listServerNames(clusterSpec({ replicas: 4 })).dnsNames;
    expect(four.filter((name) => !three.includes(name))).toEqual([
      'nats-3',
      'nats-3.messaging',
      'nats-3.messaging.svc',
    ]);
  });

  test('contain exactly the host of its route, in a route certificate', () => {
    const [url = ''] = listRouteUrls(clusterSpec(), { user: 'r', password: 'p' });
    expect(listRouteNames('nats-0', 'messaging')).toEqual({ dnsNames: [new URL(url).hostname], ipAddresses: [] });
  });
});
