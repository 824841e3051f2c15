import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { type Asn1, integer, nullValue, oid, sequence, tagged } from '../../../src/pki/der.ts';
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

test.each([
  ['1024 bits', { modulusLength: 1024 }],
  ['an exponent above 2^31', { modulusLength: 2048, publicExponent: 0x8000_0003 }],
])('an RSA key with %s cannot sign', (_, options) => {
  expect(chooseSignatureAlgorithm(generateKeyPairSync('rsa', options).privateKey)).toBeUndefined();
});
