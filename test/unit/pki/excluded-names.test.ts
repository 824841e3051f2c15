import { describe, expect, test } from '@jest/globals';
import { NO_NAMES } from '../../../src/pki/extensions.ts';
import { findForbiddenNames } from '../../../src/pki/forbidden-names.ts';
import type { Subtrees } from '../../../src/pki/name-constraints.ts';

const NONE: Subtrees = { dnsNames: [], ipRanges: [], emailAddresses: [], uriHosts: [] };

type Row = readonly [string, Partial<Subtrees>, Partial<typeof NO_NAMES>, boolean];

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
    ['excludes no name beside it', { dnsNames: ['a.svc'] }, { dnsNames: ['b.svc'] }, true],
    ['excludes every name without a name', { dnsNames: [''] }, { dnsNames: ['b.svc'] }, false],
    ['of IPv4 addresses excludes no IPv6 address', { ipRanges: ['00'.repeat(8)] }, { ipAddresses: ['::1'] }, true],
    ['excludes addresses', { ipRanges: ['7f000001ff000000'] }, { ipAddresses: ['127.9.9.9'] }, false],
    [
      'excludes mailboxes of subdomains',
      { emailAddresses: ['example.com'] },
      { emailAddresses: ['a@b.example.com'] },
      false,
    ],
    [
      'of a mailbox excludes no other one',
      { emailAddresses: ['a@example.com'] },
      { emailAddresses: ['b@example.com', 'a@example.org'] },
      true,
    ],
    ['excludes no other URI', { uriHosts: ['example.com'] }, { uris: ['https://example.org'] }, true],
    ['excludes a mailbox', { emailAddresses: ['a@example.com'] }, { emailAddresses: ['a@example.com'] }, false],
    ['excludes URIs of subdomains', { uriHosts: ['example.com'] }, { uris: ['https://a.example.com'] }, false],
  ];
  test.each(rows)('%s', (_, subtrees, names, isPermitted) => {
    const constraints = { permitted: NONE, excluded: { ...NONE, ...subtrees } };
    expect(findForbiddenNames(constraints, { ...NO_NAMES, ...names }).length === 0).toBe(isPermitted);
  });
});
