import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalizeIpAddress, decodeIpAddress, encodeIpAddress, isDnsName } from '../../../src/pki/ip-address.ts';

describe('an IP address', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::', '::'],
    ['::1', '::1'],
    ['FE80:0:0:0:0:0:0:1', 'fe80::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['1::', '1::'],
    ['::ffff:1.2.3.4', '::ffff:102:304'],
    ['1:2:3:4:5:6:7.8.9.10', '1:2:3:4:5:6:708:90a'],
    ['0000:0000:0000:0000:0000:ffff:255.255.255.255', '::ffff:ffff:ffff'],
    ['255.255.255.255', '255.255.255.255'],
    ['1:0:0:2:3:0:0:4', '1::2:3:0:0:4'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['1:2:3:4:5:6::', '1:2:3:4:5:6::'],
  ])('is normalized: %s to %s', (text, canonical) => {
    expect(canonicalizeIpAddress(text)).toBe(canonical);
  });

  test.each([
    '',
    '1.2.3',
    '256.1.1.1',
    '01.2.3.4',
    '1.2.3.4.5',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    '1:2:3:4:5:6:7::8',
    'g::',
    '1.2.3.4::',
    ':1',
    '1:',
    'fe80::1%lo',
    '1.2.3.x',
    '1:2:3:4:5:6:7.8.9.256',
    '0000:0000:0000:0000:0000:ffff:0255.255.255.255',
  ])('is invalid: %j', (text) => {
    expect(encodeIpAddress(text)).toBeUndefined();
  });

  test('has the same bytes after decoding and encoding', () => {
    const length = fc.constantFrom(4, 16);
    const bytes = length.chain((size) =>
      fc.array(fc.oneof(fc.constant(0), fc.nat(255)), { minLength: size, maxLength: size }),
    );
    fc.assert(
      fc.property(bytes, (address) => {
        const text = decodeIpAddress(Buffer.from(address));
        expect([...(encodeIpAddress(text ?? '') ?? [])]).toEqual(address);
      }),
    );
  });
});

test.each([0, 3, 5, 15, 17, 32])('%d bytes are not an address', (length) => {
  expect(decodeIpAddress(Buffer.alloc(length))).toBeUndefined();
});

describe('a DNS name', () => {
  const label = 'a'.repeat(63);
  const longest = [label, label, label, 'a'.repeat(61)].join('.');

  test.each([
    ['one label', 'localhost'],
    ['a wildcard as its first label', '*.example.svc'],
    ['labels of one digit or letter', '1.a.2'],
    ['a label of 63 characters', label],
    ['253 characters', longest],
    ['digits and letters', '10.0.0.1a'],
  ])('may have %s', (_, name) => {
    expect(isDnsName(name)).toBe(true);
  });

  test.each([
    ['nothing', ''],
    ['a label of 64 characters', `${label}a`],
    ['254 characters', `${longest}a`],
    ['an empty label', 'a..b'],
    ['a dot at its end', 'a.'],
    ['a hyphen at the end of a label', 'a-.b'],
    ['a hyphen at the beginning of a label', '-a.b'],
    ['an underscore', 'a_b'],
    ['an upper-case letter', 'A'],
    ['a wildcard alone', '*'],
    ['a line break at its end', 'a\n'],
    ['digits and dots alone', '10.0.0'],
    ['an IPv4 address', '10.0.0.1'],
    ['an IPv6 address', '::1'],
  ])('does not have %s', (_, name) => {
    expect(isDnsName(name)).toBe(false);
  });
});
