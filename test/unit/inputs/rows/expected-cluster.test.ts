import { describe, expect, test } from '@jest/globals';
import { expectedCluster, normalizeServer } from '../../../../src/inputs/rows/target.ts';

const LONGEST_HOST = 250;

describe('the URL of an API server', () => {
  test.each([
    ['https://a', 'https://a'],
    ['http://a', 'http://a'],
    ['https://a:443', 'https://a'],
    ['http://a:80/', 'http://a'],
    ['https://A:6443/K8s/', 'https://a:6443/K8s'],
    ['https://[::1]:6443', 'https://[::1]:6443'],
  ])('%s is compared as %s', (text, url) => {
    expect(normalizeServer(text)).toBe(url);
  });

  test.each([
    ['another protocol', 'ftp://a'],
    ['a user', 'https://a@b'],
    ['a password without a user', 'https://:a@b'],
    ['a query', 'https://a/?b'],
    ['a fragment', 'https://a/#b'],
    ['a space', 'https://a/ b'],
    ['a line break', 'https://a\n'],
    ['no host', 'https://'],
    ['no protocol', 'a'],
  ])('must not have %s', (_, text) => {
    expect(normalizeServer(text)).toBeUndefined();
    expect(expectedCluster.parse(text)).toMatchObject({ kind: 'refused' });
  });
});

describe('a host without a protocol', () => {
  test('is completed to a URL up to 250 characters, and no further', () => {
    const host = 'a/'.repeat(LONGEST_HOST / 2 - 1);
    expect(expectedCluster.parse(`${host}bc`)).toEqual({ kind: 'refused', suggestion: `https://${host}bc` });
    expect(expectedCluster.parse(`${host}bcd`)).toEqual({ kind: 'refused' });
  });

  test.each(['ftp://a', 'a://b', 'a@b', 'a?b', '://'])('is not completed if it is %s', (text) => {
    expect(expectedCluster.parse(text)).toEqual({ kind: 'refused' });
  });
});

describe('the fingerprint of a CA', () => {
  const digits = 'aB'.repeat(32);

  test.each([digits, `sha256:${digits}`, `SHA256=${digits}`, `sha256 Fingerprint=${digits}`])(
    'is read in the notation %s',
    (text) => {
      const value = { kind: 'ca-fingerprint', sha256: digits.toLowerCase() };
      expect(expectedCluster.parse(text)).toEqual({ kind: 'accepted', value });
    },
  );

  test.each([digits.slice(1), `${digits}a`, `md5:${digits}`])('is not read from %s', (text) => {
    const parsed = expectedCluster.parse(text);
    expect(parsed.kind === 'accepted' && parsed.value.kind).not.toBe('ca-fingerprint');
  });
});
