import process from 'node:process';
import { describe, expect, test } from '@jest/globals';
import { markForeignLines, markForeignText, markForeignTextOfSecret } from '../../../src/secrets/likely-secrets.ts';
import { Redactor } from '../../../src/secrets/redactor.ts';

/** Returns an external text as the action writes it. */
function shown(text: string, secrets: readonly string[] = []): string {
  const redactor = new Redactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor.redact(text);
}

describe('the value of a secret field in a foreign text', () => {
  test.each<[string, string, string]>([
    [
      'is removed in quotes',
      'authorization { user: a, password: "s3 \\"x" }',
      'authorization { user: a, password: *** }',
    ],
    ['is removed without quotes', 'line 3: password: s3cret}', 'line 3: password: ***}'],
    ['is removed in JSON', '{"password":"abc","user":"u"}', '{"password":***,"user":"u"}'],
    ['is removed in JSON within JSON', '{\\"password\\":\\"abc\\",\\"user\\"}', '{\\"password\\":***,\\"user\\"}'],
    ['is removed for a token', 'token: "abc def"', 'token: ***'],
    [
      'is removed for a token in a command line',
      'refresh of token=abc password: hunter22 failed',
      'refresh of token=*** password: *** failed',
    ],
    ['is removed even if it is as short as a word', '3k messages; password: 3k', '3k messages; password: ***'],
  ])('%s', (_, text, expected) => {
    expect(shown(markForeignText(text))).toBe(expected);
  });

  test.each([
    'failed to fetch anonymous token: unexpected status from GET request to https://r/token?service=reg: 401 Unauthorized',
    'MountVolume.SetUp failed for volume "c" : references non-existent secret key: tls.crt',
    'MountVolume.SetUp failed for volume "c" : secret "nosecret" not found',
  ])('is not assumed in an ordinary line: %s', (line) => {
    expect(markForeignText(line)).toBe(line);
  });
});

describe('the value of a secret field at the end of a foreign text', () => {
  test.each<[string, string, number, string]>([
    ['is hidden in the shortest field', 'token=a', 4096, 'token=***'],
    ['is missing', 'token=', 4096, 'token='],
    ['is hidden in a text that is not cut', 'password=a b c', 14, 'password=*** b c'],
    ['is hidden in a text that is cut after it', 'password=a b c', 13, 'password=*** b … (1 more characters)'],
    ['is hidden in a text that is cut within it', 'password="a b c" d', 12, 'password=***… (6 more characters)'],
    ['needs no mask after the cut', 'password= secretvalue', 10, 'password= … (11 more characters)'],
    ['is hidden after another URL', '://x nats://u:pw@h', 4096, '://x nats://u:***@h'],
    ['is hidden after a port', 'http://h:80/ nats://u:pw@h', 4096, 'http://h:80/ nats://u:***@h'],
    ['is not assumed before the sign of another word', 'tls://h:62x and a@b', 4096, 'tls://h:62x and a@b'],
    ['is not assumed in a port', 'http://h:12345/x@y', 4096, 'http://h:12345/x@y'],
    ['is hidden if it is longer than a port', 'nats://u:123456/@h', 4096, 'nats://u:***@h'],
  ])('%s: %s', (_, text, most, expected) => {
    expect(shown(markForeignText(text, most))).toBe(expected);
  });
});

test('a long foreign text is cut and says so', () => {
  expect(markForeignText('ab '.repeat(3000))).toBe(`${'ab '.repeat(1365)}… (4905 more characters)`);
  expect(markForeignLines(`a\n${'x'.repeat(5000)}\nb`)).toBe(`a\n${'x'.repeat(4096)}… (904 more characters)\nb`);
});

describe('a known secret in a foreign text', () => {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const secret = 'kd8-Q_secretTwo3jVbw_9xT-4aL';
  const spaced = 'pässwörd secretSix with spaces';
  const [first, second] = [base64(`uuuuuuuuu${secret}`).slice(0, 20), base64(`uuuuuuuuu${secret}`).slice(20)];

  test.each<[string, string, string]>([
    [
      'is removed as a whole if a field contains the first line of its base64',
      `password: ${first}\n${second} x`,
      'password: *** x',
    ],
    [
      'is removed as a whole if base64 surrounds it',
      `${base64('a7Zq'.repeat(15))}${spaced}${base64('a7Zq'.repeat(15))}`,
      '***',
    ],
    ['is removed as a whole if a field ends within it', 'secret="pässwörd" secretSix', 'secret=*** secretSix'],
    [
      'is removed as a whole if a field begins within it',
      'pässwörd secretSix with spaces password=x',
      '*** password=***',
    ],
  ])('%s', (_, text, expected) => {
    expect(shown(markForeignTextOfSecret(text), [secret, spaced])).toBe(expected);
  });

  test('is hidden even if the text was cut within it', () => {
    const marked = markForeignText('before password=abcdefgh after');
    for (let length = 0; length <= marked.length; length += 1) {
      expect(shown(`${marked.slice(0, length)}… (9 more characters)`)).not.toMatch(/=a|abc/);
    }
  });

  test('is hidden after the sign of a cut within it', () => {
    const marked = markForeignText('password=ab…cdefgh after');
    const cut = marked.slice(0, marked.indexOf('fgh'));
    expect(shown(`${cut}… (9 more characters)`)).toBe('password=***… (9 more characters)');
  });

  test('is marked again if the text comes a second time', () => {
    expect(shown(markForeignText(markForeignTextOfSecret(base64('a7Zq'.repeat(15)))))).toBe('***');
  });

  test('hides no more than the text between its marks, even if others wrote marks', () => {
    expect(shown(`a ${markForeignText('\ufdd0x \ufdd1 y password=1234 \ufdd0z')} b`)).toBe(
      'a *** y password=*** *** b',
    );
  });
});

describe('a text about a Secret', () => {
  const value = Buffer.from('a password of 32 characters or so').toString('base64');
  const word = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1';
  const key = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEA+ab/cd+e01/AbQ==';

  test.each<[string, string, string]>([
    ['contains no value', `"password":"${value}" is weak`, '"password":*** is weak'],
    ['contains no value of 40 characters', `value ${word.slice(0, 40)} is weak`, 'value *** is weak'],
    ['keeps a word of 39 characters', `value ${word.slice(0, 39)} is weak`, ''],
    ['keeps a long word without digits', word.replaceAll(/\d/g, 'x'), ''],
    ['keeps a long word without capitals', word.toLowerCase(), ''],
    ['keeps a long word without small letters', word.toUpperCase(), ''],
    ['contains none of several values', `${value} ${value}`, '*** ***'],
    ['contains no value in a URL', `data=${encodeURIComponent(key)} is weak`, '*** is weak'],
    ['contains no value in JSON that escapes slashes', `"${key.replaceAll('/', '\\/')}"`, '"***"'],
    ['contains no value in JSON that escapes signs', `"${key.replaceAll('+', '\\u002b')}"`, '"***"'],
    ['contains no lines in a URL', `body:${encodeURIComponent(`${key}\n${key}\nAB==\n`)} is weak`, 'body:*** is weak'],
    [
      'keeps a path',
      'failed calling webhook: Post "https://kyverno.kyverno.svc:443/validate/fail/finegrained/policies/x"',
      '',
    ],
    ['keeps a long name', 'secrets "a-very-long-name-of-a-deployment-in-a-namespace-client-tls" is forbidden', ''],
    ['keeps a digest', `image sha256:${'0123456789abcdef'.repeat(4)}`, ''],
  ])('%s', (_, text, expected) => {
    expect(shown(markForeignTextOfSecret(text))).toBe(expected === '' ? text : expected);
  });
});

describe('the redaction of a foreign text takes linear time', () => {
  test.each([
    'password',
    'password=',
    'password: ',
    'token:"',
    'A',
    'token: \\"',
    "password:'",
    '"',
    ' ',
    'Aa0',
    '%0A',
    '\\u002',
    '\\',
  ])('for repeated %j', (part) => {
    for (const [length, most] of [
      [2 ** 16, 100],
      [2 ** 20, 1000],
    ] as const) {
      const text = part.repeat(length / part.length);
      expect(cpuMs(() => markForeignLines(text, Number.POSITIVE_INFINITY))).toBeLessThan(most);
      expect(cpuMs(() => markForeignTextOfSecret(text))).toBeLessThan(most);
    }
  });
});

/** Returns the shorter processor time of two attempts. */
function cpuMs(run: () => unknown): number {
  return Math.min(
    ...[1, 2].map(() => {
      const begun = process.cpuUsage();
      run();
      const { user, system } = process.cpuUsage(begun);
      return (user + system) / 1000;
    }),
  );
}
