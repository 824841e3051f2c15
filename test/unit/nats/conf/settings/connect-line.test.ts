import { expect, test } from '@jest/globals';
import { measureConnectLine } from '../../../../../src/nats/conf/settings/configured-users.ts';

/** The fields as github.com/nats-io/nats.go 1.37 and nats.js 3 write them, with a long name. */
const BEFORE = { verbose: false, pedantic: false, tls_required: true, name: 'n'.repeat(100), lang: 'nats.deno.ws' };
const AFTER = { version: '3.4.0-beta.12', protocol: 1, echo: true, headers: true, no_responders: true };
const lineLength = (shown: object): number => JSON.stringify({ ...BEFORE, ...shown, ...AFTER }).length;

test.each([
  ['a user', { user: 'app', password: 'secret' }, { user: 'app', pass: 'secret' }],
  ['a user with a long password', { user: 'a', password: 'p'.repeat(900) }, { user: 'a', pass: 'p'.repeat(900) }],
  ['a password that JSON escapes', { user: 'a', password: '"\\'.repeat(50) }, { user: 'a', pass: '"\\'.repeat(50) }],
  ['an nkey', { nkey: 'U'.repeat(56) }, { nkey: 'U'.repeat(56), sig: 's'.repeat(86) }],
  ['a JWT', { jwt: 'e'.repeat(1200) }, { jwt: 'e'.repeat(1200), sig: 's'.repeat(86) }],
])('the computed CONNECT line of %s is at most as long as the limit, and close to it', (_, shown, sent) => {
  const bytes = measureConnectLine(shown);
  expect(bytes).toBeGreaterThanOrEqual(lineLength(sent));
  expect(bytes - lineLength(sent)).toBeLessThan(120);
});

test('a password that is known only as a hash counts with the maximum length that bcrypt hashes', () => {
  const password = '$2a$11$0123456789012345678901.0123456789012345678901234567890';
  expect(measureConnectLine({ user: 'a', password })).toBe(measureConnectLine({ user: 'a', password: 'p'.repeat(70) }));
});

test('a user that is identified by a certificate sends no password', () => {
  expect(measureConnectLine({ user: 'a', password: undefined })).toBe(measureConnectLine({ user: 'a', password: '' }));
});
