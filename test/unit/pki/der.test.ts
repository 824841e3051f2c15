import { describe, expect, test } from '@jest/globals';
import {
  type Asn1,
  boolean,
  decodeDer,
  encodeDer,
  integer,
  octetString,
  readBitString,
  readBoolean,
  readBytes,
  readOid,
  readParts,
  readSmallInteger,
  sequence,
  time,
} from '../../../src/pki/der.ts';
import { errorNameOf } from '../support/refusal.ts';

const node = (hex: string): Asn1 => decodeDer(Buffer.from(hex, 'hex'));

describe('an object identifier is read', () => {
  test.each([
    ['with numbers of several bytes', '06062a864886f70d', '1.2.840.113549'],
    ['with a zero byte within a number', '06042a818001', '1.2.16385'],
    ['with several zero bytes within a number', '06052a81808001', '1.2.2097153'],
    ['with the largest number, 2^31 - 1', '06065587ffffff7f', '2.5.2147483647'],
  ])('%s', (_, hex, dotted) => {
    expect(readOid(node(hex), 'it')).toBe(dotted);
  });
});

describe('DER is refused by its reader:', () => {
  const rows: readonly (readonly [string, () => unknown])[] = [
    ['an object identifier with a number of 2^31', () => readOid(node('0606558880808000'), 'it')],
    ['an object identifier with a leading zero', () => readOid(node('06028001'), 'it')],
    ['an object identifier with a leading zero in a later number', () => readOid(node('06032a8001'), 'it')],
    ['an object identifier that ends within a number', () => readOid(node('06022a86'), 'it')],
    ['an object identifier that ends with a zero byte of a number', () => readOid(node('06032a8180'), 'it')],
    ['an object identifier without a byte', () => readOid(node('0600'), 'it')],
    ['an integer as an object identifier', () => readOid(integer(Uint8Array.of(42)), 'it')],
    ['a truth value other than ff and 00', () => readBoolean(node('010101'), 'it')],
    ['an integer as a truth value', () => readBoolean(integer(Uint8Array.of(0)), 'it')],
    ['a small integer of 2^31', () => readSmallInteger(integer(Uint8Array.of(0x80, 0, 0, 0)), 'it')],
    ['a negative integer', () => readSmallInteger(node('0201ff'), 'it')],
    ['a truth value as an integer', () => readSmallInteger(boolean(true), 'it')],
    ['no integer', () => readSmallInteger(undefined, 'it')],
    ['bits that end within a byte', () => readBitString(node('03020780'), 'it')],
    ['bits without the number of unused bits', () => readBitString(node('0300'), 'it')],
    ['a primitive value in place of parts', () => readParts(octetString(Buffer.of(1)), 'it')],
    ['no parts', () => readParts(undefined, 'it')],
    ['parts in place of a primitive value', () => readBytes(sequence(), 'it')],
    ['no primitive value', () => readBytes(undefined, 'it')],
    ['a length of more bytes than necessary', () => node('02810101')],
    ['bytes after the value', () => node('02010101')],
  ];
  test.each(rows)('%s', (_, read) => {
    expect(errorNameOf(read)).toBe('Error');
  });
});

describe('a value has the same meaning after encoding and decoding:', () => {
  test.each([true, false])('the truth value %j', (value) => {
    expect(readBoolean(node(encodeDer(boolean(value)).toString('hex')), 'it')).toBe(value);
  });

  test.each([0, 1, 0x7f, 0x80, 0xff, 0x7fff_ffff])('the integer %d', (value) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    expect(readSmallInteger(node(encodeDer(integer(bytes)).toString('hex')), 'it')).toBe(value);
  });
});

test.each([
  ['2049-12-31T23:59:59Z', '491231235959Z'],
  ['2050-01-01T00:00:00Z', '20500101000000Z'],
])('the time %s is written as %s', (instant, digits) => {
  expect(readBytes(time(new Date(instant)), 'it').toString('latin1')).toBe(digits);
});
