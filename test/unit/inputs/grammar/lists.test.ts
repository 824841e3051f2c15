import { describe, expect, test } from '@jest/globals';
import { certificatePem, subjectAltNames } from '../../../../src/inputs/grammar/certificate.ts';
import { boolean, choice, list } from '../../../../src/inputs/grammar/choice.ts';
import { clientName } from '../../../../src/inputs/grammar/kubernetes-name.ts';

const MAX_ITEMS = 100;

const words = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `c${index}`);
const hosts = (count: number): readonly string[] => words(count).map((word) => `${word}.example.com`);

describe('a list', () => {
  const names = list(clientName);

  test('may have as many items as the limit, however often each is repeated, and no more', () => {
    const most = words(MAX_ITEMS);
    expect(names.parse([...most, ...most].join(','))).toEqual({ kind: 'accepted', value: most });
    expect(names.parse(words(MAX_ITEMS + 1).join(','))).toEqual({ kind: 'refused' });
  });

  test('is corrected to items between commas if that makes it valid', () => {
    const most = words(MAX_ITEMS);
    expect(names.parse(most.join(' '))).toMatchObject({ kind: 'refused', suggestion: most.join(', ') });
    expect(names.parse('a; b; a')).toMatchObject({ kind: 'refused', suggestion: 'a, b' });
    expect(names.parse('A, b')).toMatchObject({ kind: 'refused', suggestion: 'a, b' });
  });

  test.each([
    ['has too many items', words(MAX_ITEMS + 1).join(' ')],
    ['has no item', ';'],
    ['has an item without a known meaning', 'a ; !'],
  ])('is not corrected if it %s', (_, text) => {
    expect(names.parse(text)).toEqual({ kind: 'refused', expected: expect.any(String) });
  });
});

describe('a choice', () => {
  test('of one word expects that word, and of several one of them', () => {
    expect(choice(['a']).expected).toBe('`a`');
    expect(choice(['a', 'b']).expected).toBe('one of `a`, `b`');
  });

  test.each([
    ['TRUE', true],
    ['FALSE', false],
  ])('is a boolean in capitals: %s', (text, value) => {
    expect(boolean.parse(text)).toEqual({ kind: 'accepted', value });
  });

  test.each([
    ['tRUE', 'true'],
    ['fALSE', 'false'],
    ['ON', 'true'],
    ['Off', 'false'],
    ['tru', 'true'],
    ['maybe', undefined],
  ])('is no boolean: %s, which means %s', (text, suggestion) => {
    expect(boolean.parse(text)).toEqual({ kind: 'refused', ...(suggestion === undefined ? {} : { suggestion }) });
  });
});

describe('additional names of a certificate', () => {
  test('may be a hundred, and no more', () => {
    const most = hosts(MAX_ITEMS);
    expect(subjectAltNames.parse([...most, 'C0.example.com'].join('\n'))).toEqual({
      kind: 'accepted',
      value: { dnsNames: most, ipAddresses: [] },
    });
    expect(subjectAltNames.parse(hosts(MAX_ITEMS + 1).join('\n'))).toEqual({ kind: 'refused' });
  });

  test.each([
    ['a host and its port', 'a.example.com:4222', 'a.example.com'],
    ['an IPv6 address and its port', '[2001:db8::1]:4222', '2001:db8::1'],
    ['a name with a dot at its end', 'a.example.com.', 'a.example.com'],
    ['a URL after a valid name', 'a.b, tls://c.d:4222/x?y#z', 'a.b, c.d'],
    ['a URL before an invalid name', 'tls://c.d:4222, my_host', undefined],
    ['a URL after an invalid name', 'my_host, tls://c.d:4222', undefined],
  ])('are corrected only if all become names: %s', (_, text, suggestion) => {
    const parsed = subjectAltNames.parse(text);
    expect(parsed.kind === 'refused' && parsed.suggestion).toBe(suggestion);
  });

  test.each([
    ['an underscore', 'a.b, my_host', '`_`'],
    ['a wildcard within a label', 'a*.b', 'neither'],
  ])('are refused with the word that has %s', (_, text, reason) => {
    const parsed = subjectAltNames.parse(text);
    const { expected = '' } = parsed.kind === 'refused' ? parsed : {};
    expect(expected).toContain(JSON.stringify(text.split(', ').at(-1)));
    expect(expected).toContain(reason);
  });
});

test('a certificate next to its key is refused because of the key', () => {
  const pem = (kind: string) => `-----BEGIN ${kind}-----\nMIIB\n-----END ${kind}-----`;
  const both = certificatePem.parse(`${pem('CERTIFICATE')}\n${pem('PRIVATE KEY')}`);
  expect(both).toEqual({ kind: 'refused', expected: expect.stringContaining('without the private key') });
  expect(certificatePem.parse(pem('X509 CRL'))).toEqual({ kind: 'refused' });
});
