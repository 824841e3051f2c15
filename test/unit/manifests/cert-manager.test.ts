import { describe, expect, test } from '@jest/globals';
import { podHost, serviceHost } from '../../../src/cluster/addresses.ts';
import {
  buildCertManagerManifests,
  nameCertManagerObjects,
  useCertManagerSecrets,
} from '../../../src/manifests/cert-manager.ts';
import { buildNonSecretManifests } from '../../../src/manifests/manifests.ts';
import { KEY_ALGORITHMS } from '../../../src/pki/key-algorithm.ts';
import { clusterSpec } from '../support/cluster-spec.ts';

const HOUR_MS = 3_600_000;
const terms = {
  certificateValidityMs: 90 * 24 * HOUR_MS,
  caValidityMs: 365 * 24 * HOUR_MS,
  renewBeforeMs: 90_000,
  isCaGiven: false,
};
const manifests = buildCertManagerManifests(clusterSpec(), terms);
const certificate = (name: string, of = manifests) =>
  of.flatMap((one) => (one.kind === 'Certificate' && one.metadata.name === name ? [one.spec] : []))[0];

describe('the cert-manager resources of a rendering', () => {
  test('issue every Secret that the pods mount, except the configuration', () => {
    const mounted = JSON.stringify(buildNonSecretManifests(useCertManagerSecrets(clusterSpec())));
    const { server, route } = nameCertManagerObjects('nats');
    for (const name of [server, route]) {
      expect(mounted).toContain(`"name":"${name}"`);
      expect(certificate(name)?.secretName).toBe(name);
    }
    expect(mounted).not.toContain('tls-nats');
  });

  test('contain the names and usages that a user-provided certificate needs', () => {
    const spec = clusterSpec();
    const pods = [0, 1, 2].map((ordinal) => podHost(spec, ordinal));
    const server = certificate('nats-server-tls');
    expect(server?.dnsNames).toEqual(expect.arrayContaining([serviceHost('nats', 'messaging'), ...pods, 'localhost']));
    expect(server).toMatchObject({ usages: ['digital signature', 'server auth'], ipAddresses: ['127.0.0.1'] });
    expect(certificate('nats-route-tls')).toMatchObject({
      dnsNames: pods,
      usages: ['digital signature', 'server auth', 'client auth'],
      duration: '2160h',
      renewBefore: '90s',
    });
  });

  test('contain separate CAs for clients and routes, whose keys stay the same on renewal', () => {
    expect(certificate('nats-server-tls')?.issuerRef.name).toBe('nats-client-ca');
    expect(certificate('nats-route-tls')?.issuerRef.name).toBe('nats-route-ca');
    for (const name of ['nats-client-ca', 'nats-route-ca']) {
      expect(certificate(name)).toMatchObject({
        isCA: true,
        privateKey: { rotationPolicy: 'Never' },
        secretName: name,
      });
    }
  });

  test('contain an Issuer for every reference', () => {
    const issuers = manifests.flatMap(({ kind, metadata }) => (kind === 'Issuer' ? [metadata.name] : []));
    const used = manifests.flatMap((one) => (one.kind === 'Certificate' ? [one.spec.issuerRef.name] : []));
    expect(new Set(used)).toEqual(new Set(issuers));
  });

  test('are missing for user-provided Secrets', () => {
    const of = (overrides: Parameters<typeof clusterSpec>[0]) =>
      buildCertManagerManifests(clusterSpec(overrides), terms).map(({ metadata }) => metadata.name);
    expect(of({ serverTlsSecret: 'a', routeTlsSecret: 'b' })).toEqual([]);
    expect(of({ serverTlsSecret: 'a' })).toEqual([
      'nats-self-signed',
      'nats-route-ca',
      'nats-route-ca',
      'nats-route-tls',
    ]);
    expect(of({ routeTlsSecret: 'a' })).not.toContain('nats-route-tls');
  });

  test.each(KEY_ALGORITHMS)('have keys of type %s', (keyAlgorithm) => {
    const key = certificate(
      'nats-server-tls',
      buildCertManagerManifests(clusterSpec({ keyAlgorithm }), terms),
    )?.privateKey;
    const [family = '', size] = keyAlgorithm.split(/-p?/);
    expect({ family: key?.algorithm.toLowerCase(), size: key?.size }).toEqual({
      family,
      size: size === undefined ? undefined : Number(size),
    });
  });
});
