import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Ca } from '../../../src/pki/ca.ts';
import { bundleTrust, parseCertificate } from '../../../src/pki/certificate.ts';
import { verifyChain } from '../../../src/pki/chain.ts';
import { checkCrossSigning, signCrossCertificate } from '../../../src/pki/cross-certificate.ts';
import type { CaRequest } from '../../../src/pki/issue.ts';
import { crossTerms, DAY_MS, makeAuthority, makeIntermediate, makeLeaf, NOW } from '../support/issuance.ts';
import { refusedField } from '../support/refusal.ts';

let old: Ca;
let next: Ca;
let foreign: Ca;

const named = async (commonName: string, overrides: Partial<CaRequest> = {}): Promise<Ca> =>
  (await makeAuthority({ commonName, pathLength: 1, ...overrides })).authority;

beforeAll(async () => {
  [old, next, foreign] = await Promise.all([
    named('clients 1'),
    named('clients 2', { permittedDnsNames: ['example.svc'] }),
    named('clients 1'),
  ]);
});

describe('a cross-signed certificate', () => {
  test('has the name, key, constraints and usages of its subject, and signs no further CA', () => {
    const cross = parseCertificate(signCrossCertificate(old, next, crossTerms()), 'cross');
    expect(cross).toMatchObject({
      subject: 'CN=clients 2',
      issuer: 'CN=clients 1',
      isCa: true,
      pathLength: 0,
      keyUsage: next.certificate.keyUsage,
      nameConstraints: next.certificate.nameConstraints,
      subjectKeyId: next.certificate.subjectKeyId,
      authorityKeyId: old.certificate.subjectKeyId,
    });
    const keyOf = (pem: string) => new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' });
    expect(keyOf(cross.pem)).toEqual(keyOf(next.certificate.pem));
  });

  test.each([
    ['the wanted end', 30, 365, 365],
    ['the end of its issuer', 30, 20, 365],
    ['the end of its subject', 30, 365, 10],
  ])('ends at the earliest of these times: %s', async (_, wanted, issuerDays, subjectDays) => {
    const days = (count: number) => ({ notAfter: new Date(NOW.getTime() + count * DAY_MS) });
    const [issuer, subject] = [await named('a', days(issuerDays)), await named('b', days(subjectDays))];
    const cross = parseCertificate(signCrossCertificate(issuer, subject, crossTerms(days(wanted))), 'cross');
    expect(cross.notAfter).toEqual(days(Math.min(wanted, issuerDays, subjectDays)).notAfter);
  });

  test('makes a certificate valid for clients that trust only its issuer, and for no others', async () => {
    const { leaf } = await makeLeaf(next, { subjectAltNames: { dnsNames: ['a.example.svc'], ipAddresses: [] } });
    const cross = parseCertificate(signCrossCertificate(old, next, crossTerms()), 'cross');
    const verdict = (trusted: readonly Ca[], intermediates = [cross]) =>
      verifyChain({
        usages: ['serverAuth'],
        leaf,
        intermediates,
        trusted: trusted.map(({ certificate }) => certificate),
        now: NOW,
      })?.reason;
    expect(verdict([old])).toBeUndefined();
    expect(verdict([next])).toBeUndefined();
    expect(verdict([old, next])).toBeUndefined();
    expect(verdict([foreign])).toBe('UnknownAuthority');
    expect(verdict([old], [])).toBe('UnknownAuthority');
  });

  test('makes a certificate valid beside the self-signed certificate of its CA, also a repeated one', async () => {
    const { leaf } = await makeLeaf(next, { subjectAltNames: { dnsNames: ['a.example.svc'], ipAddresses: [] } });
    const cross = parseCertificate(signCrossCertificate(old, next, crossTerms()), 'cross');
    for (const intermediates of [
      [cross, next.certificate],
      [next.certificate, next.certificate, cross],
    ]) {
      const trusted = [old.certificate];
      expect(verifyChain({ usages: ['serverAuth'], leaf, intermediates, trusted, now: NOW })).toBeUndefined();
    }
  });

  test('states key usage and key identifier even if its subject does not', async () => {
    const { keyUsage: _, ...unstated } = next.certificate;
    const subject = { ...next, certificate: { ...unstated, keyUsage: undefined } };
    expect(parseCertificate(signCrossCertificate(old, subject, crossTerms()), 'cross').keyUsage).toEqual([
      'keyCertSign',
      'cRLSign',
    ]);
  });

  const rows: readonly (readonly [string, () => Promise<readonly [Ca, Ca]>, string])[] = [
    [
      'by a CA that may sign only leaf certificates',
      async () => [await named('leaves', { pathLength: 0 }), next],
      'pathLength',
    ],
    ['by an intermediate CA of such a CA', async () => [await makeIntermediate(old), next], 'pathLength'],
    ['for a CA of the same name', async () => [old, foreign], 'commonName'],
    ['by a CA that has expired', async () => [withExpiredCertificate(old), next], 'validity'],
  ];
  test.each(rows)('is refused %s', async (_, pair, field) => {
    const [issuer, subject] = await pair();
    expect(await refusedField(() => signCrossCertificate(issuer, subject, crossTerms()))).toBe(field);
  });

  test('counts every CA above its issuer', async () => {
    const above = { ...old.certificate, pathLength: 2, subject: 'CN=root', issuer: 'CN=root' };
    const below = { ...old.certificate, issuer: 'CN=root' };
    const issuer = { ...old, certificate: below, chain: [above] };
    expect(checkCrossSigning(issuer, next)).toBeUndefined();
    expect(checkCrossSigning({ ...issuer, chain: [{ ...above, pathLength: 1 }] }, next)).toMatchObject({
      reason: 'PathTooLong',
      field: 'pathLength',
    });
  });
});

function withExpiredCertificate(authority: Ca): Ca {
  return { ...authority, certificate: { ...authority.certificate, notAfter: new Date(NOW.getTime() - DAY_MS) } };
}

test('a bundle of a CA and its issuers verifies certificates that are sent with the intermediate', async () => {
  const intermediate = await makeIntermediate(old);
  const { leaf, intermediates } = await makeLeaf(intermediate);
  const bundle = bundleTrust(intermediate.certificate, ...intermediate.chain);
  expect(bundle).toBe(`${intermediate.certificate.pem}${old.certificate.pem}`);
  const trusted = [intermediate.certificate, ...intermediate.chain];
  expect(verifyChain({ usages: ['serverAuth'], leaf, intermediates, trusted, now: NOW })).toBeUndefined();
});
