import { beforeAll, describe, expect, test } from '@jest/globals';
import type { CaRequest } from '../../../src/pki/issue.ts';
import { computeValidity } from '../../../src/pki/signed-certificate.ts';
import { DAY_MS, type IssuedAuthority, makeAuthority, makeLeaf, NOW } from '../support/issuance.ts';
import { refusedField } from '../support/refusal.ts';

let root: IssuedAuthority;
beforeAll(async () => {
  root = await makeAuthority();
});

const names = (dnsNames: readonly string[], ipAddresses: readonly string[] = []) => ({
  subjectAltNames: { dnsNames, ipAddresses },
});

describe('a new CA', () => {
  test('may sign only leaf certificates, and signs itself', () => {
    const { certificate } = root.authority;
    expect(certificate).toMatchObject({
      subject: 'CN=nats authority',
      issuer: 'CN=nats authority',
      isCa: true,
      pathLength: 0,
      keyUsage: ['keyCertSign', 'cRLSign'],
      extendedKeyUsage: undefined,
      signatureAlgorithm: 'ecdsa-with-SHA256',
      authorityKeyId: certificate.subjectKeyId,
    });
    expect(certificate.subjectKeyId).toMatch(/^[0-9a-f]{40}$/);
  });

  test('has its name constraints, and permits no address', async () => {
    const { authority } = await makeAuthority({ permittedDnsNames: ['example.svc'] });
    expect(authority.certificate.nameConstraints).toEqual({
      permitted: { dnsNames: ['example.svc'], ipRanges: [], emailAddresses: [], uriHosts: [] },
      excluded: { dnsNames: [], ipRanges: ['00'.repeat(8), '00'.repeat(32)], emailAddresses: [], uriHosts: [] },
    });
    const outside = { ...names(['nats-0.example.svc', 'other.svc']) };
    expect(await refusedField(() => makeLeaf(authority, outside))).toBe('subjectAltNames');
    expect(await refusedField(() => makeLeaf(authority, names([], ['10.0.0.1'])))).toBe('subjectAltNames');
    const { leaf } = await makeLeaf(authority, names(['nats-0.example.svc']));
    expect(leaf.dnsNames).toEqual(['nats-0.example.svc']);
  });

  const rows: readonly (readonly [string, Partial<CaRequest>, string])[] = [
    ['an empty name', { commonName: '' }, 'commonName'],
    ['a name of 65 characters', { commonName: 'é'.repeat(65) }, 'commonName'],
    ['a negative path length', { pathLength: -1 }, 'pathLength'],
    ['a path length of 128', { pathLength: 128 }, 'pathLength'],
    ['half a path length', { pathLength: 0.5 }, 'pathLength'],
    ['a constraint on a wildcard', { permittedDnsNames: ['*.svc'] }, 'permittedDnsNames'],
    ['a constraint on an invalid DNS name', { permittedDnsNames: ['a b'] }, 'permittedDnsNames'],
  ];
  test.each(rows)('is refused with %s', async (_, overrides, field) => {
    expect(await refusedField(() => makeAuthority(overrides))).toBe(field);
  });
});

test.each([1, 127])('a new CA may allow %d CAs below it', async (pathLength) => {
  const { authority } = await makeAuthority({ pathLength });
  expect(authority.certificate.pathLength).toBe(pathLength);
});

test('a new CA may have a name of 64 characters', async () => {
  const commonName = 'é'.repeat(64);
  expect((await makeAuthority({ commonName })).authority.certificate.commonName).toBe(commonName);
});

describe('the validity of a certificate', () => {
  test('begins five minutes early, for clocks that are behind', () => {
    const window = computeValidity(new Date('2026-01-01T00:00:00.900Z'), 90 * DAY_MS);
    expect(window.notBefore).toEqual(new Date('2025-12-31T23:55:00Z'));
    expect(window.notAfter).toEqual(new Date('2026-04-01T00:00:00Z'));
  });

  test('ends with that of its CA at the latest', () => {
    const limit = new Date(NOW.getTime() + DAY_MS);
    expect(computeValidity(NOW, 90 * DAY_MS, limit).notAfter).toEqual(limit);
  });
});
