import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  type Asn1,
  bitString,
  decodeDer,
  encodeDer,
  integer,
  nullValue,
  oid,
  readBytes,
  readSequence,
  sequence,
  tagged,
  taggedBytes,
  time,
} from '../../../src/pki/der.ts';
import { encodeName } from '../../../src/pki/distinguished-name.ts';
import { decodeTbsCertificate } from '../../../src/pki/tbs-certificate.ts';
import { errorNameOf } from '../support/refusal.ts';

const [RSA, EC, ED25519, ED448] = ['1.2.840.113549.1.1.1', '1.2.840.10045.2.1', '1.3.101.112', '1.3.101.113'];
const P256 = oid('1.2.840.10045.3.1.7');
const ALGORITHM = sequence(oid(ED25519));
const number = (...bytes: readonly number[]): Asn1 => integer(Uint8Array.from(bytes));
const version = (value: number): Asn1 => tagged(0, number(value));
const date = (text: string, tag = 0x18): Asn1 =>
  decodeDer(Buffer.concat([Buffer.of(tag, text.length), Buffer.from(text, 'latin1')]));

/** Builds a SubjectPublicKeyInfo from the parts of its algorithm, the bytes of the key, and further parts. */
const keyInfo = (algorithm: readonly Asn1[], key: Uint8Array, ...more: readonly Asn1[]): Asn1 =>
  sequence(sequence(...algorithm), bitString(key), ...more);
const rsa = (...parts: readonly Asn1[]): Asn1 => keyInfo([oid(RSA), nullValue()], encodeDer(sequence(...parts)));
const MODULUS = number(0xc1, 0xff);
const EXPONENT = number(1, 0, 1);
const RSA_KEY = encodeDer(sequence(MODULUS, EXPONENT));
const POINT = Buffer.concat([Buffer.of(4), Buffer.alloc(64, 1)]);

const BEGIN = time(new Date('2026-01-01T00:00:00Z'));
const END = time(new Date('2027-01-01T00:00:00Z'));
const SOUND = {
  serial: number(1),
  signature: ALGORITHM,
  issuer: encodeName('root'),
  validity: sequence(BEGIN, END),
  subject: encodeName('nats-0'),
  publicKeyInfo: keyInfo([oid(ED25519)], Buffer.alloc(32, 1)),
};
const EXTENSIONS = sequence();

/** Builds a certificate with changed fields, and with `tail` after the public key. */
function build(
  change: Partial<typeof SOUND>,
  tail: readonly Asn1[] = [tagged(3, EXTENSIONS)],
  head: readonly Asn1[] = [version(2)],
): Asn1 {
  const tbs = sequence(...head, ...Object.values({ ...SOUND, ...change }), ...tail);
  return sequence(tbs, ALGORITHM, bitString(Buffer.alloc(64)));
}

const lasting = (from: Asn1, to: Asn1): Asn1 => build({ validity: sequence(from, to) });
const withKey = (publicKeyInfo: Asn1): Asn1 => build({ publicKeyInfo });

describe('the fields of a certificate are read', () => {
  const rows: readonly (readonly [string, Asn1, object])[] = [
    ['in version 3', build({}), { version: 3, extensions: EXTENSIONS }],
    ['in version 3 without extensions', build({}, []), { version: 3, extensions: undefined }],
    ['in version 1', build({}, [], []), { version: 1, extensions: undefined }],
    [
      'with the unique identifiers of issuer and subject',
      build({}, [taggedBytes(1, Buffer.of(0, 1)), taggedBytes(2, Buffer.of(0, 2)), tagged(3, EXTENSIONS)]),
      { extensions: EXTENSIONS },
    ],
    [
      'with the unique identifier of the subject alone',
      build({}, [taggedBytes(2, Buffer.of(0, 2)), tagged(3, EXTENSIONS)]),
      { extensions: EXTENSIONS },
    ],
    ['with a serial number of zero', build({ serial: number(0) }), { serial: Buffer.of(0) }],
    [
      'with two-digit years from 1950 to 2049',
      lasting(date('500101000000Z', 0x17), date('491231235959Z', 0x17)),
      { notBefore: new Date('1950-01-01T00:00:00Z'), notAfter: new Date('2049-12-31T23:59:59Z') },
    ],
    ['with a leap day', lasting(BEGIN, date('20280229000000Z')), { notAfter: new Date('2028-02-29T00:00:00Z') }],
    ['with an RSA key', withKey(rsa(MODULUS, EXPONENT)), {}],
    ['with an EC key', withKey(keyInfo([oid(EC), P256], POINT)), {}],
    ['with a key that no peer accepts', withKey(keyInfo([oid(ED448)], Buffer.alloc(57))), {}],
  ];
  test.each(rows)('%s', (_, certificate, expected) => {
    expect(decodeTbsCertificate(certificate)).toMatchObject(expected);
  });
});

describe('a certificate is refused with', () => {
  const more = nullValue();
  const [tbs, algorithm, signature] = readSequence(build({}), 'the certificate');
  const rows: readonly (readonly [string, Asn1])[] = [
    ['version 2', build({}, [], [version(1)])],
    ['a version of two numbers', build({}, [], [tagged(0, number(2), number(2))])],
    ['an explicit version 1', build({}, [], [version(0)])],
    ['extensions in version 1', build({}, [tagged(3, EXTENSIONS)], [])],
    ['a field of another tag after its key', build({}, [tagged(4, EXTENSIONS)])],
    ['a field after its extensions', build({}, [tagged(3, EXTENSIONS), tagged(4, EXTENSIONS)])],
    ['two lists of extensions', build({}, [tagged(3, EXTENSIONS, EXTENSIONS)])],
    ['a unique identifier that has parts', build({}, [tagged(1, nullValue()), tagged(3, EXTENSIONS)])],
    ['unique identifiers in the wrong order', build({}, [taggedBytes(2, Buffer.of(0)), taggedBytes(1, Buffer.of(0))])],
    ['a negative serial number', build({ serial: decodeDer(Buffer.of(2, 1, 0xff)) })],
    ['a serial number of another type', build({ serial: nullValue() })],
    ['a day that its month does not have', lasting(BEGIN, date('20270230000000Z'))],
    ['a month that does not exist', lasting(BEGIN, date('20271301000000Z'))],
    ['a date without seconds', lasting(BEGIN, date('202702010000Z'))],
    ['a date in another notation', lasting(BEGIN, date('2027-02-01T00:00:00.000Z'))],
    ['a date in another time zone', lasting(BEGIN, date('20270201000000+0100'))],
    ['a text in place of a date', lasting(BEGIN, date('20270201000000Z', 0x13))],
    ['no end', build({ validity: sequence(BEGIN) })],
    ['an RSA key with an even modulus', withKey(rsa(number(0xc1, 0xfe), EXPONENT))],
    ['an RSA key without an exponent', withKey(rsa(MODULUS))],
    ['an RSA key with a third number', withKey(rsa(MODULUS, EXPONENT, EXPONENT))],
    ['an RSA key without parameters', withKey(keyInfo([oid(RSA)], RSA_KEY))],
    ['an RSA key with other parameters', withKey(keyInfo([oid(RSA), P256], RSA_KEY))],
    ['an EC key with a curve that has no name', withKey(keyInfo([oid(EC), sequence()], POINT))],
    ['an EC key with a compressed point', withKey(keyInfo([oid(EC), P256], Buffer.alloc(33, 2)))],
    ['an Ed25519 key with parameters', withKey(keyInfo([oid(ED25519), more], Buffer.alloc(32)))],
    ['two parameters of its key', withKey(keyInfo([oid(RSA), nullValue(), more], RSA_KEY))],
    ['data after its key', withKey(keyInfo([oid(ED25519)], Buffer.alloc(32), more))],
    ['another algorithm outside of the signed part', build({ signature: sequence(oid(ED448)) })],
    ['data after the signature', sequence(...[tbs, algorithm, signature, more].flatMap((part) => part ?? []))],
    ['a serial number alone', sequence(sequence(version(2), number(1)), ALGORITHM, bitString(Buffer.alloc(64)))],
    ['no signature', sequence(...[tbs, algorithm].flatMap((part) => part ?? []))],
  ];
  test.each(rows)('%s', (_, certificate) => {
    expect(errorNameOf(() => decodeTbsCertificate(certificate))).toBe('Error');
  });
});

test('the key of a certificate is read as OpenSSL writes it', () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const info = decodeDer(publicKey.export({ type: 'spki', format: 'der' }));
  expect(decodeTbsCertificate(withKey(info)).publicKeyInfo).toBe(info);
  expect(readBytes(SOUND.serial, 'the serial number')).toEqual(Buffer.of(1));
});
