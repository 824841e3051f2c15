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

describe('a leaf is kept', () => {
  const rows: readonly (readonly [string, () => Partial<ReissueInput>])[] = [
    ['when it is what is wanted', () => ({})],
    ['when it names more than is wanted', () => ({ wanted: { ...wanted, dnsNames: ['localhost'], ipAddresses: [] } })],
    ['when it allows more than is wanted', () => ({ wanted: { ...wanted, usages: ['serverAuth'] } })],
    ['when a name differs in letter case only', () => ({ wanted: { ...wanted, dnsNames: ['LOCALHOST'] } })],
    ['just before it is due', () => ({ now: new Date(later(60).getTime() - 1) })],
    ['when it is due but lasts as long as its authority', () => ({ now: later(80), ca: authorityEndingWithLeaf() })],
  ];
  test.each(rows)('%s', (_, overrides) => {
    expect(checkStoredLeaf(input(overrides()))).toBeUndefined();
  });

  test('when a wildcard certifies the wanted name', async () => {
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

describe('a leaf is issued again', () => {
  const rows: readonly (readonly [string, () => Partial<ReissueInput>, ReissueReason, string])[] = [
    [
      'when its certificate is missing',
      () => ({ leaf: readStoredLeaf(undefined, issued.privateKeyPem) }),
      'Missing',
      'tls.crt',
    ],
    [
      'when its key is missing',
      () => ({ leaf: readStoredLeaf(issued.certificatePem, undefined) }),
      'Missing',
      'tls.key',
    ],
    [
      'when its certificate is unreadable',
      () => ({ leaf: readStoredLeaf('x', issued.privateKeyPem) }),
      'Unreadable',
      'tls.crt',
    ],
    [
      'when its key is unreadable',
      () => ({ leaf: readStoredLeaf(issued.certificatePem, '') }),
      'Unreadable',
      'tls.key',
    ],
    [
      'when the key is another',
      () => ({ leaf: readStoredLeaf(issued.certificatePem, root.privateKeyPem) }),
      'KeyMismatch',
      'tls.key',
    ],
    [
      'when another authority of the same name issued it',
      () => ({ ca: foreign.authority.certificate }),
      'WrongAuthority',
      'issuer',
    ],
    ['when it is not valid yet', () => ({ now: later(-1) }), 'NotYetValid', 'notBefore'],
    ['when it has expired', () => ({ now: later(91) }), 'Expired', 'notAfter'],
    ['the moment it is due', () => ({ now: later(60) }), 'Due', 'notAfter'],
    [
      'when a DNS name is wanted in addition',
      () => ({ wanted: { ...wanted, dnsNames: ['nats-1.example.svc'] } }),
      'NamesDiffer',
      'dnsNames',
    ],
    [
      'when an address is wanted in addition',
      () => ({ wanted: { ...wanted, ipAddresses: ['::2'] } }),
      'NamesDiffer',
      'ipAddresses',
    ],
    [
      'when its common name differs',
      () => ({ wanted: { ...wanted, commonName: 'nats-1' } }),
      'NamesDiffer',
      'commonName',
    ],
    [
      'when the key algorithm differs',
      () => ({ wanted: { ...wanted, keyAlgorithm: 'ed25519' } }),
      'AlgorithmDiffers',
      'keyAlgorithm',
    ],
  ];
  test.each(rows)('%s', (_, overrides, reason, field) => {
    expect(checkStoredLeaf(input(overrides()))).toMatchObject({ reason, field });
  });

  test('when it may not be used as wanted', async () => {
    const server = await makeLeaf(root.authority, { usages: ['serverAuth'] });
    const leaf = readStoredLeaf(server.certificatePem, server.privateKeyPem);
    const violation = checkStoredLeaf(input({ leaf }));
    expect(violation).toMatchObject({ reason: 'UsagesDiffer', field: 'extendedKeyUsage' });
  });
});

describe('a chain', () => {
  const verify = (leaf: IssuedLeaf, trusted: readonly IssuedAuthority[], now = NOW) =>
    verifyChain({
      usages: ['serverAuth'],
      leaf: leaf.leaf,
      intermediates: leaf.intermediates,
      trusted: trusted.map(({ authority }) => authority.certificate),
      now,
    })?.reason;

  test('holds under any one of the trusted authorities', () => {
    expect(verify(issued, [foreign, root])).toBeUndefined();
  });

  test('is broken under a foreign authority of the same name, and under none', () => {
    expect(verify(issued, [foreign])).toBe('UnknownAuthority');
    expect(verify(issued, [])).toBe('UnknownAuthority');
  });

  test('is broken before the leaf begins, after it ends, and after the authority ends', async () => {
    expect(verify(issued, [root], later(-1))).toBe('NotYetValid');
    expect(verify(issued, [root], later(91))).toBe('Expired');
    const long = await makeLeaf(root.authority, { notAfter: later(1000) });
    expect(verify(long, [root], later(400))).toBe('Expired');
  });

  test('is broken above a leaf that signs', async () => {
    const { leaf: certificate, privateKeyPem } = issued;
    const privateKey = parsePrivateKey(privateKeyPem, 'tls.key');
    const keyId = Buffer.from(certificate.subjectKeyId ?? '', 'hex');
    const pretender = { certificate, chain: [], privateKey, name: readEncodedParts(certificate).subject, keyId };
    const below = await makeLeaf(pretender, { commonName: 'below' });
    expect(verify({ ...below, intermediates: [certificate] }, [root])).toBe('NotAuthority');
  });

  test('is broken by a name its authority may not certify', async () => {
    // A caller that ignores the constraint signs with the constrained key.
    const { nameConstraints: _, ...unconstrained } = constrained.authority.certificate;
    const certificate = { ...unconstrained, nameConstraints: undefined };
    const rogue = await makeLeaf({ ...constrained.authority, certificate });
    expect(verify(rogue, [constrained])).toBe('NameNotPermitted');
  });
});
