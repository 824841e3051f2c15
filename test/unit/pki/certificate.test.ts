import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hasCode } from '../../../src/errors/action-error.ts';
import { parseCa } from '../../../src/pki/ca.ts';
import { type Certificate, parseCertificate, parseCertificates } from '../../../src/pki/certificate.ts';
import { verifyChain } from '../../../src/pki/chain.ts';
import { encodeCertificatePem, parsePem } from '../../../src/pki/pem.ts';
import { parsePrivateKey } from '../../../src/pki/private-key.ts';
import { type IssuedAuthority, type IssuedLeaf, makeAuthority, makeLeaf, NOW } from '../support/issuance.ts';
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

describe('a private key', () => {
  const pkcs8 = { type: 'pkcs8', format: 'pem' } as const;
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
  test.each([
    ['PKCS#8', ec.export(pkcs8).toString(), ec],
    ['SEC 1', ec.export({ type: 'sec1', format: 'pem' }).toString(), ec],
    ['SEC 1 after EC PARAMETERS', parameters + ec.export({ type: 'sec1', format: 'pem' }).toString(), ec],
    ['PKCS#1', rsa.export({ type: 'pkcs1', format: 'pem' }).toString(), rsa],
  ])('is read in the form %s', (_, pem, key) => {
    expect(createPublicKey(parsePrivateKey(pem, 'tls.key')).equals(createPublicKey(key))).toBe(true);
  });

  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export(pkcs8).toString();
  const locked = ec.export({ ...pkcs8, cipher: 'aes-256-cbc', passphrase: 'x' }).toString();
  test.each([
    ['encrypted', locked],
    ['RSA of 1024 bits', weak],
    ['truncated', ec.export(pkcs8).toString().slice(0, 90)],
    ['two in one text', ec.export(pkcs8).toString() + rsa.export(pkcs8).toString()],
    ['only parameters', parameters],
    ['a certificate', encodeCertificatePem(Buffer.of(1, 2, 3))],
  ])('is refused: %s', async (_, pem) => {
    expect(await refusedField(() => parsePrivateKey(pem, 'tls.key'))).toBe('tls.key');
  });

  test('is never quoted in an error, however damaged it is', () => {
    const pem = ec.export(pkcs8).toString();
    fc.assert(
      fc.property(fc.nat(pem.length - 1), fc.string({ unit: 'binary-ascii', maxLength: 3 }), (at, noise) => {
        const damaged = pem.slice(0, at) + noise + pem.slice(at + noise.length);
        try {
          parsePrivateKey(damaged, 'tls.key');
        } catch (error) {
          if (!hasCode(error, 'PKI_INVALID')) throw error;
          const text = `${error.message} ${error.hint} ${Error.isError(error.cause) ? error.cause.message : ''}`;
          const body = pem.split('\n').filter((line) => !line.startsWith('-----') && line !== '');
          expect(body.some((line) => text.includes(line.slice(0, 12)))).toBe(false);
        }
      }),
    );
  });
});

describe('a CA with its key', () => {
  test('is refused by the key field if the key belongs to another CA', async () => {
    const other = await makeAuthority();
    const fields = await refusedField(() => parseCa(root.certificatePem, other.privateKeyPem));
    expect(fields).toBe('ca-private-key');
  });

  test('is refused by the certificate field if the certificate is not a CA', async () => {
    const field = await refusedField(() => parseCa(issued.certificatePem, issued.privateKeyPem));
    expect(field).toBe('ca-certificate');
  });

  test('is refused by the certificate field if its bundle is out of order', async () => {
    const other = await makeAuthority();
    const bundle = root.certificatePem + other.certificatePem;
    expect(await refusedField(() => parseCa(bundle, root.privateKeyPem))).toBe('ca-certificate');
  });
});

test('a PEM bundle keeps its order', () => {
  const labels = parsePem(issued.certificatePem + issued.privateKeyPem, 'bundle').map(({ label }) => label);
  expect(labels).toEqual(['CERTIFICATE', 'PRIVATE KEY']);
});

function replacedOnce(bytes: Buffer, from: string, to: string): Buffer {
  expect(bytes.toString('hex')).toContain(from);
  return Buffer.from(bytes.toString('hex').replace(from, to), 'hex');
}
