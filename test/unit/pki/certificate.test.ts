import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hasCode } from '../../../src/errors/action-error.ts';
import { encodePublicKeyInfo } from '../../../src/pki/ca.ts';
import { type Certificate, parseCertificate, parseCertificates } from '../../../src/pki/certificate.ts';
import { verifyChain } from '../../../src/pki/chain.ts';
import { octetString, oid, sequence } from '../../../src/pki/der.ts';
import { encodeName } from '../../../src/pki/distinguished-name.ts';
import { encodeCertificatePem } from '../../../src/pki/pem.ts';
import { signCertificate } from '../../../src/pki/signed-certificate.ts';
import {
  crossTerms,
  type IssuedAuthority,
  type IssuedLeaf,
  makeAuthority,
  makeLeaf,
  NOW,
} from '../support/issuance.ts';
import { refusedField } from '../support/refusal.ts';

let root: IssuedAuthority;
let issued: IssuedLeaf;
let der: Buffer;

beforeAll(async () => {
  root = await makeAuthority();
  issued = await makeLeaf(root.authority);
  der = new X509Certificate(issued.certificatePem).raw;
});

function parsedOrRefused(input: string | Uint8Array): Certificate | undefined {
  try {
    return parseCertificate(input, 'tls.crt');
  } catch (error) {
    expect(hasCode(error, 'PKI_INVALID') && error.details.field).toBe('tls.crt');
    return undefined;
  }
}

describe('a parsed certificate', () => {
  test('has the identity and dates that OpenSSL reads', () => {
    const x509 = new X509Certificate(issued.certificatePem);
    expect(issued.leaf.fingerprint256).toBe(x509.fingerprint256.replaceAll(':', '').toLowerCase());
    expect(issued.leaf.serial).toBe(x509.serialNumber.toLowerCase());
    expect(issued.leaf.notAfter).toEqual(x509.validToDate);
    expect(issued.leaf.notBefore).toEqual(x509.validFromDate);
  });

  test('may have text around its PEM block and Windows line ends', () => {
    const text = `subject=CN = nats-0\r\n${issued.certificatePem.replaceAll('\n', '\r\n')}trailing words\r\n`;
    expect(parseCertificate(text, 'tls.crt')).toEqual(issued.leaf);
  });
});

describe('the size of a certificate', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const name = encodeName('large');
  /** Issues a certificate with an unknown extension of this many bytes. */
  const withPadding = (bytes: number): string => {
    const padding = sequence(oid('1.2.3.4'), octetString(Buffer.alloc(bytes)));
    const body = {
      ...crossTerms(),
      subject: name,
      publicKeyInfo: encodePublicKeyInfo(publicKey),
      extensions: [padding],
    };
    return signCertificate({ ...body, serial: Buffer.alloc(16, 1) }, { name, privateKey });
  };
  const sizeOf = (pem: string): number => new X509Certificate(pem).raw.length;
  const overhead = sizeOf(withPadding(60_000)) - 60_000;

  test('may be 65536 bytes', () => {
    const pem = withPadding(65_536 - overhead);
    expect(sizeOf(pem)).toBe(65_536);
    expect(parseCertificate(pem, 'tls.crt').subject).toBe('CN=large');
  });

  test('is refused with one byte more', async () => {
    const pem = withPadding(65_537 - overhead);
    expect(sizeOf(pem)).toBe(65_537);
    expect(await refusedField(() => parseCertificate(pem, 'tls.crt'))).toBe('tls.crt');
  });
});

describe('an invalid certificate', () => {
  const rows: readonly (readonly [string, () => string])[] = [
    ['an empty text', () => ''],
    ['garbage', () => 'not a certificate'],
    ['a block without its END', () => issued.certificatePem.slice(0, -20)],
    ['a block with a missing END line', () => issued.certificatePem.split('-----END')[0] ?? ''],
    ['an END without BEGIN', () => '-----END CERTIFICATE-----'],
    ['a nested block', () => `-----BEGIN CERTIFICATE-----\n${issued.certificatePem}`],
    ['an END with another label', () => issued.certificatePem.replace('END CERTIFICATE', 'END PRIVATE KEY')],
    ['a body that is not base64', () => issued.certificatePem.replace('M', '%')],
    ['an empty body', () => '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----'],
    ['a private key', () => issued.privateKeyPem],
    ['two certificates in place of one', () => issued.certificatePem + root.certificatePem],
    ['megabytes', () => issued.certificatePem.repeat(3000)],
    ['megabytes in one line', () => 'A'.repeat(2_000_000)],
    ['a DER of excessive size', () => encodeCertificatePem(Buffer.alloc(70_000, 0x30))],
    ['deep nesting', () => encodeCertificatePem(Buffer.alloc(20_000, Buffer.from('3080', 'hex')))],
    ['bytes after the certificate', () => encodeCertificatePem(Buffer.concat([der, Buffer.of(0)]))],
    ['two signature algorithms', () => encodeCertificatePem(replacedOnce(der, '2a8648ce3d040302', '2a8648ce3d040303'))],
    ['version 1', () => encodeCertificatePem(replacedOnce(der, 'a003020102', 'a003020100'))],
    [
      'an unknown critical extension',
      () => encodeCertificatePem(replacedOnce(der, '0603551d130101ff', '0603551d630101ff')),
    ],
    ['a duplicate extension', () => encodeCertificatePem(replacedOnce(der, '0603551d0e', '0603551d23'))],
    [
      'a DNS name with a control character',
      () => encodeCertificatePem(replacedOnce(der, '6c6f63616c686f7374', '6c6f63610a686f7374')),
    ],
  ];
  test.each(rows)('is refused with the name of its field: %s', async (_, text) => {
    expect(await refusedField(() => parseCertificate(text(), 'tls.crt'))).toBe('tls.crt');
  });

  test('is refused when cut at any byte', () => {
    for (let length = 0; length < der.length; length += 1) {
      expect(parsedOrRefused(der.subarray(0, length))).toBeUndefined();
    }
  });

  test('causes no other error for any bytes and texts', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => parsedOrRefused(bytes) === undefined));
    fc.assert(fc.property(fc.string({ unit: 'binary-ascii' }), (text) => parsedOrRefused(text) === undefined));
    fc.assert(
      fc.property(fc.base64String({ maxLength: 400 }), (body) => {
        parsedOrRefused(`-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----`);
      }),
    );
  });

  test('with a flipped bit is refused or breaks its chain', () => {
    const trusted = [root.authority.certificate];
    fc.assert(
      fc.property(fc.nat(der.length * 8 - 1), (bit) => {
        const flipped = Buffer.from(der);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const leaf = parsedOrRefused(flipped);
        return (
          leaf === undefined ||
          verifyChain({ usages: ['serverAuth'], leaf, intermediates: [], trusted, now: NOW }) !== undefined
        );
      }),
      { numRuns: 1500 },
    );
  });

  test('with overwritten bytes is refused or read, and never crashes the reader', () => {
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.uint8Array({ minLength: 1, maxLength: 8 }), (start, bytes) => {
        const damaged = Buffer.from(der);
        damaged.set(bytes.subarray(0, der.length - start), start);
        parsedOrRefused(damaged);
      }),
      { numRuns: 1000 },
    );
  });

  test('is refused within a bundle', async () => {
    const text = `${issued.certificatePem}${encodeCertificatePem(der.subarray(9))}`;
    expect(await refusedField(() => parseCertificates(text, 'ca-certificate'))).toBe('ca-certificate');
  });
});

function replacedOnce(bytes: Buffer, from: string, to: string): Buffer {
  expect(bytes.toString('hex')).toContain(from);
  return Buffer.from(bytes.toString('hex').replace(from, to), 'hex');
}
