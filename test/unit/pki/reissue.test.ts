import { beforeAll, describe, expect, test } from '@jest/globals';
import { readEncodedParts } from '../../../src/pki/certificate.ts';
import { verifyChain } from '../../../src/pki/chain.ts';
import { parsePrivateKey } from '../../../src/pki/private-key.ts';
import {
  checkStoredLeaf,
  type ReissueInput,
  type ReissueReason,
  readStoredLeaf,
  type WantedLeaf,
} from '../../../src/pki/reissue.ts';
import { DAY_MS, type IssuedAuthority, type IssuedLeaf, makeAuthority, makeLeaf, NOW } from '../support/issuance.ts';

let root: IssuedAuthority;
let foreign: IssuedAuthority;
let constrained: IssuedAuthority;
let issued: IssuedLeaf;

beforeAll(async () => {
  [root, foreign, constrained] = await Promise.all([
    makeAuthority(),
    makeAuthority(),
    makeAuthority({ permittedDnsNames: ['example.svc'], commonName: 'constrained' }),
  ]);
  issued = await makeLeaf(root.authority);
});

const later = (days: number): Date => new Date(NOW.getTime() + days * DAY_MS);
const wanted: WantedLeaf = {
  commonName: 'nats-0',
  dnsNames: ['nats-0.example.svc', 'localhost'],
  ipAddresses: ['127.0.0.1', '0:0::1'],
  usages: ['serverAuth', 'clientAuth'],
  keyAlgorithm: 'ecdsa-p256',
};

function input(overrides: Partial<ReissueInput> = {}): ReissueInput {
  return {
    leaf: readStoredLeaf(issued.certificatePem, issued.privateKeyPem),
    wanted,
    ca: root.authority.certificate,
    now: NOW,
    renewBeforeMs: 30 * DAY_MS,
    ...overrides,
  };
}

describe('a stored certificate is kept', () => {
  const rows: readonly (readonly [string, () => Partial<ReissueInput>])[] = [
    ['if it is as wanted', () => ({})],
    ['if it has more names than wanted', () => ({ wanted: { ...wanted, dnsNames: ['localhost'], ipAddresses: [] } })],
    ['if it has more usages than wanted', () => ({ wanted: { ...wanted, usages: ['serverAuth'] } })],
    ['if a name differs only in letter case', () => ({ wanted: { ...wanted, dnsNames: ['LOCALHOST'] } })],
    ['from the first second of its validity', () => ({ now: issued.leaf.notBefore })],
    ['just before it is due', () => ({ now: new Date(later(60).getTime() - 1) })],
    ['if it is due but as valid as its CA permits', () => ({ now: later(80), ca: authorityEndingWithLeaf() })],
  ];
  test.each(rows)('%s', (_, overrides) => {
    expect(checkStoredLeaf(input(overrides()))).toBeUndefined();
  });

  test('if a wildcard covers the wanted name', async () => {
    const wild = await makeLeaf(root.authority, { subjectAltNames: { dnsNames: ['*.example.svc'], ipAddresses: [] } });
    const leaf = readStoredLeaf(wild.certificatePem, wild.privateKeyPem);
    const one = { ...wanted, dnsNames: ['nats-9.example.svc'], ipAddresses: [] };
    expect(checkStoredLeaf(input({ leaf, wanted: one }))).toBeUndefined();
    const two = { ...one, dnsNames: ['a.b.example.svc'] };
    expect(checkStoredLeaf(input({ leaf, wanted: two }))).toMatchObject({ reason: 'NamesDiffer' });
  });
});

function authorityEndingWithLeaf() {
  return { ...root.authority.certificate, notAfter: issued.leaf.notAfter };
}

describe('a stored certificate is issued again', () => {
  const rows: readonly (readonly [string, () => Partial<ReissueInput>, ReissueReason, string])[] = [
    [
      'if its certificate is missing',
      () => ({ leaf: readStoredLeaf(undefined, issued.privateKeyPem) }),
      'Missing',
      'tls.crt',
    ],
    ['if its key is missing', () => ({ leaf: readStoredLeaf(issued.certificatePem, undefined) }), 'Missing', 'tls.key'],
    [
      'if its certificate is unreadable',
      () => ({ leaf: readStoredLeaf('x', issued.privateKeyPem) }),
      'Unreadable',
      'tls.crt',
    ],
    ['if its key is unreadable', () => ({ leaf: readStoredLeaf(issued.certificatePem, '') }), 'Unreadable', 'tls.key'],
    [
      'if the key does not match',
      () => ({ leaf: readStoredLeaf(issued.certificatePem, root.privateKeyPem) }),
      'KeyMismatch',
      'tls.key',
    ],
    [
      'if another CA of the same name issued it',
      () => ({ ca: foreign.authority.certificate }),
      'WrongAuthority',
      'issuer',
    ],
    ['if it is not valid yet', () => ({ now: later(-1) }), 'NotYetValid', 'notBefore'],
    ['if it has expired', () => ({ now: later(91) }), 'Expired', 'notAfter'],
    ['at the moment when it is due', () => ({ now: later(60) }), 'Due', 'notAfter'],
    ['as due, and not as expired, in its last second', () => ({ now: issued.leaf.notAfter }), 'Due', 'notAfter'],
    [
      'if another DNS name is wanted',
      () => ({ wanted: { ...wanted, dnsNames: ['nats-1.example.svc'] } }),
      'NamesDiffer',
      'dnsNames',
    ],
    [
      'if another address is wanted',
      () => ({ wanted: { ...wanted, ipAddresses: ['::2'] } }),
      'NamesDiffer',
      'ipAddresses',
    ],
    [
      'if its common name differs',
      () => ({ wanted: { ...wanted, commonName: 'nats-1' } }),
      'NamesDiffer',
      'commonName',
    ],
    [
      'if the key algorithm differs',
      () => ({ wanted: { ...wanted, keyAlgorithm: 'ed25519' } }),
      'AlgorithmDiffers',
      'keyAlgorithm',
    ],
  ];
  test.each(rows)('%s', (_, overrides, reason, field) => {
    expect(checkStoredLeaf(input(overrides()))).toMatchObject({ reason, field });
  });

  test('if its usages are not as wanted', async () => {
    const server = await makeLeaf(root.authority, { usages: ['serverAuth'] });
    const leaf = readStoredLeaf(server.certificatePem, server.privateKeyPem);
    const violation = checkStoredLeaf(input({ leaf }));
    expect(violation).toMatchObject({ reason: 'UsagesDiffer', field: 'extendedKeyUsage' });
  });
});

describe('a certificate chain', () => {
  const verify = (leaf: IssuedLeaf, trusted: readonly IssuedAuthority[], now = NOW) =>
    verifyChain({
      usages: ['serverAuth'],
      leaf: leaf.leaf,
      intermediates: leaf.intermediates,
      trusted: trusted.map(({ authority }) => authority.certificate),
      now,
    })?.reason;

  test('is valid under any trusted CA', () => {
    expect(verify(issued, [foreign, root])).toBeUndefined();
  });

  test('is invalid under an unknown CA of the same name, and without a CA', () => {
    expect(verify(issued, [foreign])).toBe('UnknownAuthority');
    expect(verify(issued, [])).toBe('UnknownAuthority');
  });

  test('is invalid before the certificate begins, after it ends, and after its CA ends', async () => {
    expect(verify(issued, [root], later(-1))).toBe('NotYetValid');
    expect(verify(issued, [root], later(91))).toBe('Expired');
    const long = await makeLeaf(root.authority, { notAfter: later(1000) });
    expect(verify(long, [root], later(400))).toBe('Expired');
  });

  test('is invalid above a leaf certificate that signs', async () => {
    const { leaf: certificate, privateKeyPem } = issued;
    const privateKey = parsePrivateKey(privateKeyPem, 'tls.key');
    const keyId = Buffer.from(certificate.subjectKeyId ?? '', 'hex');
    const pretender = { certificate, chain: [], privateKey, name: readEncodedParts(certificate).subject, keyId };
    const below = await makeLeaf(pretender, { commonName: 'below' });
    expect(verify({ ...below, intermediates: [certificate] }, [root])).toBe('NotAuthority');
  });

  test('is invalid with a name that its CA must not certify', async () => {
    // A caller that ignores the constraint signs with the constrained key.
    const { nameConstraints: _, ...unconstrained } = constrained.authority.certificate;
    const certificate = { ...unconstrained, nameConstraints: undefined };
    const rogue = await makeLeaf({ ...constrained.authority, certificate });
    expect(verify(rogue, [constrained])).toBe('NameNotPermitted');
  });
});
