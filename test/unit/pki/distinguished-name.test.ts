import { describe, expect, test } from '@jest/globals';
import { type Asn1, decodeDer, oid, sequence, set, utf8 } from '../../../src/pki/der.ts';
import { decodeName, encodeName } from '../../../src/pki/distinguished-name.ts';
import { errorNameOf } from '../support/refusal.ts';

const [COMMON_NAME, ORGANIZATION] = ['2.5.4.3', '2.5.4.10'];
/** The tags of the string types of X.680 §8.6. */
const [UTF8, NUMERIC, PRINTABLE, TELETEX, IA5, UNIVERSAL, BMP] = [12, 18, 19, 20, 22, 28, 30];

const text = (tag: number, ...bytes: readonly number[]): Asn1 => decodeDer(Buffer.of(tag, bytes.length, ...bytes));
const ascii = (tag: number, characters: string): Asn1 => text(tag, ...Buffer.from(characters, 'latin1'));
const part = (value: Asn1, type = COMMON_NAME): Asn1 => sequence(oid(type), value);
const named = (value: Asn1): Asn1 => sequence(set(part(value)));

describe('a common name is read', () => {
  test.each([
    ['from a UTF8String', text(UTF8, 0xc3, 0xa9), 'é'],
    ['from a UTF8String, with its byte order mark', text(UTF8, 0xef, 0xbb, 0xbf, 0x61), '\ufeffa'],
    ['from a NumericString', ascii(NUMERIC, '12 3'), '12 3'],
    ['from a PrintableString, also with * and &', ascii(PRINTABLE, "A*&b'(0)+,-./:=?"), "A*&b'(0)+,-./:=?"],
    ['from a TeletexString as Latin-1', text(TELETEX, 0xe9), 'é'],
    ['from an IA5String', ascii(IA5, 'a@b_c'), 'a@b_c'],
    ['from a BMPString', text(BMP, 0x20, 0xac), '€'],
    ['from a BMPString, with its byte order mark', text(BMP, 0xfe, 0xff, 0, 0x61), '\ufeffa'],
    ['from a BMPString, without its final NUL', text(BMP, 0, 0x61, 0, 0), 'a'],
  ])('%s', (_, value, commonName) => {
    expect(decodeName(named(value), 'subject').commonName).toBe(commonName);
  });

  test('from its last occurrence, and only from this attribute', () => {
    const name = sequence(set(part(utf8('first'))), set(part(utf8('second')), part(utf8('x'), ORGANIZATION)));
    expect(decodeName(name, 'subject')).toEqual({ text: 'CN=first,CN=second,O=x', commonName: 'second' });
  });

  test('as missing in a name without this attribute', () => {
    expect(decodeName(sequence(set(part(utf8('x'), '1.2.3'))), 'subject')).toEqual({
      text: '1.2.3=x',
      commonName: undefined,
    });
    expect(decodeName(encodeName(''), 'subject')).toEqual({ text: '', commonName: undefined });
  });
});

describe('a name is refused with', () => {
  test.each([
    ['bytes that are not UTF-8', named(text(UTF8, 0xc3, 0x28)), 'TypeError'],
    ['letters in a NumericString', named(ascii(NUMERIC, '1a')), 'Error'],
    ['an underscore in a PrintableString', named(ascii(PRINTABLE, 'a_b')), 'Error'],
    ['bytes beyond ASCII in an IA5String', named(text(IA5, 0xe9)), 'Error'],
    ['half a surrogate pair in a BMPString', named(text(BMP, 0xd8, 0)), 'TypeError'],
    ['a surrogate pair in a BMPString', named(text(BMP, 0xd8, 0x3d, 0xde, 0)), 'Error'],
    ['a noncharacter in a BMPString', named(text(BMP, 0xff, 0xfe)), 'Error'],
    ['a UniversalString', named(text(UNIVERSAL, 0, 0, 0, 0x61)), 'Error'],
    ['a part that is not a SET', sequence(sequence(part(utf8('a')))), 'Error'],
    ['an attribute without a value', sequence(set(sequence(oid(COMMON_NAME)))), 'Error'],
  ])('%s', (_, name, error) => {
    expect(errorNameOf(() => decodeName(name, 'subject'))).toBe(error);
  });
});

test.each([
  ['a,b', 'CN=a\\,b'],
  ['"a"+b;c<d>e=f\\', 'CN=\\"a\\"\\+b\\;c\\<d\\>e\\=f\\\\'],
  ['a\nb', 'CN=a\\0ab'],
  ['a\u202eb\u2028', 'CN=a\\e2\\80\\aeb\\e2\\80\\a8'],
])('a name cannot forge another one or a log line: %j', (commonName, shown) => {
  expect(decodeName(encodeName(commonName), 'subject')).toEqual({ text: shown, commonName });
});
