import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { type Asn1, integer, nullValue, oid, readParts, sequence, tagged } from '../../../src/pki/der.ts';
import { chooseSignatureAlgorithm, decodeSignatureAlgorithm } from '../../../src/pki/signature-algorithm.ts';

const SHA1 = '1.3.14.3.2.26';
const SHA256 = '2.16.840.1.101.3.4.2.1';
const SHA384 = '2.16.840.1.101.3.4.2.2';
const MGF1 = '1.2.840.113549.1.1.8';

const PSS = oid('1.2.840.113549.1.1.10');
const withNull = (hash: string): Asn1 => sequence(oid(hash), nullValue());
const mask = (hash: string): Asn1 => sequence(oid(MGF1), withNull(hash));
const pss = (hash: string, generator: Asn1, salt: number, ...rest: readonly Asn1[]): Asn1 =>
  sequence(
    PSS,
    sequence(tagged(0, withNull(hash)), tagged(1, generator), tagged(2, integer(Uint8Array.of(salt))), ...rest),
  );

const HASH_PART = tagged(0, withNull(SHA256));
const MASK_PART = tagged(1, mask(SHA256));
const SALT_PART = tagged(2, integer(Uint8Array.of(32)));
/** Returns the part with a tag that RSA-PSS uses for its trailer. */
const other = (part: Asn1): Asn1 => tagged(3, ...readParts(part, 'the part'));

describe('a signature algorithm is strong', () => {
  test.each<[string, Asn1]>([
    ['RSA with SHA-256', sequence(oid('1.2.840.113549.1.1.11'), nullValue())],
    ['ECDSA with SHA-512', sequence(oid('1.2.840.10045.4.3.4'))],
    ['Ed25519', sequence(oid('1.3.101.112'))],
    ['RSA-PSS with SHA-256', pss(SHA256, mask(SHA256), 32)],
    ['RSA-PSS with SHA-384', pss(SHA384, mask(SHA384), 48)],
    [
      'RSA-PSS without NULL',
      sequence(
        PSS,
        sequence(
          tagged(0, sequence(oid(SHA256))),
          tagged(1, sequence(oid(MGF1), sequence(oid(SHA256)))),
          tagged(2, integer(Uint8Array.of(32))),
        ),
      ),
    ],
  ])('%s', (_, node) => {
    expect(decodeSignatureAlgorithm(node).weakness).toBeUndefined();
  });
});

describe('a signature algorithm is weak', () => {
  test.each<[string, Asn1]>([
    ['RSA with SHA-1', sequence(oid('1.2.840.113549.1.1.5'), nullValue())],
    ['RSA with MD5', sequence(oid('1.2.840.113549.1.1.4'), nullValue())],
    ['RSA with SHA-224', sequence(oid('1.2.840.113549.1.1.14'), nullValue())],
    ['ECDSA with SHA-1', sequence(oid('1.2.840.10045.4.1'))],
    ['DSA', sequence(oid('2.16.840.1.101.3.4.3.2'))],
    ['Ed448', sequence(oid('1.3.101.113'))],
    ['Ed25519 with parameters', sequence(oid('1.3.101.112'), nullValue())],
    ['RSA-PSS without parameters', sequence(PSS)],
    ['RSA-PSS with NULL', sequence(PSS, nullValue())],
    ['RSA-PSS with the defaults, which use SHA-1', sequence(PSS, sequence())],
    ['RSA-PSS with SHA-1', pss(SHA1, mask(SHA1), 20)],
    ['RSA-PSS with another hash for the mask', pss(SHA256, mask(SHA1), 32)],
    ['RSA-PSS with another mask', pss(SHA256, sequence(oid('1.2.3'), withNull(SHA256)), 32)],
    ['RSA-PSS with a short salt', pss(SHA256, mask(SHA256), 20)],
    ['RSA-PSS with a long salt', pss(SHA256, mask(SHA256), 48)],
    ['RSA-PSS with a trailer', pss(SHA256, mask(SHA256), 32, tagged(3, integer(Uint8Array.of(2))))],
    ['RSA-PSS without a salt', sequence(PSS, sequence(HASH_PART, MASK_PART))],
    ['RSA-PSS with a trailer in place of its salt', sequence(PSS, sequence(HASH_PART, MASK_PART, other(SALT_PART)))],
    ['RSA-PSS with another tag of its mask', sequence(PSS, sequence(HASH_PART, other(MASK_PART), SALT_PART))],
    ['RSA-PSS with another tag of its hash', sequence(PSS, sequence(other(HASH_PART), MASK_PART, SALT_PART))],
    [
      'RSA-PSS with a third part of its hash',
      sequence(PSS, sequence(tagged(0, sequence(oid(SHA256), nullValue(), nullValue())), MASK_PART, SALT_PART)),
    ],
    [
      'RSA-PSS with parameters for its hash',
      sequence(
        PSS,
        sequence(
          tagged(0, sequence(oid(SHA256), integer(Uint8Array.of(1)))),
          tagged(1, mask(SHA256)),
          tagged(2, integer(Uint8Array.of(32))),
        ),
      ),
    ],
  ])('%s', (_, node) => {
    expect(decodeSignatureAlgorithm(node).weakness).toEqual(expect.any(String));
  });
});

/** Returns a public RSA key with a modulus of this number of bits. */
function rsaKey(modulusBits: number, exponent = 0x1_0001): KeyObject {
  const modulus = Buffer.alloc(Math.ceil(modulusBits / 8), 0xff);
  modulus[0] = 0xff >> ((8 - (modulusBits % 8)) % 8);
  const [n, e] = [modulus, Buffer.from(exponent.toString(16).padStart(8, '0'), 'hex')];
  const jwk = { kty: 'RSA', n: n.toString('base64url'), e: e.toString('base64url') };
  return createPublicKey({ key: jwk, format: 'jwk' });
}

describe('an RSA key', () => {
  test.each([
    ['2048 bits', () => rsaKey(2048)],
    ['8192 bits, the longest that Go accepts', () => rsaKey(8192)],
    ['the exponent 3', () => rsaKey(2048, 3)],
    ['the exponent 2^31 - 1, the largest that Go accepts', () => rsaKey(2048, 0x7fff_ffff)],
  ])('may have %s', (_, key) => {
    expect(chooseSignatureAlgorithm(key())?.hash).toBe('sha256');
  });

  test.each([
    ['1024 bits', () => rsaKey(1024)],
    ['2047 bits', () => rsaKey(2047)],
    ['8193 bits', () => rsaKey(8193)],
    ['the exponent 1', () => rsaKey(2048, 1)],
    ['an even exponent', () => rsaKey(2048, 4)],
    ['an exponent above 2^31', () => rsaKey(2048, 0x8000_0003)],
  ])('cannot sign with %s', (_, key) => {
    expect(chooseSignatureAlgorithm(key())).toBeUndefined();
  });
});

describe('a key on an elliptic curve', () => {
  test.each([
    ['P-256', 'sha256'],
    ['P-384', 'sha384'],
    ['P-521', 'sha512'],
    ['secp256k1', undefined],
  ])('of the curve %s signs with the hash %s', (namedCurve, hash) => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve });
    expect(chooseSignatureAlgorithm(privateKey)?.hash).toBe(hash);
  });
});

test.each([
  ['RSA-PSS', () => generateKeyPairSync('rsa-pss', { modulusLength: 2048 })],
  ['X25519', () => generateKeyPairSync('x25519')],
  ['Ed448', () => generateKeyPairSync('ed448')],
])('a key of type %s cannot sign', (_, generate) => {
  expect(chooseSignatureAlgorithm(generate().privateKey)).toBeUndefined();
});
