import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hasCode } from '../../../src/errors/action-error.ts';
import { encodePublicKeyInfo } from '../../../src/pki/ca.ts';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import { encodeDer, integer, octetString, oid, sequence, set, tagged } from '../../../src/pki/der.ts';
import { encodeName } from '../../../src/pki/distinguished-name.ts';
import { encodeCertificatePem, encodePrivateKeyPem } from '../../../src/pki/pem.ts';
import { keyMatches, parsePrivateKey } from '../../../src/pki/private-key.ts';
import { signCertificate } from '../../../src/pki/signed-certificate.ts';
import { crossTerms } from '../support/issuance.ts';
import { refusedField } from '../support/refusal.ts';

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

describe('the size of a private key', () => {
  /** Builds a key with an attribute of this many bytes (RFC 5958 §2). */
  const withPadding = (bytes: number): Buffer => {
    const attribute = sequence(oid('1.2.3.4'), set(octetString(Buffer.alloc(bytes))));
    const key = octetString(encodeDer(octetString(Buffer.alloc(32, 1))));
    return encodeDer(sequence(integer(Uint8Array.of(0)), sequence(oid('1.3.101.112')), key, tagged(0, attribute)));
  };
  const overhead = withPadding(8000).length - 8000;

  test('may be 8192 bytes', () => {
    const der = withPadding(8192 - overhead);
    expect(der.length).toBe(8192);
    expect(parsePrivateKey(encodePrivateKeyPem(der), 'tls.key').asymmetricKeyType).toBe('ed25519');
  });

  test('is refused with one byte more', async () => {
    const der = withPadding(8193 - overhead);
    expect(await refusedField(() => parsePrivateKey(encodePrivateKeyPem(der), 'tls.key'))).toBe('tls.key');
  });
});

describe('a private key matches', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const name = encodeName('nats-0');
  const body = { ...crossTerms(), subject: name, publicKeyInfo: encodePublicKeyInfo(publicKey), extensions: [] };
  const certificate = parseCertificate(signCertificate(body, { name, privateKey }), 'tls.crt');
  const jwk = privateKey.export({ format: 'jwk' });
  const damaged = (change: object): KeyObject => createPrivateKey({ key: { ...jwk, ...change }, format: 'jwk' });
  /** Clears the last bit of a number, which makes a prime even. */
  const even = (number = ''): string => {
    const bytes = Buffer.from(number, 'base64url');
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) & 0xfe;
    return bytes.toString('base64url');
  };

  test('the certificate of its public key', () => {
    expect(keyMatches(certificate, privateKey)).toBe(true);
  });

  test.each([
    ['another key of the same type', () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
    ['a key of another type', () => generateKeyPairSync('ed25519').privateKey],
    ['a key that no peer accepts', () => generateKeyPairSync('x25519').privateKey],
    ['a damaged key that cannot sign', () => damaged({ p: even(jwk.p) })],
    ['a damaged key with another exponent', () => damaged({ d: even(jwk.d), p: jwk.q, q: jwk.p })],
  ])('no certificate: %s', (_, key) => {
    expect(keyMatches(certificate, key())).toBe(false);
  });
});
