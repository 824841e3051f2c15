import { describe, expect, test } from '@jest/globals';
import {
  addBalancerAddresses,
  awaitBalancerAddresses,
  readNodePort,
} from '../../../../src/commands/desired/external-access.ts';
import { decodeObject, type KubernetesObject } from '../../../../src/objects/object.ts';
import { decodeService } from '../../../../src/objects/service.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';

const { signal } = new AbortController();

function service(ingress: unknown, type = 'LoadBalancer'): KubernetesObject {
  return decodeObject({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'nats', namespace: 'messaging' },
    spec: { type, ports: [{ port: 4222, nodePort: 31_000 }] },
    status: { loadBalancer: { ingress } },
  });
}

const spec = clusterSpec({ serviceType: 'LoadBalancer' });
const live = (object: KubernetesObject) => ({ objects: new Map([['Service/nats', object]]) });

describe('the addresses of a load balancer', () => {
  test.each<readonly [string, unknown, readonly string[], readonly string[]]>([
    ['an IP address', [{ ip: '192.0.2.1' }], [], ['192.0.2.1']],
    ['a host name, in lower case', [{ hostname: 'A-1.ELB.example.com' }], ['a-1.elb.example.com'], []],
    [
      'several addresses',
      [{ ip: '192.0.2.1' }, { ip: '2001:db8::1', hostname: 'b.example.com' }],
      ['b.example.com'],
      ['192.0.2.1', '2001:db8::1'],
    ],
    ['no address yet', undefined, [], []],
    [
      'a host name that no certificate can contain',
      [{ hostname: 'my_host.example.com' }, { ip: '192.0.2.1' }],
      [],
      ['192.0.2.1'],
    ],
    ['invalid addresses', [{ ip: 'x' }, { hostname: '*' }, { hostname: 'a b' }, { ip: 1 }, 'x', null], [], []],
  ])('come from its Service: %s', (_, ingress, dnsNames, ipAddresses) => {
    expect(addBalancerAddresses(spec, live(service(ingress))).externalAddresses).toEqual({ dnsNames, ipAddresses });
  });

  test('are empty if the Service has another type, or another type is wanted', () => {
    const given = [{ ip: '192.0.2.1' }];
    expect(addBalancerAddresses(spec, live(service(given, 'ClusterIP'))).externalAddresses.ipAddresses).toEqual([]);
    expect(addBalancerAddresses(clusterSpec(), live(service(given)))).toEqual(clusterSpec());
  });
});

describe('the wait for an external address', () => {
  const titles: string[] = [];
  const runner = { info: () => {}, warning: (title: string) => titles.push(title) };
  const api = (answers: readonly KubernetesObject[]) => {
    const left = [...answers];
    const list = async () => ({ objects: left.splice(0, 1), resourceVersion: '1' });
    return { list };
  };

  test('ends when there is an address', async () => {
    const asked = { api: api([service([]), service([{ ip: '192.0.2.1' }])]), runner, signal };
    expect((await awaitBalancerAddresses(asked, spec)).externalAddresses.ipAddresses).toEqual(['192.0.2.1']);
  });

  test('sends no request if an address is known or not wanted', async () => {
    const known = { ...spec, externalAddresses: { dnsNames: ['a.b'], ipAddresses: [] } };
    const list = async () => await Promise.reject(new Error('asked'));
    expect(await awaitBalancerAddresses({ api: { list }, runner, signal }, known)).toBe(known);
    expect(await awaitBalancerAddresses({ api: { list }, runner, signal }, clusterSpec())).toEqual(clusterSpec());
  });

  test('ends without an address after its time, with a warning', async () => {
    expect(await awaitBalancerAddresses({ api: api([]), runner, signal }, spec, 1)).toBe(spec);
    expect(titles).toEqual(['service-type']);
  });

  test('fails at the deadline of the run', async () => {
    const waiting = awaitBalancerAddresses({ api: api([]), runner, signal: AbortSignal.timeout(10) }, spec);
    await expect(waiting).rejects.toMatchObject({ code: 'WAIT_TIMEOUT', reason: 'NoAddress' });
  });
});

test('the node port comes from the Service, if the Service has type NodePort', async () => {
  const list = async () => ({ objects: [service([], 'NodePort')], resourceVersion: '1' });
  expect(await readNodePort({ list }, clusterSpec({ serviceType: 'NodePort' }), signal)).toBe(31_000);
  expect(await readNodePort({ list }, spec, signal)).toBeUndefined();
  expect(decodeService(service(undefined)).nodePort).toBe(31_000);
});
