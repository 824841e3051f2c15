import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Ca, encodePublicKeyInfo } from '../../../src/pki/ca.ts';
import { encodeName } from '../../../src/pki/distinguished-name.ts';
import { encodeKeyUsage } from '../../../src/pki/extensions.ts';
import { encodeCertificatePem } from '../../../src/pki/pem.ts';
import { encodePrivateKey } from '../../../src/pki/private-key.ts';
import { signCertificate } from '../../../src/pki/signed-certificate.ts';
import { inspectUserSecret } from '../../../src/pki/user-secret.ts';
import {
  crossTerms,
  DAY_MS,
  type IssuedAuthority,
  type IssuedLeaf,
  makeAuthority,
  makeIntermediate,
  makeLeaf,
  NOW,
} from '../support/issuance.ts';

type Input = Parameters<typeof inspectUserSecret>[0];

let root: IssuedAuthority;
let foreign: IssuedAuthority;
let issued: IssuedLeaf;
let below: Ca;

beforeAll(async () => {
  [root, foreign] = await Promise.all([makeAuthority({ commonName: 'root', pathLength: 1 }), makeAuthority()]);
  below = await makeIntermediate(root.authority);
  issued = await makeLeaf(root.authority);
});

const fields = { certificate: 'Secret a/b tls.crt', privateKey: 'Secret a/b tls.key', trust: 'Secret a/b ca.crt' };
const later = (days: number): Date => new Date(NOW.getTime() + days * DAY_MS);

function input(overrides: Partial<Input> = {}): Input {
  return {
    certificate: issued.certificatePem,
    privateKey: issued.privateKeyPem,
    trust: root.certificatePem,
    fields,
    wanted: {
      dnsNames: ['nats-0.example.svc'],
      ipAddresses: ['127.0.0.1'],
      usages: ['serverAuth', 'clientAuth'],
    },
    now: NOW,
    ...overrides,
  };
}

const wants = (overrides: Partial<Input['wanted']>): Partial<Input> => ({
  wanted: { ...input().wanted, ...overrides },
});
const pairOf = (leaf: IssuedLeaf): Partial<Input> => ({
  certificate: leaf.certificatePem,
  privateKey: leaf.privateKeyPem,
});
const summary = (overrides: Partial<Input>): readonly string[] =>
  inspectUserSecret(input(overrides)).violations.map(({ reason, field }) => `${reason} ${field.split(' ').at(-1)}`);

describe('a user-provided Secret is accepted', () => {
  const rows: readonly (readonly [string, () => Promise<Partial<Input>>])[] = [
    ['if all of it is as wanted', async () => ({})],
    ['if its names differ only in letter case', async () => wants({ dnsNames: ['NATS-0.Example.svc'] })],
    ['on the day before it expires, because its owner renews it', async () => ({ now: later(89) })],
    ['with its intermediate in tls.crt', async () => pairOf(await makeLeaf(below))],
    [
      'with the public root CAs of a system in its trust bundle',
      async () => ({ trust: [...rootCertificates, root.certificatePem].join('\n') }),
    ],
    ['if the signature of its root uses SHA-1', async () => ({ trust: weaklySigned(root.certificatePem) })],
    ['if it is the only trusted certificate', async () => ({ trust: issued.certificatePem })],
    [
      'with a wildcard for one label',
      async () => ({
        ...pairOf(await makeLeaf(root.authority, wild)),
        ...wants({ dnsNames: ['nats-7.example.svc'], ipAddresses: [] }),
      }),
    ],
  ];
  const wild = { subjectAltNames: { dnsNames: ['*.example.svc'], ipAddresses: [] } };
  test.each(rows)('%s', async (_, overrides) => {
    expect(summary(await overrides())).toEqual([]);
  });

  test('with the expiry of its certificate', () => {
    expect(inspectUserSecret(input()).leaf?.notAfter).toEqual(issued.leaf.notAfter);
  });
});

describe('a user-provided Secret is refused', () => {
  const rows: readonly (readonly [string, () => Promise<Partial<Input>>, readonly string[]])[] = [
    ['if its certificate is missing', async () => ({ certificate: undefined }), ['Missing tls.crt']],
    ['if its key is empty', async () => ({ privateKey: '' }), ['Missing tls.key']],
    ['if its trust bundle is missing', async () => ({ trust: undefined }), ['Missing ca.crt']],
    ['if its certificate is unreadable', async () => ({ certificate: 'x' }), ['Unreadable tls.crt']],
    ['if its key is unreadable', async () => ({ privateKey: 'x' }), ['Unreadable tls.key']],
    ['if its trust bundle is unreadable', async () => ({ trust: 'x' }), ['Unreadable ca.crt']],
    ['if its key does not match', async () => ({ privateKey: root.privateKeyPem }), ['KeyMismatch tls.key']],
    ['if it is not valid yet', async () => ({ now: later(-1) }), ['NotYetValid tls.crt']],
    ['if it has expired', async () => ({ now: later(91) }), ['Expired tls.crt']],
    ['if an unknown CA issued it', async () => ({ trust: foreign.certificatePem }), ['UnknownAuthority tls.crt']],
    ['if its intermediate certificate is missing', async () => pairOf(await bare()), ['UnknownAuthority tls.crt']],
    ['if it has only one of two usages', async () => pairOf(await serverOnly()), ['UsagesDiffer tls.crt']],
    [
      'if its signature uses SHA-1',
      async () => ({ certificate: weaklySigned(issued.certificatePem) }),
      ['WeakSignature tls.crt'],
    ],
    [
      'if the signature of its intermediate certificate uses SHA-1',
      async () => {
        const leaf = await makeLeaf(below);
        return { ...pairOf(leaf), certificate: leaf.leaf.pem + weaklySigned(below.certificate.pem) };
      },
      ['WeakSignature tls.crt'],
    ],
    ['if its key is RSA with 1024 bits', async () => weak(), ['WeakKey tls.crt', 'WeakKey tls.key']],
    [
      'if its key must not sign',
      async () => unsigned(),
      ['NamesDiffer tls.crt', 'NamesDiffer tls.crt', 'UsagesDiffer tls.crt'],
    ],
    [
      'with all reasons at once, acute ones first',
      async () => ({
        privateKey: root.privateKeyPem,
        trust: foreign.certificatePem,
        now: later(91),
        ...wants({ dnsNames: ['other.svc'], ipAddresses: ['10.0.0.1'] }),
      }),
      [
        'KeyMismatch tls.key',
        'Expired tls.crt',
        'UnknownAuthority tls.crt',
        'NamesDiffer tls.crt',
        'NamesDiffer tls.crt',
      ],
    ],
    [
      'with every missing part',
      async () => ({ certificate: undefined, privateKey: undefined, trust: undefined }),
      ['Missing tls.crt', 'Missing tls.key', 'Missing ca.crt'],
    ],
  ];
  test.each(rows)('%s', async (_, overrides, expected) => {
    expect(summary(await overrides())).toEqual(expected);
  });

  test('with exactly the missing names', () => {
    const dnsNames = ['nats-0.example.svc', 'nats-1.example.svc', 'a.nats-0.example.svc', 'localhost'];
    const [violation, ...rest] = inspectUserSecret(input(wants({ dnsNames }))).violations;
    expect(violation).toMatchObject({
      reason: 'NamesDiffer',
      field: fields.certificate,
      message: expect.stringMatching(/nats-1\.example\.svc, a\.nats-0\.example\.svc$/),
    });
    expect(rest).toEqual([]);
  });

  test('if a wildcard would have to match zero or two labels', async () => {
    const wild = await makeLeaf(root.authority, { subjectAltNames: { dnsNames: ['*.example.svc'], ipAddresses: [] } });
    const two = wants({ dnsNames: ['example.svc', 'a.b.example.svc'], ipAddresses: [] });
    const [violation] = inspectUserSecret(input({ ...pairOf(wild), ...two })).violations;
    expect(violation?.message).toContain('example.svc, a.b.example.svc');
  });
});

const serverOnly = (): Promise<IssuedLeaf> => makeLeaf(root.authority, { usages: ['serverAuth'] });

/** Issues a leaf certificate of the intermediate, without the intermediate. */
async function bare(): Promise<IssuedLeaf> {
  const leaf = await makeLeaf(below);
  return { ...leaf, certificatePem: leaf.leaf.pem };
}

/**
 * Replaces the signature algorithm ecdsa-with-SHA256 by ecdsa-with-SHA224 (its last byte), which is not accepted. The
 * signature does not match any more.
 */
function weaklySigned(pem: string): string {
  const hex = new X509Certificate(pem).raw.toString('hex');
  return encodeCertificatePem(Buffer.from(hex.replaceAll('2a8648ce3d040302', '2a8648ce3d040301'), 'hex'));
}

function weak(): Partial<Input> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const body = { ...crossTerms(), subject: encodeName('weak'), publicKeyInfo: encodePublicKeyInfo(publicKey) };
  const certificate = signCertificate({ ...body, extensions: [] }, root.authority);
  return { certificate, privateKey: encodePrivateKey(privateKey) };
}

function unsigned(): Partial<Input> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const body = { ...crossTerms(), subject: encodeName('mute'), publicKeyInfo: encodePublicKeyInfo(publicKey) };
  const certificate = signCertificate({ ...body, extensions: [encodeKeyUsage(['keyAgreement'])] }, root.authority);
  return { certificate, privateKey: encodePrivateKey(privateKey) };
}
