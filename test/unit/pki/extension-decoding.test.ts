import { describe, expect, test } from '@jest/globals';
import {
  type Asn1,
  bitString,
  boolean,
  decodeDer,
  encodeDer,
  integer,
  octetString,
  oid,
  sequence,
  tagged,
  taggedBytes,
} from '../../../src/pki/der.ts';
import { encodeName } from '../../../src/pki/distinguished-name.ts';
import { decodeExtensions } from '../../../src/pki/extension-decoding.ts';
import { EXTENSION, encodeKeyUsage, PURPOSES } from '../../../src/pki/extensions.ts';
import { errorNameOf } from '../support/refusal.ts';

const UNKNOWN = '1.2.3.4';
const ANY_POLICY = '2.5.29.32.0';

const extension = (id: string, value: Asn1, isCritical = false): Asn1 =>
  sequence(oid(id), ...(isCritical ? [boolean(true)] : []), octetString(encodeDer(value)));
const critical = (id: string, value: Asn1): Asn1 => extension(id, value, true);
const decode = (...extensions: readonly Asn1[]) => decodeExtensions(sequence(...extensions));

const usage = (bits: Asn1): Asn1 => extension(EXTENSION.keyUsage, bits);
/** Builds a BIT STRING from its content: the number of unused bits, then the bytes. */
const bits = (...content: readonly number[]): Asn1 => decodeDer(Buffer.of(3, content.length, ...content));
const number = (value: number): Asn1 => integer(Uint8Array.of(value));
const constraints = (...parts: readonly Asn1[]): Asn1 => extension(EXTENSION.basicConstraints, sequence(...parts));
const altNames = (...names: readonly Asn1[]): Asn1 => extension(EXTENSION.subjectAltName, sequence(...names));
const directory = tagged(4, encodeName('company'));
const policies = (...ids: readonly string[]): Asn1 =>
  extension(EXTENSION.certificatePolicies, sequence(...ids.map((id) => sequence(oid(id)))));
const mapping = (...ids: readonly string[]): Asn1 =>
  extension(EXTENSION.policyMappings, sequence(sequence(...ids.map((id) => oid(id)))));
const policyConstraints = (...tags: readonly number[]): Asn1 =>
  extension(EXTENSION.policyConstraints, sequence(...tags.map((tag) => taggedBytes(tag, Buffer.of(0)))));

describe('extensions are read:', () => {
  const rows: readonly (readonly [string, readonly Asn1[], object])[] = [
    ['a CA', [constraints(boolean(true))], { isCa: true, pathLength: undefined }],
    ['a CA with a path length', [constraints(boolean(true), number(3))], { isCa: true, pathLength: 3 }],
    ['a leaf certificate that says that it is not a CA', [constraints(boolean(false))], { isCa: false }],
    ['a path length without a CA', [constraints(number(3))], { isCa: false, pathLength: 3 }],
    ['a key usage without bits', [usage(bits(0))], { keyUsage: [] }],
    ['a key usage of one bit', [usage(bits(7, 0x80))], { keyUsage: ['digitalSignature'] }],
    [
      'a key usage in its second byte',
      [usage(bits(7, 0x80, 0x80))],
      { keyUsage: ['digitalSignature', 'decipherOnly'] },
    ],
    [
      'both purposes of TLS, and others',
      [
        extension(
          EXTENSION.extendedKeyUsage,
          sequence(oid(PURPOSES.serverAuth), oid(PURPOSES.clientAuth), oid(UNKNOWN)),
        ),
      ],
      { extendedKeyUsage: ['serverAuth', 'clientAuth', UNKNOWN] },
    ],
    ['no purpose', [extension(EXTENSION.extendedKeyUsage, sequence())], { extendedKeyUsage: [] }],
    [
      'the key identifier of the issuer after other parts',
      [extension(EXTENSION.authorityKeyId, sequence(tagged(1, directory), taggedBytes(0, Buffer.of(0xab))))],
      { authorityKeyId: 'ab' },
    ],
    [
      'an issuer without a key identifier',
      [extension(EXTENSION.authorityKeyId, sequence(tagged(1, directory)))],
      { authorityKeyId: undefined },
    ],
    ['names of other types alone', [altNames(directory)], { dnsNames: [], ipAddresses: [] }],
    [
      'critical names with one that is understood',
      [critical(EXTENSION.subjectAltName, sequence(directory, taggedBytes(2, Buffer.from('a'))))],
      { dnsNames: ['a'] },
    ],
    ['an unknown extension', [extension(UNKNOWN, number(1))], { isCa: false }],
    [
      'an unknown extension that says that it is not critical',
      [sequence(oid(UNKNOWN), boolean(false), octetString(Buffer.of(1)))],
      { isCa: false },
    ],
    ['different policies', [policies(UNKNOWN, '1.2.3.5')], { policyDemand: undefined }],
    ['policies that are mapped', [mapping(UNKNOWN, '1.2.3.5')], { policyDemand: undefined }],
    ['a limit of policy mappings', [policyConstraints(1)], { policyDemand: undefined }],
    [
      'a limit of the policy anyPolicy',
      [extension(EXTENSION.inhibitAnyPolicy, number(0))],
      { policyDemand: undefined },
    ],
  ];
  test.each(rows)('%s', (_, extensions, expected) => {
    expect(decode(...extensions)).toMatchObject(expected);
  });

  test('a certificate without extensions allows every use and names nothing', () => {
    const [absent, empty] = [decodeExtensions(undefined), decode()];
    expect(absent).toEqual(empty);
    expect(absent).toMatchObject({ isCa: false, keyUsage: undefined, extendedKeyUsage: undefined, dnsNames: [] });
  });
});

describe('a certificate demands policies', () => {
  test.each([
    ['if it maps anyPolicy', mapping(ANY_POLICY, UNKNOWN)],
    ['if it maps a policy to anyPolicy', mapping(UNKNOWN, ANY_POLICY)],
    ['if it requires a policy', policyConstraints(0)],
    ['if it requires a policy and limits mappings', policyConstraints(0, 1)],
  ])('%s', (_, demand) => {
    expect(decode(demand).policyDemand).toEqual(expect.any(String));
  });
});

describe('extensions are refused:', () => {
  const keyId = octetString(Buffer.of(1));
  const rows: readonly (readonly [string, readonly Asn1[]])[] = [
    ['an unknown critical one', [critical(UNKNOWN, number(1))]],
    ['a critical key identifier', [critical(EXTENSION.subjectKeyId, keyId)]],
    ['a critical key identifier of the issuer', [critical(EXTENSION.authorityKeyId, sequence())]],
    ['critical addresses of the issuer', [critical(EXTENSION.authorityInfoAccess, sequence())]],
    ['two of a kind', [encodeKeyUsage(['digitalSignature']), encodeKeyUsage(['keyCertSign'])]],
    ['two unknown ones of a kind', [extension(UNKNOWN, number(1)), extension(UNKNOWN, number(2))]],
    ['one without a value', [sequence(oid(UNKNOWN))]],
    ['one with a value of another type', [sequence(oid(UNKNOWN), number(1))]],
    ['one with two values', [sequence(oid(UNKNOWN), octetString(Buffer.of(1)), octetString(Buffer.of(1)))]],
    ['critical names without one that is understood', [critical(EXTENSION.subjectAltName, sequence(directory))]],
    ['a path length before the statement of a CA', [constraints(number(3), boolean(true))]],
    ['a third part of basic constraints', [constraints(boolean(true), number(3), number(3))]],
    ['a negative path length', [constraints(boolean(true), decodeDer(Buffer.of(2, 1, 0xff)))]],
    ['a key usage that is not bits', [usage(octetString(Buffer.of(7, 0x80)))]],
    ['a key usage with eight unused bits', [usage(bits(8, 0))]],
    ['a key usage with unused bits of no byte', [usage(bits(1))]],
    ['a key usage with an unused bit that is set', [usage(bits(7, 0xc0))]],
    ['a key usage without content', [usage(bits())]],
    ['a key identifier that is not bytes', [extension(EXTENSION.subjectKeyId, number(1))]],
    ['a policy that is named twice', [policies(UNKNOWN, UNKNOWN)]],
    [
      'a negative limit of the policy anyPolicy',
      [extension(EXTENSION.inhibitAnyPolicy, decodeDer(Buffer.of(2, 1, 0xff)))],
    ],
    ['a revocation list that is not a list', [extension(EXTENSION.crlDistributionPoints, bitString(Buffer.of(1)))]],
    ['an address of the issuer that is not a list', [extension(EXTENSION.authorityInfoAccess, sequence(number(1)))]],
  ];
  test.each(rows)('%s', (_, extensions) => {
    expect(errorNameOf(() => decode(...extensions))).toBe('Error');
  });
});

describe('alternative names', () => {
  const dns = (text: string) => taggedBytes(2, Buffer.from(text, 'latin1'));
  const email = (text: string) => taggedBytes(1, Buffer.from(text, 'latin1'));
  const uri = (text: string) => taggedBytes(6, Buffer.from(text, 'latin1'));
  const ip = (...bytes: readonly number[]) => taggedBytes(7, Uint8Array.from(bytes));
  const longest = `${'a'.repeat(63)}.`.repeat(4).slice(0, 253);

  test.each<[string, Asn1, object]>([
    ['a DNS name in any case', dns('A.Svc'), { dnsNames: ['a.svc'] }],
    ['a DNS name of 253 characters', dns(longest), { dnsNames: [longest] }],
    ['an IPv4 address', ip(10, 0, 0, 1), { ipAddresses: ['10.0.0.1'] }],
    ['a mailbox', email('a@example.com'), { emailAddresses: ['a@example.com'] }],
    ['a URI', uri('spiffe://example.com/ns/a'), { uris: ['spiffe://example.com/ns/a'] }],
    ['a URI without a host', uri('urn:nats:0'), { uris: ['urn:nats:0'] }],
  ])('are read: %s', (_, name, expected) => {
    expect(decode(altNames(name))).toMatchObject(expected);
  });

  test.each<[string, Asn1]>([
    ['a DNS name of 254 characters', dns(`${longest}a`)],
    ['a DNS name with a space', dns('a b')],
    ['an empty DNS name', dns('')],
    ['a mailbox with a line break', email('a@example.com\n')],
    ['an address of 5 bytes', ip(10, 0, 0, 1, 1)],
    ['a URI with a space', uri('https://example.com/a b')],
    ['a URI without a scheme', uri('//example.com')],
    ['a URI with an incomplete escape', uri('https://example.com/%4')],
  ])('are refused: %s', (_, name) => {
    expect(errorNameOf(() => decode(altNames(name)))).toBe('Error');
  });
});
