import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { redact, redactFacts } from '../../../src/diagnosis/redaction.ts';
import { event, factsWith, inState, log, terminated } from './facts.ts';

describe('what is taken out', () => {
  test.each<[string, string, string]>([
    [
      'the password of a URL',
      'error parsing route url ["nats://u:p%zz@h:1"]',
      'error parsing route url ["nats://u:***@h:1"]',
    ],
    ['a password with @ and :', 'tls://u:p@ss:w@nats-0.n.svc:6222 failed', 'tls://u:***@nats-0.n.svc:6222 failed'],
    ['a quoted password', 'authorization { user: a, password: "s3 \\"x" }', 'authorization { user: a, password: *** }'],
    ['a bare password', 'line 3: password: s3cret}', 'line 3: password: ***}'],
    ['JSON', '{"password":"abc","user":"u"}', '{"password":***,"user":"u"}'],
    ['a token', 'token: "abc def"', 'token: ***'],
    ['an nkeys seed', `key SU${'A'.repeat(56)} here`, 'key *** here'],
    ['a bcrypt hash', `$2a$11$${'a'.repeat(53)}`, '***'],
    ['a private key', 'a\n-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----\nb', 'a\n***\nb'],
    ['a private key cut off', 'a\n-----BEGIN PRIVATE KEY-----\nMHcCAQEE', 'a\n***'],
    ['the rest of a private key', `${'A'.repeat(64)}\n-----END PRIVATE KEY-----\nb`, '***\nb'],
  ])('%s', (_, text, expected) => {
    expect(redact(text, [])).toBe(expected);
  });
});

test.each([
  'failed to fetch anonymous token: unexpected status from GET request to https://r/token?service=reg: 401 Unauthorized',
  'MountVolume.SetUp failed for volume "c" : references non-existent secret key: tls.crt',
  'MountVolume.SetUp failed for volume "c" : secret "nosecret" not found',
  'Head "https://registry:5000/v2/nats@sha256:0123": dial tcp 127.0.0.1:1: connect: connection refused',
  '[1] 2026/11/23 02:05:36.240599 [ERR] 127.0.0.1:37788 - rid:7 - authentication error - User "u"',
  '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
  'tls://nats-0.messaging.svc:6222 and user@example.com',
])('an ordinary line stays as it is: %s', (line) => {
  expect(redact(line, [])).toBe(line);
});

test('a short password is taken out as a word, and leaves longer words alone', () => {
  expect(redact('nats: user nats connects to nats-server; natsbox', ['nats'])).toBe(
    '***: user *** connects to ***-server; natsbox',
  );
});

test('a password too short to be told from words is taken out where it stands as one', () => {
  expect(redact('3k messages; password: 3k', ['3k'])).toBe('3k messages; password: ***');
});

const password = fc
  .string({ unit: 'binary', minLength: 8, maxLength: 40 })
  .filter((text) => text.isWellFormed() && text.trim().length >= 8 && !/^\*+$|[\r\n]/.test(text));
const words = fc.constantFrom('Route Error', 'nats-1 → nats-2', '127.0.0.1:6222 - rid:5', '', '"', 'x');

const forms: readonly (readonly [string, (secret: string) => string])[] = [
  ['as it is', (secret) => secret],
  ['in a URL', (secret) => encodeURIComponent(secret)],
  ['as base64', (secret) => Buffer.from(secret).toString('base64')],
  ['in JSON', (secret) => JSON.stringify(secret).slice(1, -1)],
];

test.each(forms)('no known password stays, %s', (_, written) => {
  fc.assert(
    fc.property(password, words, words, (secret, before, after) => {
      expect(redact(`${before}${written(secret)}${after}`, [secret]).replaceAll('***', '')).not.toContain(
        written(secret),
      );
    }),
  );
});

test('no known password stays in basic authorization', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9]{12,30}$/), fc.stringMatching(/^[a-z]{1,9}$/), (secret, user) => {
      const header = Buffer.from(`${user}:${secret}`).toString('base64');
      const shown = redact(`Authorization: Basic ${header}`, [secret]).replace(/^.*Basic /, '');
      expect(Buffer.from(shown.replaceAll('*', ''), 'base64').toString('latin1')).not.toContain(secret);
    }),
  );
});

test('text without secrets stays as it is', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9 .,()-]{0,80}$/), password, (text, secret) => {
      fc.pre(!text.includes(secret));
      expect(redact(text, [secret])).toBe(text);
    }),
  );
});

test('facts hold no secret, wherever somebody wrote it', () => {
  const canary = 'canary-0123456789';
  const key = `-----BEGIN PRIVATE KEY-----\n${'K'.repeat(64)}\n-----END PRIVATE KEY-----\n`;
  const facts = factsWith(
    [inState(terminated('Error', 1, `at ${canary}`), { lastState: terminated('Error', 1, canary) })],
    {
      events: [event({ reason: 'Failed', message: `x ${encodeURIComponent(canary)}` })],
      logs: [log('nats-1', ['a', ...key.trimEnd().split('\n'), canary, 'new'], { freshFrom: 5 })],
      unread: [canary],
    },
  );
  const redacted = redactFacts(facts, [canary, key]);
  expect(JSON.stringify(redacted)).not.toMatch(/canary|KKKK/);
  expect(redacted.logs).toMatchObject([{ lines: ['a', '***', '***', 'new'], freshFrom: 3 }]);
});
