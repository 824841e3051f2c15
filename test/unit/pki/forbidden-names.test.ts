import { describe, expect, test } from '@jest/globals';
import { sequence, tagged, taggedBytes } from '../../../src/pki/der.ts';
import { encodeName } from '../../../src/pki/distinguished-name.ts';
import { NO_NAMES } from '../../../src/pki/extensions.ts';
import { divideNames, findForbiddenNames } from '../../../src/pki/forbidden-names.ts';
import { decodeNameConstraints, type Subtrees } from '../../../src/pki/name-constraints.ts';

const NONE: Subtrees = { dnsNames: [], ipRanges: [], emailAddresses: [], uriHosts: [] };

type Names = Partial<typeof NO_NAMES>;
type Row = readonly [string, Partial<Subtrees>, Names, boolean];

describe('a permitted subtree', () => {
  const rows: readonly Row[] = [
    ['permits its own domain', { dnsNames: ['messaging.svc'] }, { dnsNames: ['messaging.svc'] }, true],
    ['permits names below it', { dnsNames: ['messaging.svc'] }, { dnsNames: ['a.b.Messaging.SVC'] }, true],
    [
      'with a leading dot does not permit the domain itself',
      { dnsNames: ['.messaging.svc'] },
      { dnsNames: ['messaging.svc'] },
      false,
    ],
    [
      'with a leading dot permits names with one more label',
      { dnsNames: ['.messaging.svc'] },
      { dnsNames: ['a.messaging.svc'] },
      true,
    ],
    [
      'permits no name that only ends with the same letters',
      { dnsNames: ['aging.svc'] },
      { dnsNames: ['messaging.svc'] },
      false,
    ],
    ['without a name permits every name', { dnsNames: [''] }, { dnsNames: ['localhost'] }, true],
    ['permits wildcards below it', { dnsNames: ['messaging.svc'] }, { dnsNames: ['*.messaging.svc'] }, true],
    [
      'permits no wildcard that covers more',
      { dnsNames: ['a.messaging.svc'] },
      { dnsNames: ['*.messaging.svc'] },
      false,
    ],
    ['permits no name with an empty label', { dnsNames: [''] }, { dnsNames: ['a..svc'] }, false],
    ['of addresses permits its addresses', { ipRanges: ['7f000000ff000000'] }, { ipAddresses: ['127.0.0.1'] }, true],
    [
      'of addresses permits no other addresses',
      { ipRanges: ['7f000000ff000000'] },
      { ipAddresses: ['10.0.0.1'] },
      false,
    ],
    ['of IPv4 addresses permits no IPv6 address', { ipRanges: ['0000000000000000'] }, { ipAddresses: ['::1'] }, false],
    [
      'with bits beyond its mask permits nothing',
      { ipRanges: ['7f000001ff000000'] },
      { ipAddresses: ['127.0.0.1'] },
      false,
    ],
    [
      'of IPv6 addresses permits no mapped IPv4 address',
      { ipRanges: ['00'.repeat(32)] },
      { ipAddresses: ['::ffff:1.2.3.4'] },
      false,
    ],
    ['of DNS names does not affect addresses', { dnsNames: ['messaging.svc'] }, { ipAddresses: ['127.0.0.1'] }, true],
    [
      'of a mailbox permits that mailbox',
      { emailAddresses: ['a@example.com'] },
      { emailAddresses: ['a@EXAMPLE.com'] },
      true,
    ],
    [
      'of a mailbox distinguishes upper and lower case',
      { emailAddresses: ['a@example.com'] },
      { emailAddresses: ['A@example.com'] },
      false,
    ],
    [
      'of a mail host permits its mailboxes',
      { emailAddresses: ['example.com'] },
      { emailAddresses: ['a@example.com'] },
      true,
    ],
    [
      'of a mail host permits no subdomain',
      { emailAddresses: ['example.com'] },
      { emailAddresses: ['a@b.example.com'] },
      false,
    ],
    ['of a URI host permits its URIs', { uriHosts: ['example.com'] }, { uris: ['https://example.com:1/x'] }, true],
    ['of a URI host permits no other host', { uriHosts: ['example.com'] }, { uris: ['https://example.org/'] }, false],
    ['of any kind permits no URI without a host', { dnsNames: [''] }, { uris: ['urn:nats:0'] }, false],
    ['of any kind permits no URI with an address', { dnsNames: [''] }, { uris: ['https://10.0.0.1/'] }, false],
    ['of any kind permits no unusual mailbox', { dnsNames: [''] }, { emailAddresses: ['"a b"@example.com'] }, false],
  ];
  test.each(rows)('%s', (_, subtrees, names, isPermitted) => {
    const constraints = { permitted: { ...NONE, ...subtrees }, excluded: NONE };
    expect(findForbiddenNames(constraints, { ...NO_NAMES, ...names }).length === 0).toBe(isPermitted);
  });
});

describe('an excluded subtree', () => {
  const rows: readonly Row[] = [
    ['excludes its domain', { dnsNames: ['messaging.svc'] }, { dnsNames: ['messaging.svc'] }, false],
    ['excludes names below it', { dnsNames: ['messaging.svc'] }, { dnsNames: ['a.messaging.svc'] }, false],
    ['excludes no other names', { dnsNames: ['messaging.svc'] }, { dnsNames: ['other.svc'] }, true],
    [
      'excludes a wildcard that may cover it',
      { dnsNames: ['a.messaging.svc'] },
      { dnsNames: ['*.messaging.svc'] },
      false,
    ],
    [
      'excludes no wildcard two labels above',
      { dnsNames: ['a.b.messaging.svc'] },
      { dnsNames: ['*.messaging.svc'] },
      true,
    ],
    ['excludes addresses', { ipRanges: ['7f000001ff000000'] }, { ipAddresses: ['127.9.9.9'] }, false],
    [
      'excludes mailboxes of subdomains',
      { emailAddresses: ['example.com'] },
      { emailAddresses: ['a@b.example.com'] },
      false,
    ],
    ['excludes a mailbox', { emailAddresses: ['a@example.com'] }, { emailAddresses: ['a@example.com'] }, false],
    ['excludes URIs of subdomains', { uriHosts: ['example.com'] }, { uris: ['https://a.example.com'] }, false],
  ];
  test.each(rows)('%s', (_, subtrees, names, isPermitted) => {
    const constraints = { permitted: NONE, excluded: { ...NONE, ...subtrees } };
    expect(findForbiddenNames(constraints, { ...NO_NAMES, ...names }).length === 0).toBe(isPermitted);
  });
});

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
    ['are refused for directory names if they are critical', permits(directory)],
  ])('%s', (_, node) => {
    expect(() => decodeNameConstraints(node, true)).toThrow(Error);
  });

  test('are accepted for directory names that may be ignored', () => {
    expect(decodeNameConstraints(permits(directory), false)).toEqual({ permitted: NONE, excluded: NONE });
  });
});

test('forbidden names are found in all CAs of a chain', () => {
  const of = (dnsName: string) => ({
    nameConstraints: { permitted: { ...NONE, dnsNames: [dnsName] }, excluded: NONE },
  });
  const names = { dnsNames: ['a.b.c', 'b.c', 'localhost'], ipAddresses: ['127.0.0.1'] };
  expect(divideNames([of('b.c'), of('a.b.c')], names)).toEqual({
    permitted: { dnsNames: ['a.b.c'], ipAddresses: ['127.0.0.1'] },
    forbidden: ['localhost', 'b.c'],
  });
});
