import { describe, expect, test } from '@jest/globals';
import { decodeObject } from '../../../src/objects/object.ts';
import { decodeService } from '../../../src/objects/service.ts';

const SERVICE = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'nats' } };

describe('a Service', () => {
  const longest = Array.from({ length: 5 }, () => 'a'.repeat(50))
    .join('.')
    .slice(0, 253);
  const service = (ingress: unknown, spec: object = {}) =>
    decodeService(decodeObject({ ...SERVICE, spec, status: { loadBalancer: { ingress } } }));

  test.each<[string, unknown, readonly string[], readonly string[]]>([
    ['a host name of 253 characters', [{ hostname: longest }], [longest], []],
    ['no host name of 254 characters', [{ hostname: `${longest}a` }], [], []],
    ['no host name that is malformed', [{ hostname: 'a..b' }], [], []],
    ['no host name of one label', [{ hostname: 'localhost' }], [], []],
    ['no address that is malformed', [{ ip: '10.0.0' }, { ip: '10.0.0.1' }], [], ['10.0.0.1']],
    ['no address that is not a text', [{ ip: 1 }, null, 'x'], [], []],
  ])('has %s', (_, ingress, ingressHostnames, ingressIps) => {
    expect(service(ingress)).toMatchObject({ ingressHostnames, ingressIps, type: 'ClusterIP', nodePort: undefined });
  });

  test('has the node port of its first port', () => {
    const ports = [{ nodePort: 31_000 }, { nodePort: 31_001 }];
    expect(service([], { type: 'NodePort', ports })).toMatchObject({ type: 'NodePort', nodePort: 31_000 });
  });
});
