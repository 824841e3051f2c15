import { describe, expect, test } from '@jest/globals';
import { NO_NAMES } from '../../../src/pki/extensions.ts';
import { divideNames, findForbiddenNames } from '../../../src/pki/forbidden-names.ts';
import type { Subtrees } from '../../../src/pki/name-constraints.ts';

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
    ['of IPv6 addresses permits its addresses', { ipRanges: ['00'.repeat(32)] }, { ipAddresses: ['fd00::1'] }, true],
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
    ['of DNS names does not affect mailboxes', { dnsNames: ['a.svc'] }, { emailAddresses: ['a@example.com'] }, true],
    ['of DNS names does not affect URIs with a host', { dnsNames: ['a.svc'] }, { uris: ['https://example.com'] }, true],
    [
      'permits its domain beside another one',
      { dnsNames: ['a.svc', 'b.svc'] },
      { dnsNames: ['a.svc', 'x.b.svc'] },
      true,
    ],
    [
      'of addresses permits them beside another one',
      { ipRanges: ['7f000000ff000000', '0a000000ff000000'] },
      { ipAddresses: ['127.0.0.1', '10.0.0.1'] },
      true,
    ],
    [
      'of a mail host permits its mailboxes beside another one',
      { emailAddresses: ['example.com', 'b@example.org'] },
      { emailAddresses: ['a@example.com', 'b@example.org'] },
      true,
    ],
    [
      'of a URI host permits it beside another one',
      { uriHosts: ['example.com', 'example.org'] },
      { uris: ['https://example.com', 'https://example.org'] },
      true,
    ],
    [
      'of a mailbox permits no other mailbox of its domain',
      { emailAddresses: ['a@example.com'] },
      { emailAddresses: ['b@example.com'] },
      false,
    ],
    [
      'of a mailbox permits no mailbox of another domain',
      { emailAddresses: ['a@example.com'] },
      { emailAddresses: ['a@example.org'] },
      false,
    ],
    ['of any host permits every mailbox', { emailAddresses: [''] }, { emailAddresses: ['a@example.com'] }, true],
    [
      'with a leading dot permits hosts below it',
      { uriHosts: ['.example.com'] },
      { uris: ['https://a.example.com'] },
      true,
    ],
    [
      'with a leading dot permits no host of its name',
      { uriHosts: ['.example.com'] },
      { uris: ['https://example.com'] },
      false,
    ],
    ['of any kind permits no URI with an empty label', { dnsNames: [''] }, { uris: ['https://a..svc/'] }, false],
    ['of any kind permits no malformed address', { dnsNames: [''] }, { ipAddresses: ['10.0.0'] }, false],
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

test('forbidden names are found in all CAs of a chain', () => {
  const of = (dnsName: string) => ({
    nameConstraints: { permitted: { ...NONE, dnsNames: [dnsName] }, excluded: NONE },
  });
  const names = { dnsNames: ['a.b.c', 'b.c', 'localhost'], ipAddresses: ['127.0.0.1'] };
  expect(divideNames([of('b.c'), { nameConstraints: undefined }, of('a.b.c')], names)).toEqual({
    permitted: { dnsNames: ['a.b.c'], ipAddresses: ['127.0.0.1'] },
    forbidden: ['localhost', 'b.c'],
  });
});
