import { describe, expect, test } from '@jest/globals';
import { manifestsFor } from '../../../src/manifests/manifests.ts';
import type { Material } from '../../../src/manifests/material.ts';
import type { SecretManifest } from '../../../src/manifests/secrets.ts';
import { storedMaterial } from '../../../src/manifests/stored-material.ts';
import { clusterSpec } from '../cluster/cluster-spec.ts';
import { materialFor } from './material.ts';

const spec = clusterSpec({ replicas: 2 });
const material = materialFor(spec);

function secretsOf(from: Material): readonly SecretManifest[] {
  return manifestsFor(spec, from).filter((manifest) => manifest.kind === 'Secret');
}

function decoded({ data }: SecretManifest): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}

function textsOf(name: string, from: Material = material): Record<string, string> {
  const found = secretsOf(from).find(({ metadata }) => metadata.name === name);
  return found === undefined ? {} : decoded(found);
}

const live = (from: Material) => secretsOf(from).map((one) => ({ name: one.metadata.name, data: decoded(one) }));

describe('Secrets', () => {
  test('the configuration is the whole nats.conf', () => {
    expect(textsOf('nats-config')).toEqual({ 'nats.conf': material.configurationText });
  });

  test('an application finds all it needs to connect in one Secret', () => {
    expect(textsOf('nats-client')).toEqual({
      url: 'tls://nats.messaging.svc:4222',
      username: 'nats_client_user',
      password: 'client password',
      'ca.crt': 'client trust',
    });
  });

  test('what clients trust is published under both of its names and without a secret', () => {
    expect(textsOf('tls-nats-client')).toEqual({ 'ca.crt': 'client trust', 'ca.pem': 'client trust' });
  });

  test('the server certificate is a TLS Secret with its trust bundle', () => {
    expect(textsOf('tls-nats-server')).toEqual({
      'tls.crt': 'server certificate',
      'tls.key': 'server key',
      'ca.crt': 'client trust',
    });
  });

  test.each(secretsOf(material).map(({ metadata, type }) => [metadata.name, type] as const))(
    'the type of %s stays what it ever was: %s',
    (name, type) => {
      expect(type).toBe(name === 'tls-nats-server' ? 'kubernetes.io/tls' : 'Opaque');
    },
  );

  test('routes have one certificate per server in flat keys', () => {
    expect(textsOf('tls-nats-routes')).toEqual({
      'route-ca.crt': 'route trust',
      'route-nats-0.crt': 'nats-0 certificate',
      'route-nats-0.key': 'nats-0 key',
      'route-nats-1.crt': 'nats-1 certificate',
      'route-nats-1.key': 'nats-1 key',
    });
  });

  test('a certificate of a server beyond the replicas is left out', () => {
    const larger = materialFor(clusterSpec({ replicas: 5 }));
    expect(textsOf('tls-nats-routes', larger)).not.toHaveProperty(['route-nats-2.crt']);
  });

  test('a server without a route certificate is a bug, told by its pod', () => {
    const certificates = { ...material.certificates, routes: {} };
    expect(() => manifestsFor(spec, { ...material, certificates })).toThrow(
      expect.objectContaining({ code: 'INTERNAL', message: expect.stringContaining('nats-0') }),
    );
  });

  test('no client or route Secret holds the key of an authority', () => {
    const holders = secretsOf(material).filter((secret) =>
      Object.values(decoded(secret)).some((text) => text.endsWith('authority key')),
    );
    expect(holders.map(({ metadata }) => metadata.name)).toEqual(['nats-authorities']);
  });

  test('the key of an authority the user brings never touches the cluster', () => {
    const clientAuthority = { certificate: 'given authority', privateKey: undefined };
    const certificates = { ...material.certificates, clientAuthority };
    expect(textsOf('nats-authorities', { ...material, certificates })).toEqual({
      'client-ca.crt': 'given authority',
      'route-ca.crt': 'route authority',
      'route-ca.key': 'route authority key',
    });
  });
});

describe('stored material', () => {
  test('the next run reads back what this one wrote', () => {
    const { clientCredentials, systemCredentials, certificates } = material;
    expect(storedMaterial('nats', live(material))).toEqual({ clientCredentials, systemCredentials, ...certificates });
  });

  test('a cluster that is not there yet has nothing stored', () => {
    expect(storedMaterial('nats', [])).toEqual({
      clientCredentials: undefined,
      systemCredentials: { system: undefined, probe: undefined, route: undefined },
      clientAuthority: undefined,
      routeAuthority: undefined,
      clientTrust: undefined,
      routeTrust: undefined,
      server: undefined,
      routes: {},
    });
  });

  test('Secrets of other clusters are not ours', () => {
    expect(storedMaterial('other', live(material))).toEqual(storedMaterial('other', []));
  });

  test('a half of a pair, an empty value and a strange key count as nothing', () => {
    const stored = storedMaterial('nats', [
      { name: 'nats-client', data: { username: 'a', password: '' } },
      { name: 'nats-system', data: { 'system-password': 'p' } },
      { name: 'tls-nats-server', data: { 'tls.crt': 'c' } },
      {
        name: 'tls-nats-routes',
        data: { 'route-nats-0.crt': 'c', 'route-x.crt': 'c', 'route-x.key': 'k', 'route-.crt': '', __proto__: 'p' },
      },
    ]);
    expect(stored).toEqual(storedMaterial('nats', []));
  });
});
