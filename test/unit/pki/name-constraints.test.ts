import { describe, expect, test } from '@jest/globals';
import { sequence, tagged, taggedBytes } from '../../../src/pki/der.ts';
import { encodeName } from '../../../src/pki/distinguished-name.ts';
import { decodeNameConstraints, type Subtrees } from '../../../src/pki/name-constraints.ts';
import { errorNameOf } from '../support/refusal.ts';

const NONE: Subtrees = { dnsNames: [], ipRanges: [], emailAddresses: [], uriHosts: [] };

const base = (tag: number, text: string) => sequence(taggedBytes(tag, Buffer.from(text, 'latin1')));
const permits = (...subtrees: readonly ReturnType<typeof sequence>[]) => sequence(tagged(0, ...subtrees));
const directory = sequence(tagged(4, encodeName('company')));

describe('name constraints', () => {
  test.each([
    ['are refused if they are empty', sequence()],
    ['are refused without a subtree', permits()],
    ['are refused for a domain with an empty label', permits(base(2, 'a..b'))],
    ['are refused for a domain that ends with a dot', permits(base(2, 'example.com.'))],
    ['are refused for a mask with a gap', permits(base(7, '\x7f\0\0\0\xff\0\xff\0'))],
    ['are refused for a range of another length', permits(base(7, '\x7f\0\0\0\xff'))],
    ['are refused for a URI that is an address', permits(base(6, '10.0.0.1'))],
    ['are refused for an incomplete mailbox', permits(base(1, '@example.com'))],
    ['are refused with a minimum', permits(sequence(taggedBytes(2, Buffer.from('a')), taggedBytes(0, Buffer.of(1))))],
    ['are refused if they are out of order', sequence(tagged(1, base(2, 'a')), tagged(0, base(2, 'b')))],
    ['are refused for a range of 12 bytes', permits(base(7, '\0'.repeat(12)))],
    ['are refused without a name in a subtree', permits(sequence())],
    ['are refused for parts of another tag', sequence(tagged(0, base(2, 'a')), tagged(2, base(2, 'b')))],
    [
      'are refused for a third part',
      sequence(tagged(0, base(2, 'a')), tagged(1, base(2, 'b')), tagged(1, base(2, 'c'))),
    ],
    ['are refused for directory names if they are critical', permits(directory)],
    ['are refused for directory names beside DNS names if they are critical', permits(base(2, 'a'), directory)],
  ])('%s', (_, node) => {
    expect(errorNameOf(() => decodeNameConstraints(node, true))).toBe('Error');
  });

  test('may exclude names alone', () => {
    const node = sequence(tagged(1, base(2, 'A.svc'), base(7, '\x0a\0\0\0\xff\0\0\0')));
    expect(decodeNameConstraints(node, true)).toEqual({
      permitted: NONE,
      excluded: { ...NONE, dnsNames: ['a.svc'], ipRanges: ['0a000000ff000000'] },
    });
  });

  test('may permit every name of a type', () => {
    const every = permits(base(2, ''), base(1, ''), base(6, ''), base(7, '\0'.repeat(32)));
    expect(decodeNameConstraints(every, true).permitted).toEqual({
      dnsNames: [''],
      emailAddresses: [''],
      uriHosts: [''],
      ipRanges: ['00'.repeat(32)],
    });
  });

  test('are accepted for directory names that may be ignored', () => {
    expect(decodeNameConstraints(permits(directory), false)).toEqual({ permitted: NONE, excluded: NONE });
  });
});
