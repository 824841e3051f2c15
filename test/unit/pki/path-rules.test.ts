import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Ca } from '../../../src/pki/ca.ts';
import type { Certificate } from '../../../src/pki/certificate.ts';
import { checkIssuer, verifyChain } from '../../../src/pki/chain.ts';
import type { ExtendedKeyUsage } from '../../../src/pki/extensions.ts';
import type { NameConstraints } from '../../../src/pki/name-constraints.ts';
import { DAY_MS, type IssuedLeaf, makeAuthority, makeIntermediate, makeLeaf, NOW } from '../support/issuance.ts';

type Parts = { readonly leaf: Certificate; readonly below: Certificate; readonly root: Certificate };
type Terms = { readonly usages: readonly ExtendedKeyUsage[]; readonly now: Date };

let issued: IssuedLeaf;
let below: Ca;
let sound: Parts;

beforeAll(async () => {
  const { authority } = await makeAuthority({ commonName: 'root', pathLength: 1 });
  below = await makeIntermediate(authority);
  issued = await makeLeaf(below);
  sound = { leaf: issued.leaf, below: below.certificate, root: authority.certificate };
});

const terms: Terms = { usages: ['serverAuth', 'clientAuth'], now: NOW };
const none = { dnsNames: [], ipRanges: [], emailAddresses: [], uriHosts: [] };
const only = (...dnsNames: readonly string[]): NameConstraints => ({
  permitted: { ...none, dnsNames },
  excluded: none,
});
const later = (days: number): Date => new Date(NOW.getTime() + days * DAY_MS);

type Row = readonly [string, (parts: Parts) => Partial<Parts>, string, Partial<Terms>?];

/**
 * The rows break one rule each. Certificates are changed after they were parsed, so that their signatures stay valid.
 */
const rows: readonly Row[] = [
  ['an intermediate CA has expired', ({ below: ca }) => ({ below: { ...ca, notAfter: later(-1) } }), 'Expired'],
  [
    'an intermediate CA is not valid yet',
    ({ below: ca }) => ({ below: { ...ca, notBefore: later(1) } }),
    'NotYetValid',
  ],
  ['the root has expired', ({ root }) => ({ root: { ...root, notAfter: later(-1) } }), 'Expired'],
  ['the root is not valid yet', ({ root }) => ({ root: { ...root, notBefore: later(1) } }), 'NotYetValid'],
  ['the leaf certificate has expired', ({ leaf }) => ({ leaf: { ...leaf, notAfter: later(-1) } }), 'Expired'],
  ['an issuer is not a CA', ({ below: ca }) => ({ below: { ...ca, isCa: false } }), 'NotAuthority'],
  ['the root is not a CA', ({ root }) => ({ root: { ...root, isCa: false } }), 'NotAuthority'],
  [
    'an issuer of version 1 is not a root',
    ({ below: ca }) => ({ below: { ...ca, version: 1, isCa: false } }),
    'NotAuthority',
  ],
  ['an issuer must not sign', ({ below: ca }) => ({ below: { ...ca, keyUsage: ['cRLSign'] } }), 'NotAuthority'],
  ['the root must not sign', ({ root }) => ({ root: { ...root, keyUsage: [] } }), 'NotAuthority'],
  ['a key is weak', ({ below: ca }) => ({ below: { ...ca, weakKey: 'key rsa-1024 is not accepted' } }), 'WeakKey'],
  ['the key of the root is weak', ({ root }) => ({ root: { ...root, weakKey: 'weak' } }), 'WeakKey'],
  ['a signature is weak', ({ below: ca }) => ({ below: { ...ca, weakSignature: 'SHA-1' } }), 'WeakSignature'],
  ['the signature of the leaf is weak', ({ leaf }) => ({ leaf: { ...leaf, weakSignature: 'SHA-1' } }), 'WeakSignature'],
  ['the root allows no CA below it', ({ root }) => ({ root: { ...root, pathLength: 0 } }), 'PathTooLong'],
  [
    'a CA is only for clients',
    ({ below: ca }) => ({ below: { ...ca, extendedKeyUsage: ['clientAuth'] } }),
    'UsagesDiffer',
  ],
  [
    'a CA is only for servers',
    ({ below: ca }) => ({ below: { ...ca, extendedKeyUsage: ['serverAuth'] } }),
    'UsagesDiffer',
  ],
  ['the root is for other uses', ({ root }) => ({ root: { ...root, extendedKeyUsage: ['1.2.3'] } }), 'UsagesDiffer'],
  ['a CA is for any use', ({ below: ca }) => ({ below: { ...ca, extendedKeyUsage: ['2.5.29.37.0'] } }), 'UsagesDiffer'],
  [
    'the root permits other names',
    ({ root }) => ({ root: { ...root, nameConstraints: only('other.svc') } }),
    'NameNotPermitted',
  ],
  [
    'the root does not permit the name of a CA',
    ({ below: ca, root }) => ({
      below: { ...ca, dnsNames: ['other.svc'], encodedAltNames: '30' },
      root: { ...root, nameConstraints: only('example.svc', 'localhost') },
    }),
    'NameNotPermitted',
  ],
  ['a CA demands policies', ({ below: ca }) => ({ below: { ...ca, policyDemand: 'demands' } }), 'PoliciesDemanded'],
  [
    'the encoded names differ',
    ({ root }) => ({ root: { ...root, encoded: { ...root.encoded, subject: '30' } } }),
    'UnknownAuthority',
  ],
  ['the key identifiers differ', ({ root }) => ({ root: { ...root, subjectKeyId: '00' } }), 'UnknownAuthority'],
];

const verify = ({ leaf, below: ca, root }: Parts, given: Partial<Terms> = {}) =>
  verifyChain({ leaf, intermediates: [ca], trusted: [root], ...terms, ...given });

describe('a chain is refused if', () => {
  test.each(rows)('%s', (_, change, reason, given = {}) => {
    expect(verify(sound, given)).toBeUndefined();
    expect(verify({ ...sound, ...change(sound) }, given)?.reason).toBe(reason);
  });
});

describe('a chain is valid', () => {
  const accepted: readonly (readonly [string, (parts: Parts) => Partial<Parts>, Partial<Terms>?])[] = [
    ['with any signature algorithm of the root', ({ root }) => ({ root: { ...root, weakSignature: 'SHA-1' } })],
    ['with any policies that the root demands', ({ root }) => ({ root: { ...root, policyDemand: 'demands' } })],
    ['under a root of version 1', ({ root }) => ({ root: { ...root, version: 1, isCa: false, keyUsage: undefined } })],
    [
      'through CAs that state both usages',
      ({ below: ca }) => ({ below: { ...ca, extendedKeyUsage: ['serverAuth', 'clientAuth'] } }),
    ],
    [
      'for the usage of its CA',
      ({ below: ca }) => ({ below: { ...ca, extendedKeyUsage: ['serverAuth'] } }),
      { usages: ['serverAuth'] },
    ],
    ['from the first second of the leaf certificate', ({ leaf }) => ({ leaf: { ...leaf, notBefore: NOW } })],
    ['until the last second of the leaf certificate', ({ leaf }) => ({ leaf: { ...leaf, notAfter: NOW } })],
    [
      'if the leaf certificate names no key of its issuer',
      ({ leaf }) => ({ leaf: { ...leaf, authorityKeyId: undefined } }),
    ],
    ['if its CA states no key identifier', ({ below: ca }) => ({ below: { ...ca, subjectKeyId: undefined } })],
    ['with any number of CAs below its root', ({ root }) => ({ root: { ...root, pathLength: undefined } })],
    [
      'if the leaf certificate has the name of its CA',
      ({ leaf, below: ca }) => ({
        leaf: { ...leaf, encoded: { ...leaf.encoded, subject: ca.encoded.subject }, encodedAltNames: undefined },
      }),
    ],
  ];
  test.each(accepted)('%s', (_, change, given = {}) => {
    expect(verify({ ...sound, ...change(sound) }, given)).toBeUndefined();
  });

  test('if it contains the valid one of two CAs with the same name and key, in either order', () => {
    const { leaf, below: ca, root } = sound;
    const flawed = { ...ca, notAfter: later(-1), fingerprint256: 'ff' };
    for (const intermediates of [
      [flawed, ca],
      [ca, flawed],
    ]) {
      expect(verifyChain({ leaf, intermediates, trusted: [root], ...terms })).toBeUndefined();
    }
  });

  test('if the leaf certificate itself is one of the trusted certificates', () => {
    const { leaf, root } = sound;
    expect(verifyChain({ leaf, intermediates: [], trusted: [leaf], ...terms })).toBeUndefined();
    expect(verifyChain({ leaf, intermediates: [], trusted: [root, leaf], ...terms })).toBeUndefined();
  });
});

test('a chain without a trusted CA is explained by the first of its CAs with the same name and key', () => {
  const { leaf, below: ca } = sound;
  const expired = { ...ca, notAfter: later(-1), fingerprint256: 'ff' };
  const verdict = (...intermediates: readonly Certificate[]) =>
    verifyChain({ leaf, intermediates, trusted: [], ...terms })?.reason;
  expect(verdict(expired, ca)).toBe('Expired');
  expect(verdict(ca, expired)).toBe('UnknownAuthority');
});

test('the search for a chain verifies up to 100 signatures, as Go does', async () => {
  const { leaf, below: ca, root } = sound;
  const { authority } = await makeAuthority({ commonName: 'intermediate' });
  const impostor = { ...authority.certificate, subjectKeyId: undefined };
  const verdict = (impostors: number) =>
    verifyChain({
      leaf,
      intermediates: [...Array.from({ length: impostors }, () => impostor), ca],
      trusted: [root],
      ...terms,
    })?.reason;
  // The intermediate and the root take the last two of the 100.
  expect(verdict(98)).toBeUndefined();
  expect(verdict(99)).toBe('UnknownAuthority');
});

test('the search for a chain ends soon, however many CAs have the same name', () => {
  const { leaf, below: ca } = sound;
  const twins = Array.from({ length: 400 }, (_, index): Certificate => {
    const encoded = { ...ca.encoded, issuer: ca.encoded.subject, publicKeyInfo: String(index) };
    return { ...ca, encoded, authorityKeyId: undefined, fingerprint256: String(index) };
  });
  const startedAt = performance.now();
  expect(verifyChain({ leaf, intermediates: twins, trusted: [], ...terms })?.reason).toBe('UnknownAuthority');
  expect(performance.now() - startedAt).toBeLessThan(2000);
});

describe('a certificate that a CA signs is refused if', () => {
  const chained: readonly Row[] = rows.filter(
    ([, , reason]) => !['UnknownAuthority', 'NameNotPermitted'].includes(reason),
  );
  test.each(chained.filter(([name]) => !name.includes('leaf')))('%s', (_, change, reason) => {
    const { below: certificate, root } = { ...sound, ...change(sound) };
    expect(checkIssuer({ certificate: sound.below, chain: [sound.root] }, terms)).toBeUndefined();
    expect(checkIssuer({ certificate, chain: [root] }, terms)?.reason).toBe(reason);
  });
});
