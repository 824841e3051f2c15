import { createPrivateKey, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hasCode } from '../../../src/errors/action-error.ts';
import { type Ca, parseCa } from '../../../src/pki/ca.ts';
import { type Certificate, parseCertificates } from '../../../src/pki/certificate.ts';
import { verifyChain } from '../../../src/pki/chain.ts';
import { KEY_ALGORITHMS, type KeyAlgorithm } from '../../../src/pki/key-algorithm.ts';
import { encodeCertificatePem, encodePrivateKeyPem } from '../../../src/pki/pem.ts';
import { parsePrivateKey } from '../../../src/pki/private-key.ts';
import { checkStoredLeaf, readStoredLeaf } from '../../../src/pki/reissue.ts';
import { inspectUserSecret } from '../../../src/pki/user-secret.ts';
import {
  type IssuedAuthority,
  type IssuedLeaf,
  makeAuthority,
  makeIntermediate,
  makeLeaf,
  NOW,
} from '../support/issuance.ts';

const FIELD = 'the hostile part';
const OTHER = 'another part';
const RUNS = 50;

let root: IssuedAuthority;
let below: Ca;
let issued: IssuedLeaf;

beforeAll(async () => {
  root = await makeAuthority({ commonName: 'root', pathLength: 1 });
  below = await makeIntermediate(root.authority);
  issued = await makeLeaf(below);
});

type Part = 'certificate' | 'privateKey' | 'trust';

const fields = { certificate: OTHER, privateKey: OTHER, trust: OTHER };
const wanted = { dnsNames: ['nats-0.example.svc'], ipAddresses: [], usages: ['serverAuth'] } as const;

function readUserSecret(hostile: Part, text: string): readonly string[] {
  const sound = { certificate: issued.certificatePem, privateKey: issued.privateKeyPem, trust: root.certificatePem };
  const terms = { fields: { ...fields, [hostile]: FIELD }, wanted, now: NOW };
  const { violations } = inspectUserSecret({ ...sound, [hostile]: text, ...terms });
  return violations.map(({ reason }) => reason);
}

function stored(certificate: string, privateKey: string): string | undefined {
  const leaf = readStoredLeaf(certificate, privateKey);
  const wantedLeaf = { ...wanted, commonName: 'nats-0', keyAlgorithm: 'ecdsa-p256' as const };
  const terms = { wanted: wantedLeaf, ca: below.certificate, now: NOW, renewBeforeMs: 0 };
  return checkStoredLeaf({ leaf, ...terms })?.reason;
}

function chain(part: 'leaf' | 'intermediates' | 'trusted', text: string): string | undefined {
  const sound = {
    leaf: [issued.leaf],
    intermediates: issued.intermediates,
    trusted: [root.authority.certificate],
    [part]: parseCertificates(text, FIELD),
  };
  const [leaf = issued.leaf] = sound.leaf;
  return verifyChain({ usages: ['serverAuth'], ...sound, leaf, now: NOW })?.reason;
}

/** The readers of external certificates, with their result for a text that replaces a sound certificate. */
const certificateReaders: readonly (readonly [string, (text: string) => unknown])[] = [
  ['parseCertificates', (text) => parseCertificates(text, FIELD)],
  ['parseCa', (text) => parseCa(text, root.privateKeyPem, { certificate: FIELD, privateKey: FIELD })],
  ['reissueViolation', (text) => stored(text, issued.privateKeyPem)],
  ['inspectAdopted, its tls.crt', (text) => readUserSecret('certificate', text)],
  ['inspectAdopted, its ca.crt', (text) => readUserSecret('trust', text)],
  ['verifyChain, its leaf', (text) => chain('leaf', text)],
  ['verifyChain, its intermediates', (text) => chain('intermediates', text)],
  ['verifyChain, its trust', (text) => chain('trusted', text)],
];

const keyReaders: readonly (readonly [string, (text: string) => unknown])[] = [
  ['parsePrivateKey', (text) => parsePrivateKey(text, FIELD)],
  ['parseCa', (text) => parseCa(root.certificatePem, text, { certificate: OTHER, privateKey: FIELD })],
  ['reissueViolation', (text) => stored(issued.certificatePem, text)],
  ['inspectAdopted', (text) => readUserSecret('privateKey', text)],
];

/** Returns `read`, or `refused` for a PKI_INVALID with the field; any other error fails the test. */
function outcome(work: () => unknown): 'read' | 'refused' {
  try {
    work();
    return 'read';
  } catch (error) {
    if (!hasCode(error, 'PKI_INVALID')) throw error;
    expect(error.details.field).toBe(FIELD);
    return 'refused';
  }
}

const derOf = (pem: string): Buffer => new X509Certificate(pem).raw;
const keyDerOf = (pem: string): Buffer => createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });

function flipped(bytes: Buffer, bits: readonly number[]): Buffer {
  const result = Buffer.from(bytes);
  for (const bit of bits) {
    const at = (bit >> 3) % bytes.length;
    result[at] = (result[at] ?? 0) ^ (1 << (bit & 7));
  }
  return result;
}

const bits = fc.array(fc.nat(), { minLength: 1, maxLength: 4 });

describe.each([
  ['certificates', certificateReaders, () => root.certificatePem, derOf, encodeCertificatePem],
  ['keys', keyReaders, () => root.privateKeyPem, keyDerOf, encodePrivateKeyPem],
] as const)('a reader of %s', (_, readers, soundPem, toDer, toPem) => {
  test.each(readers)('%s accepts or refuses text that is cut at every seventh character', (_name, read) => {
    const text = soundPem();
    for (let length = 0; length <= text.length; length += 7) outcome(() => read(text.slice(0, length)));
    expect(outcome(() => read(text))).toBe('read');
  });

  test.each(readers)('%s accepts or refuses DER that is cut at every third byte', (_name, read) => {
    const der = toDer(soundPem());
    for (let length = 1; length < der.length; length += 3) outcome(() => read(toPem(der.subarray(0, length))));
  });

  test.each(readers)('%s accepts or refuses flipped bits in DER or text', (_name, read) => {
    const [der, text] = [toDer(soundPem()), Buffer.from(soundPem())];
    const property = fc.property(bits, (each) => {
      outcome(() => read(toPem(flipped(der, each))));
      outcome(() => read(flipped(text, each).toString('latin1')));
    });
    fc.assert(property, { numRuns: RUNS });
  });

  test.each(readers)('%s accepts or refuses any text and bytes in any order', (_name, read) => {
    const block = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.uint8Array({ minLength: 1, maxLength: 200 }).map(toPem),
      fc
        .constantFrom(
          () => root.certificatePem,
          () => root.privateKeyPem,
          () => issued.certificatePem,
        )
        .map((pem) => pem()),
    );
    const property = fc.property(fc.array(block, { maxLength: 4 }), (blocks) => {
      outcome(() => read(blocks.join('\n')));
    });
    fc.assert(property, { numRuns: RUNS });
  });
});

describe('a certificate text of excessive size', () => {
  const rows: readonly (readonly [string, () => string])[] = [
    ['many megabytes', () => issued.certificatePem.repeat(20_000)],
    ['more certificates than any system trusts', () => root.certificatePem.repeat(501)],
    [
      'a mebibyte of tiny blocks',
      () => '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n'.repeat(17_000),
    ],
    ['a mebibyte of BEGIN lines', () => '-----BEGIN CERTIFICATE-----\n'.repeat(37_000)],
    ['one line of a mebibyte', () => `-----BEGIN CERTIFICATE-----\n${'A'.repeat(1_000_000)}`],
  ];
  test.each(rows)('is refused without being parsed: %s', (_, text) => {
    expect(outcome(() => parseCertificates(text(), FIELD))).toBe('refused');
    expect(readUserSecret('certificate', text())).toEqual(['Unreadable']);
    expect(readUserSecret('trust', text())).toEqual(['Unreadable']);
    expect(stored(text(), issued.privateKeyPem)).toBe('Unreadable');
  });

  test('may have hundreds of possible issuers or a circular chain, which are verified in limited time', async () => {
    const impostor = await makeAuthority({ commonName: 'intermediate' });
    const impostors = parseCertificates(impostor.certificatePem.repeat(500), FIELD);
    const verdict = (leaf: Certificate) =>
      verifyChain({ usages: ['serverAuth'], leaf, intermediates: impostors, trusted: [], now: NOW })?.reason;
    expect(verdict(issued.leaf)).toBe('UnknownAuthority');
    expect(verdict(impostor.authority.certificate)).toBe('UnknownAuthority');
  });

  test('may be a private key with numbers of hundreds of kilobytes', () => {
    const number = (bytes: number): Buffer =>
      Buffer.concat([Buffer.of(2, 0x83, ...threeBytes(bytes)), Buffer.alloc(bytes, 0x7f)]);
    const small = Buffer.of(2, 1, 3);
    const body = Buffer.concat([
      Buffer.of(2, 1, 0),
      number(200_000),
      small,
      number(200_000),
      small,
      small,
      small,
      small,
      small,
    ]);
    const der = Buffer.concat([Buffer.of(0x30, 0x83, ...threeBytes(body.length)), body]);
    const pem = encodePrivateKeyPem(der).replaceAll(' PRIVATE', ' RSA PRIVATE');
    expect(outcome(() => parsePrivateKey(pem, FIELD))).toBe('refused');
  });
});

function threeBytes(number: number): readonly number[] {
  return [number >> 16, (number >> 8) & 0xff, number & 0xff];
}

describe('a damaged certificate or key', () => {
  test('is reported if the user provides it, and issued again otherwise', () => {
    const der = derOf(issued.leaf.pem);
    const rest = issued.intermediates.map(({ pem }) => pem).join('');
    const property = fc.property(fc.nat(der.length * 8 - 1), (bit) => {
      const pem = encodeCertificatePem(flipped(der, [bit])) + rest;
      return readUserSecret('certificate', pem).length > 0 && stored(pem, issued.privateKeyPem) !== undefined;
    });
    fc.assert(property, { numRuns: RUNS });
  });

  const quick = KEY_ALGORITHMS.filter((algorithm) => algorithm !== 'rsa-3072' && algorithm !== 'rsa-4096');
  test.each(quick)(
    'is refused, or still signs what peers verify: key of type %s',
    async (keyAlgorithm: KeyAlgorithm) => {
      const { certificatePem, privateKeyPem, authority } = await makeAuthority({ keyAlgorithm });
      const der = keyDerOf(privateKeyPem);
      const property = fc.asyncProperty(fc.nat(der.length * 8 - 1), async (bit) => {
        const pem = encodePrivateKeyPem(flipped(der, [bit]));
        const fields = { certificate: OTHER, privateKey: FIELD };
        if (outcome(() => parseCa(certificatePem, pem, fields)) === 'refused') return true;
        const { leaf } = await makeLeaf(parseCa(certificatePem, pem, fields));
        return (
          verifyChain({
            usages: ['serverAuth'],
            leaf,
            intermediates: [],
            trusted: [authority.certificate],
            now: NOW,
          }) === undefined
        );
      });
      await fc.assert(property, { numRuns: RUNS });
    },
  );
});
