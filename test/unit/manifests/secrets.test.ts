import { describe, expect, test } from '@jest/globals';
import { buildManifests } from '../../../src/manifests/manifests.ts';
import type { Material } from '../../../src/manifests/material.ts';
import { decodeStoredMaterial } from '../../../src/manifests/stored-material.ts';
import { ROTATION_PHASES } from '../../../src/rotation/track.ts';
import { clusterSpec } from '../support/cluster-spec.ts';
import { liveSecrets, secretsOf, type Texts } from '../support/live-secrets.ts';
import { authority, leaf, materialFor } from '../support/material.ts';
import { inPhase } from '../support/phases.ts';

const spec = clusterSpec({ replicas: 2, clientCertificates: ['orders'] });
const material = materialFor(spec);

const textsOf = (name: string, from: Material = material): Texts =>
  liveSecrets(spec, from).find((secret) => secret.name === name)?.data ?? {};

describe('the Secrets of a NATS cluster', () => {
  test('contain nats.conf as a whole', () => {
    expect(textsOf('nats-config')).toEqual({ 'nats.conf': material.configurationText });
  });

  test('contain the input files, which do not change the pod template and never replace nats.conf', () => {
    const files = { 'a.conf': 'ü\n', 'nats.conf': 'not this' };
    const more = { ...material, credentials: { ...material.credentials, files } };
    const texts = { 'a.conf': 'ü\n', 'nats.conf': material.configurationText };
    expect(textsOf('nats-config', more)).toEqual(texts);
    const setOf = (from: Material) => buildManifests(spec, from).find(({ kind }) => kind === 'StatefulSet');
    expect(setOf(more)).toEqual(setOf(material));
  });

  test('include one with everything that an application needs to connect', () => {
    expect(textsOf('nats-client')).toEqual({
      url: 'tls://nats.messaging.svc:4222',
      username: 'nats_client_user',
      password: 'client password',
      'ca.crt': 'client trust',
    });
  });

  test('include the client certificate for applications if servers ask for one', () => {
    const asked = materialFor(spec, { clients: { nats_client_user: leaf('app'), orders: leaf('orders') } });
    expect(textsOf('nats-client', asked)).toMatchObject({ 'tls.crt': 'app certificate', 'tls.key': 'app key' });
  });

  test.each(['constructor', '__proto__', 'toString'])('contain no certificate for a user named %s', (clientUser) => {
    const named = clusterSpec({ clientUser });
    const [secret] = liveSecrets(named, materialFor(named)).filter(({ name }) => name === 'nats-client');
    expect(Object.keys(secret?.data ?? {})).toEqual(['url', 'username', 'password', 'ca.crt']);
  });

  test('contain no user for applications in operator mode, but the credentials and certificates for the next run', () => {
    const systemCredentials = { jwt: 'a.b.c', seed: 'SU', account: 'A' };
    const asked = materialFor(spec, { clients: { nats_client_user: leaf('app'), orders: leaf('orders') } });
    const operated = { ...asked, credentials: { ...asked.credentials, systemCredentials } };
    const texts = textsOf('nats-client', operated);
    expect(Object.keys(texts)).toEqual(['url', 'ca.crt', 'tls.crt', 'tls.key']);
    expect(textsOf('nats-system', operated)['system.creds']).toMatch(/JWT-+\na\.b\.c\n-+END[^]*SEED-+\nSU\n-+END/);
    expect(decodeStoredMaterial('nats', liveSecrets(spec, operated))).toMatchObject({
      client: asked.credentials.client,
      clients: asked.certificates.clients,
      systemCredentials: textsOf('nats-system', operated)['system.creds'],
    });
  });

  test('name the user that applications present in each phase', () => {
    const [older, newer] = [material.credentials.client.current, { user: 'next', password: 'next password' }];
    const shown = ROTATION_PHASES.map((phase) => {
      const credentials = { ...material.credentials, client: inPhase(phase, older, newer) };
      return textsOf('nats-client', { ...material, credentials })['username'];
    });
    expect(shown).toEqual(['nats_client_user', 'nats_client_user', 'next', 'next', 'next']);
  });

  test('include one for each named client with its certificate and trust bundle', () => {
    const texts = { 'tls.crt': 'orders certificate', 'tls.key': 'orders key', 'ca.crt': 'client trust' };
    expect(textsOf('tls-nats-client-orders')).toEqual(texts);
  });

  test('publish the client trust bundle under both file names, without a secret', () => {
    expect(textsOf('tls-nats-client')).toEqual({ 'ca.crt': 'client trust', 'ca.pem': 'client trust' });
  });

  test('include the server certificate with its trust bundle as a TLS Secret', () => {
    expect(textsOf('tls-nats-server')).toEqual({
      'tls.crt': 'server certificate',
      'tls.key': 'server key',
      'ca.crt': 'client trust',
    });
  });

  test.each(secretsOf(spec, material).map(({ metadata, type }) => [metadata.name, type] as const))(
    'never change their type: %s is %s',
    (name, type) => {
      const isTls = name === 'tls-nats-server' || name === 'tls-nats-client-orders';
      expect(type).toBe(isTls ? 'kubernetes.io/tls' : 'Opaque');
    },
  );

  test('contain one route certificate for each server', () => {
    expect(textsOf('tls-nats-routes')).toEqual({
      'route-ca.crt': 'route trust',
      'route-nats-0.crt': 'nats-0 certificate',
      'route-nats-0.key': 'nats-0 key',
      'route-nats-1.crt': 'nats-1 certificate',
      'route-nats-1.key': 'nats-1 key',
    });
  });

  test('contain no certificate of a server beyond the replicas', () => {
    const larger = materialFor(clusterSpec({ replicas: 5, clientCertificates: ['orders'] }));
    expect(textsOf('tls-nats-routes', larger)).not.toHaveProperty(['route-nats-2.crt']);
  });

  test('cannot be built without a route certificate of a server, which is an internal error', () => {
    expect(() => buildManifests(spec, materialFor(spec, { routes: {} }))).toThrow(
      expect.objectContaining({ code: 'INTERNAL', message: expect.stringContaining('nats-0') }),
    );
  });

  test.each([
    ['server-tls-secret', { serverTlsSecret: 'theirs' }, 'tls-nats-server'],
    ['route-tls-secret', { routeTlsSecret: 'theirs' }, 'tls-nats-routes'],
  ])('exclude both the user-provided and our own Secret with %s', (_, adopted, ours) => {
    const names = liveSecrets({ ...spec, ...adopted }, material).map(({ name }) => name);
    expect(names).not.toContain('theirs');
    expect(names).not.toContain(ours);
    expect(names).toHaveLength(liveSecrets(spec, material).length - 1);
  });

  test.each(ROTATION_PHASES)('contain the keys of CAs only in nats-authorities, in phase %s', (phase) => {
    const client = inPhase(phase, authority('old authority'), authority('new authority'));
    const authorities = { client, route: client };
    const holders = liveSecrets(spec, materialFor(spec, { authorities })).filter(({ data }) =>
      Object.values(data).some((text) => text.endsWith('authority key')),
    );
    expect(holders.map(({ name }) => name)).toEqual(['nats-authorities']);
  });

  test.each(ROTATION_PHASES)('never contain the key of a user-provided CA, in phase %s', (phase) => {
    const given = (name: string) => ({ ...authority(name), custody: 'user' as const });
    const client = inPhase(phase, given('old'), given('new'));
    const secrets = liveSecrets(spec, materialFor(spec, { authorities: { client, route: undefined } }));
    expect(secrets.flatMap(({ data }) => Object.values(data))).not.toContain('old key');
    expect(secrets.flatMap(({ data }) => Object.values(data))).not.toContain('new key');
  });
});
