import { describe, expect, test } from '@jest/globals';
import type { ClusterSpec } from '../../../../src/cluster/spec.ts';
import {
  crossSign,
  issueCa,
  issueEphemeralLeaf,
  issueUnknownCa,
  type Purpose,
  parseSigningCa,
} from '../../../../src/commands/issuance/signing.ts';
import { isIssuedBy } from '../../../../src/pki/chain.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';
import { AUTHORITY_TERMS, certificateOf, DAY_MS, NOW } from '../../support/issued-certificates.ts';

const spec = clusterSpec();

const make = async (purpose: Purpose, overrides: Partial<ClusterSpec> = {}) =>
  await issueCa(clusterSpec(overrides), purpose, AUTHORITY_TERMS);

describe('a new CA', () => {
  test('has a unique name that shows its purpose, however long the name of the cluster is', async () => {
    const name = 'a'.repeat(53);
    const made = await Promise.all([make('client', { name }), make('client', { name }), make('route', { name })]);
    const names = made.map(({ certificate }) => certificateOf(certificate).commonName ?? '');
    expect(new Set(names).size).toBe(3);
    for (const commonName of names) {
      expect(commonName).toMatch(/^a+ (client|route)s /);
      expect(commonName.length).toBeLessThanOrEqual(64);
    }
  });

  test('has the key algorithm and validity of the inputs', async () => {
    const { certificate } = await make('client', { keyAlgorithm: 'ed25519' });
    expect(certificateOf(certificate)).toMatchObject({
      keyAlgorithm: 'ed25519',
      notAfter: new Date(NOW.getTime() + 1825 * DAY_MS),
    });
  });
});

describe('the cross-signed certificate of a new CA', () => {
  test('contains its name and key, signed by the previous CA', async () => {
    const [before, next] = [await make('client'), await make('client', { keyAlgorithm: 'ed25519' })];
    const { cross, ...rest } = crossSign(spec, 'client', { next, before, now: NOW });
    expect(rest).toEqual({ ...next, cross: undefined, ...rest });
    const certificate = certificateOf(cross ?? '');
    expect(isIssuedBy(certificate, certificateOf(before.certificate))).toBe(true);
    expect(certificate).toMatchObject({ subject: certificateOf(next.certificate).subject, keyAlgorithm: 'ed25519' });
    expect(certificate.notAfter).toEqual(certificateOf(before.certificate).notAfter);
  });

  test.each([
    ['the key of the previous CA is not available', { privateKey: undefined }, 0],
    ['the previous CA has expired', {}, 1826],
  ])('is not made if %s', async (_, lost, days) => {
    const [before, next] = [await make('client'), await make('client')];
    const now = new Date(NOW.getTime() + days * DAY_MS);
    expect(crossSign(spec, 'client', { next, before: { ...before, ...lost }, now }).cross).toBeUndefined();
  });

  test('is not made if the previous CA permits no CA below itself', async () => {
    const [before, next] = [await make('client'), await make('client')];
    const crossed = crossSign(spec, 'client', { next, before, now: NOW });
    const below = { ...next, certificate: crossed.cross ?? '' };
    const third = await make('client');
    expect(crossSign(spec, 'client', { next: third, before: below, now: NOW }).cross).toBeUndefined();
  });
});

describe('a temporary certificate for the security checks', () => {
  test('is valid for an hour and comes from the CA to be checked', async () => {
    const authority = parseSigningCa(spec, 'route', await make('route'));
    const leaf = certificateOf((await issueEphemeralLeaf(authority, spec, NOW)).certificate);
    expect(leaf.notAfter).toEqual(new Date(NOW.getTime() + 3_600_000));
    expect(isIssuedBy(leaf, authority.certificate)).toBe(true);
  });

  test('from an unknown CA verifies under no CA that a server trusts', async () => {
    const known = await make('route');
    const foreign = await issueUnknownCa(clusterSpec({ keyAlgorithm: 'rsa-4096' }), NOW);
    const leaf = certificateOf((await issueEphemeralLeaf(foreign, spec, NOW)).certificate);
    expect(isIssuedBy(leaf, foreign.certificate)).toBe(true);
    expect(isIssuedBy(leaf, certificateOf(known.certificate))).toBe(false);
  });
});

test.each(['client', 'route'] as const)('errors about the stored %s CA do not contain its key', async (purpose) => {
  const made = await make(purpose);
  const canary = 'canary'.repeat(8);
  const broken = { ...made, privateKey: made.privateKey?.replace(/\n[^-]{20}/, `\n${canary}`) };
  expect(() => parseSigningCa(spec, purpose, broken)).toThrow(
    expect.objectContaining({
      code: 'PKI_INVALID',
      message: expect.not.stringContaining('canary'),
      details: { field: `Secret messaging/nats-authorities ${purpose}-ca.key` },
    }),
  );
});
