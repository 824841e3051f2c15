import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildConfiguration } from '../../../src/commands/desired/configuration.ts';
import { formatFiles } from '../../../src/inputs/grammar/files.ts';
import { formatUsers } from '../../../src/inputs/grammar/users.ts';
import type { Ca, Credentials, Material } from '../../../src/manifests/material.ts';
import { decodeStoredMaterial } from '../../../src/manifests/stored-material.ts';
import { readTexts } from '../../../src/nats/conf/settings/sources.ts';
import { formatCredentials } from '../../../src/nats/jwt/user-credentials.ts';
import { ROTATION_PHASES, type Track } from '../../../src/rotation/track.ts';
import { clusterSpec } from '../support/cluster-spec.ts';
import { liveSecrets, type Texts } from '../support/live-secrets.ts';
import { leaf, materialFor } from '../support/material.ts';
import { inPhase } from '../support/phases.ts';
import { storedMaterial as nothingStored } from '../support/stored-material.ts';

const spec = clusterSpec({ replicas: 2, clientCertificates: ['orders', 'orders.eu'] });

/** Returns the state that the next run must find. */
function expected({ credentials, certificates, settings }: Material) {
  const { authorities, ...rest } = certificates;
  const { users, files, configuration, previousConfiguration, systemCredentials, ...credential } = credentials;
  return {
    ...credential,
    ...rest,
    clientCa: authorities.client,
    routeCa: authorities.route,
    users: users.length === 0 ? undefined : formatUsers(users),
    configuration: configuration?.texts,
    previousConfiguration,
    files: Object.keys(files).length === 0 ? undefined : formatFiles(files),
    systemCredentials: systemCredentials && formatCredentials(systemCredentials),
    settings,
  };
}

const OWN = readTexts({ input: 'config', file: 'config', text: 'ping_max: 3', included: new Map() });

const text = fc.string({ minLength: 1, unit: 'binary' });
const since = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true });
const credential: fc.Arbitrary<Credentials> = fc.record({ user: text, password: text });
const madeHere: fc.Arbitrary<Ca> = fc.record({
  certificate: text,
  privateKey: text,
  custody: fc.constant('cluster'),
  cross: fc.option(text, { nil: undefined }),
});
const ofUser: fc.Arbitrary<Ca> = madeHere.map((made) => ({ ...made, privateKey: undefined, custody: 'user' }));

function trackOf<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Track<Value>> {
  return fc
    .tuple(fc.constantFrom(...ROTATION_PHASES), value, value, fc.option(since, { nil: undefined }))
    .map(([phase, older, newer, instant]) => inPhase(phase, older, newer, instant));
}

describe('the stored material', () => {
  test('is read by the next run as it was written, in any phase of any rotation', () => {
    const authority = fc.option(trackOf(fc.oneof(madeHere, ofUser)), { nil: undefined });
    fc.assert(
      fc.property(trackOf(credential), trackOf(credential), authority, authority, (client, route, ca, routeCa) => {
        const plain = materialFor(spec, { authorities: { client: ca, route: routeCa } });
        const users = client.phase === 'idle' ? [] : [{ user: 'more', password: 'ü"' }];
        const files = client.phase === 'idle' ? {} : { 'a.conf': 'ü"\n' };
        const kept = route.phase === 'idle' ? {} : { configuration: OWN, previousConfiguration: '{}' };
        const material = { ...plain, credentials: { ...plain.credentials, client, route, users, files, ...kept } };
        expect(decodeStoredMaterial('nats', liveSecrets(spec, material))).toEqual(expected(material));
      }),
      { numRuns: 500 },
    );
  });

  test('contains client certificates by user name', () => {
    const names = ['nats_client_user', 'system-user', 'probe-user', 'orders', 'orders.eu'];
    const clients = Object.fromEntries(names.map((name) => [name, leaf(name)]));
    const material = materialFor(spec, { clients });
    expect(decodeStoredMaterial('nats', liveSecrets(spec, material))).toEqual(expected(material));
  });

  test('does not contain the key of a user-provided CA', () => {
    const current: Ca = { certificate: 'given', privateKey: 'given key', custody: 'user', cross: undefined };
    const material = materialFor(spec, { authorities: { client: { phase: 'idle', current }, route: undefined } });
    const { clientCa } = decodeStoredMaterial('nats', liveSecrets(spec, material));
    expect(clientCa).toEqual({ phase: 'idle', current: { ...current, privateKey: undefined } });
  });

  test('is empty without a cluster', () => {
    expect(decodeStoredMaterial('nats', [])).toEqual(nothingStored());
  });

  test('excludes Secrets of other NATS clusters', () => {
    expect(decodeStoredMaterial('other', liveSecrets(spec, materialFor(spec)))).toEqual(nothingStored());
  });

  test('loses only the content of a lost Secret', () => {
    const material = materialFor(spec);
    const { authorities, ...rest } = material.certificates;
    const secrets = liveSecrets(spec, material);
    const without = (name: string) =>
      decodeStoredMaterial(
        'nats',
        secrets.filter((secret) => secret.name !== name),
      );
    expect(without('nats-authorities')).toEqual({
      ...nothingStored(expected(material)),
      clientCa: undefined,
      routeCa: undefined,
    });
    expect(without('nats-system')).toEqual(
      nothingStored({
        ...rest,
        clientCa: authorities.client,
        routeCa: authorities.route,
        client: material.credentials.client,
      }),
    );
    expect(without('nats-client')).toEqual(expected(material));
  });
});

describe('a damaged Secret', () => {
  const halves: readonly (readonly [string, Texts])[] = [
    ['nats-client', { username: 'a', password: '' }],
    ['nats-system', { 'system-password': 'p', 'client-username': 'u', 'settings.json': '' }],
    ['nats-authorities', { 'client-ca.key': 'k', 'client-ca-cross.crt': 'c', 'route-ca-next.crt': 'c' }],
    ['tls-nats-server', { 'tls.crt': 'c' }],
    ['tls-nats-client', { 'ca.pem': 'c', 'ca.crt': '' }],
    ['tls-nats-client-orders', { 'tls.key': 'k' }],
    ['tls-nats-routes', { 'route-nats-0.crt': 'c', 'route-x.crt': 'c', 'route-x.key': 'k', 'route-.crt': '' }],
    ['tls-nats-routes', { 'route-nats-00.crt': 'c', 'route-nats-00.key': 'k', __proto__: 'p' }],
  ];

  test.each(halves)('%s: an incomplete pair, an empty value and an unknown key are ignored: %j', (name, data) => {
    expect(decodeStoredMaterial('nats', [{ name, data }])).toEqual(nothingStored());
  });

  test('is read as it is, and checked later', () => {
    const data = { 'tls.crt': '\u0000', 'tls.key': 'not a key', 'ca.crt': '-----BEGIN' };
    const stored = decodeStoredMaterial('nats', [{ name: 'tls-nats-client-__proto__', data }]);
    expect(Object.keys(stored.clients)).toEqual(['__proto__']);
    expect(Reflect.get(stored.clients, 'tls.crt')).toBeUndefined();
  });

  test.each(['trust-both', 'swap-leaves', 'overlap', 'overlap soon', 'on its way', ''])(
    'with an unknown rotation phase is refused, not guessed: %j',
    (phase) => {
      const data = { 'client-ca.crt': 'c', 'client-ca.key': 'canary', 'client-ca-rotation': phase };
      expect(() => decodeStoredMaterial('nats', [{ name: 'nats-authorities', data }])).toThrow(
        expect.objectContaining({ code: 'ROTATION_UNSAFE', message: expect.not.stringContaining('canary') }),
      );
    },
  );

  test('causes no error but ROTATION_UNSAFE', () => {
    const key = fc.oneof(
      fc.string(),
      fc
        .constantFrom('client-ca', 'route-ca', 'client', 'route', 'system')
        .chain((prefix) =>
          fc
            .constantFrom('.crt', '.key', '-rotation', '-next.crt', '-username', '-password')
            .map((end) => prefix + end),
        ),
    );
    const value = fc.oneof(fc.string(), fc.constantFrom(...ROTATION_PHASES, 'overlap 2026-11-23T00:00:00.000Z'));
    const name = fc.constantFrom('nats-system', 'nats-authorities', 'nats-client', 'tls-nats-routes');
    fc.assert(
      fc.property(fc.array(fc.record({ name, data: fc.dictionary(key, value) })), (secrets) => {
        try {
          decodeStoredMaterial('nats', secrets);
        } catch (error) {
          expect(error).toMatchObject({ code: 'ROTATION_UNSAFE' });
        }
      }),
    );
  });

  test.each(['none', 'verify-and-map'] as const)(
    'without users is replaced by the users in the configuration (client-verify %s)',
    (clientVerify) => {
      const own = clusterSpec({ clientVerify });
      const { credentials, certificates, ...rest } = materialFor(own);
      const { text: configurationText } = buildConfiguration(own, credentials, certificates);
      const secrets = liveSecrets(own, { credentials, certificates, ...rest, configurationText });
      const left = secrets.filter(({ name }) => name !== 'nats-system');
      expect(left).toHaveLength(secrets.length - 1);
      const { system, route, client } = decodeStoredMaterial('nats', left);
      expect({ system, route }).toEqual({ system: credentials.system, route: credentials.route });
      expect(client).toEqual(credentials.client);
      expect(
        decodeStoredMaterial(
          'nats',
          left.filter(({ name }) => name !== 'nats-config'),
        ).system,
      ).toBeUndefined();
    },
  );

  test.each(['', 'no { configuration', 'port: 4222', 'accounts: 1', 'accounts { $SYS { users: [1] } }', 'cluster []'])(
    'without users is not replaced by the unusable configuration "%s"',
    (configurationText) => {
      const secrets = liveSecrets(spec, { ...materialFor(spec), configurationText });
      const left = secrets.filter(({ name }) => name !== 'nats-system');
      expect(decodeStoredMaterial('nats', left)).toMatchObject({ system: undefined, route: undefined });
    },
  );
});
