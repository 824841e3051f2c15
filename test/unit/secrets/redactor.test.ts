import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import process from 'node:process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Redactor } from '../../../src/secrets/redactor.ts';
import { escapeInline } from '../../../src/text/markdown-escape.ts';
import { makeAuthority } from '../support/issuance.ts';

function redacted(text: string, ...secrets: readonly string[]): string {
  const redactor = new Redactor();
  secrets.forEach((secret) => redactor.add(secret));
  return redactor.redact(text);
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
const wrapped = (text: string, columns: number, end: string): string =>
  (text.match(new RegExp(`.{1,${columns}}`, 'g')) ?? []).join(end);
const strict = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) =>
      byte < 128 && /\w/.test(String.fromCharCode(byte))
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).padStart(2, '0')}`,
    )
    .join('');

/** The forms in which programs write a password into their output. */
const FORMS: readonly (readonly [string, (secret: string) => string])[] = [
  ['of plain text', (secret) => secret],
  ['in a URL, upper case', (secret) => encodeURIComponent(secret)],
  ['in a URL, lower case', (secret) => encodeURIComponent(secret).replaceAll(/%../g, (code) => code.toLowerCase())],
  ['in a URL, all but letters encoded', strict],
  ['in a form', (secret) => encodeURIComponent(secret).replaceAll('%20', '+')],
  ['in JSON', inJson],
  ['in JSON within JSON', (secret) => inJson(inJson(secret))],
  [
    'in JSON of Go',
    (secret) => inJson(secret).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026'),
  ],
  ['in single quotes of YAML', (secret) => secret.replaceAll("'", "''")],
  ['in HTML', (secret) => secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')],
  ['in Markdown', escapeInline],
  ['as base64', base64],
  ['as base64url', (secret) => Buffer.from(secret).toString('base64url')],
  ['as base64 twice', (secret) => base64(base64(secret))],
];

const password = fc
  .string({ unit: 'binary', minLength: 8, maxLength: 40 })
  .filter((text) => text.isWellFormed() && text.trim().length >= 8 && !/^\*+$|[\r\n]/.test(text));
const words = fc.constantFrom('Route Error', 'nats-1 → nats-2', '127.0.0.1:6222 - rid:5', '', '"', 'x');

describe('a known password', () => {
  test.each(FORMS)('is removed in the form %s', (_, written) => {
    fc.assert(
      fc.property(password, words, words, (secret, before, after) => {
        const text = redacted(`${before}${written(secret)}${after}`, secret);
        expect(text.replaceAll('***', '')).not.toContain(written(secret));
      }),
      { numRuns: 30 },
    );
  });

  test.each(['p@ss w0rd', `it's "quoted" <b> & 50% \\ off/é`, 'correct-horse-battery-staple', 'a$b`c|d*e_f[g](h)'])(
    'is removed whatever it contains: %s',
    (secret) => {
      for (const [form, written] of FORMS) {
        expect([form, redacted(`before ${written(secret)} after`, secret)]).toEqual([form, 'before *** after']);
      }
    },
  );

  test.each([0, 1, 2, 3, 4, 5])('is removed in base64 within base64, %i bytes after its beginning', (before) => {
    const secret = 'canary-password';
    for (const after of ['', 'x', 'yz']) {
      const shown = redacted(base64(`${'u'.repeat(before)}${secret}${after}`), secret);
      expect(Buffer.from(shown.replaceAll('*', ''), 'base64').toString('latin1')).not.toContain('canary');
      expect(shown).toContain('***');
    }
  });

  test.each([
    ['line ends', '\n'],
    ['Windows line ends', '\r\n'],
    ['line ends and indentation', '\n    '],
    ['line ends within JSON', '\\n'],
  ])('is removed in base64 with %s in the middle', (_, end) => {
    const secret = 'canary-password-0123456789';
    for (let before = 30; before < 60; before += 1) {
      const text = wrapped(base64(`${'u'.repeat(before)}${secret} and more`), 64, end);
      const shown = redacted(text, secret).replaceAll(end, '');
      expect(Buffer.from(shown.replaceAll('*', ''), 'base64').toString('latin1')).not.toMatch(/canary|0123456789/);
    }
  });

  test('is removed if two passwords overlap', () => {
    expect(redacted('abcdefghijkl', 'abcdefgh', 'efghijkl')).toBe('***');
  });

  test('is removed if it has four characters, even within a word, as the runner does', () => {
    expect(redacted('latest test', 'test')).toBe('la*** ***');
  });
});

test('a password of fewer than four characters is not removed, which a warning says', () => {
  expect(redacted('it is abc', 'abc')).toBe('it is abc');
});

describe.each([
  ['EC', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
  ['Ed25519', generateKeyPairSync('ed25519').privateKey],
  ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
])('a known private key (%s)', (kind, privateKey) => {
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const body = pem.replaceAll(/-----.*-----|\n/g, '');

  test.each<[string, string]>([
    ['is removed as lines without a header', body.match(/.{1,64}/g)?.join('\n') ?? ''],
    ['is removed without line ends', body],
    ['is removed in longer lines', body.match(/.{1,76}/g)?.join('\n') ?? ''],
    ['is removed in JSON', inJson(pem)],
    ['is removed in base64', base64(pem)],
    ['is removed in base64 of a longer text', base64(`x${pem}y`)],
    ['is removed in wrapped base64', wrapped(base64(pem), 76, '\n')],
    ['is removed in double base64', base64(base64(pem))],
    ['is removed at the beginning of its base64', base64(pem).slice(0, 90)],
    ['is removed in a part of its base64', base64(pem).slice(51, 120)],
    ['is removed in its last lines', pem.split('\n').slice(-4).join('\n')],
  ])('%s', (_, text) => {
    const shown = redacted(`the Secret was refused: ${text} is wrong`, pem);
    for (const part of partsOf(body.slice(8))) expect(shown).not.toContain(part);
    for (const part of partsOf(base64(pem).slice(8, -12))) expect(shown).not.toContain(part);
  });

  test('is removed without its certificate, which stays', async () => {
    const { certificatePem, privateKeyPem } = await makeAuthority({ commonName: kind });
    expect(new X509Certificate(certificatePem).ca).toBe(true);
    expect(redacted(certificatePem, privateKeyPem)).toBe(certificatePem);
  });
});

/** Returns all parts of 24 characters. */
function partsOf(text: string): readonly string[] {
  return Array.from({ length: Math.max(0, text.length - 23) }, (_, at) => text.slice(at, at + 24));
}

describe('a secret with a recognizable format', () => {
  test.each<[string, string, string]>([
    ['is removed: the password of a URL', 'url ["nats://u:p%zz@h:1"]', 'url ["nats://u:***@h:1"]'],
    [
      'is removed: a password with @ and :',
      'tls://u:p@ss:w@nats-0.n.svc:6222 failed',
      'tls://u:***@nats-0.n.svc:6222 failed',
    ],
    ['is removed: an nkeys seed', `key SU${'A'.repeat(56)} here`, 'key *** here'],
    ['is removed: a bcrypt hash', `$2a$11$${'a'.repeat(53)}`, '***'],
    ['is removed: a JWT', 'got eyJhbGciOiJIUzI1NiJ9.e30.abc', 'got ***'],
    ['is removed: credentials of a request', 'authorization: Bearer abc.def', 'authorization: Bearer ***'],
    [
      'is removed: a private key',
      'a\n-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----\nb',
      'a\n***\nb',
    ],
    [
      'is removed: a private key of a PEM with headers',
      'a\n-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4\n\nMHcC',
      'a\n***',
    ],
    ['is removed: a truncated private key', 'a\n-----BEGIN PRIVATE KEY-----\nMHcCAQEE', 'a\n***'],
    ['is removed: the rest of a private key', `${'A'.repeat(64)}\n-----END PRIVATE KEY-----\nb`, '***\nb'],
    [
      'is removed: the rest of a private key with a short last line',
      `${'A'.repeat(64)}\nAwE=\n-----END PRIVATE KEY-----\nb`,
      '***\nb',
    ],
    [
      'is removed: the rest of a private key in JSON',
      `"${'A'.repeat(64)}\\nAwE=\\n-----END PRIVATE KEY-----\\n"`,
      '"***\\n"',
    ],
    ['is removed: a private key in base64', `k: ${base64('-----BEGIN RSA PRIVATE KEY-----\nMHcC')}, b`, 'k: ***, b'],
  ])('%s', (_, text, expected) => {
    expect(redacted(text)).toBe(expected);
  });

  test.each([
    'Head "https://registry:5000/v2/nats@sha256:0123": dial tcp 127.0.0.1:1: connect: connection refused',
    'failed to fetch anonymous token: GET request to https://r/token?service=reg: 401 Unauthorized',
    '[1] 2026/11/23 02:05:36.240599 [ERR] 127.0.0.1:37788 - rid:7 - authentication error - User "u"',
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
    'tls://nats-0.messaging.svc:6222 and user@example.com',
    'add client-password: ${{ secrets.CLIENT_PASSWORD }}, or leave out client-password',
  ])('is not assumed in an ordinary line: %s', (line) => {
    expect(redacted(line)).toBe(line);
  });
});

test('a text without secrets stays as it is', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9 .,()-]{0,80}$/), password, (text, secret) => {
      fc.pre(!text.includes(secret));
      expect(redacted(text, secret)).toBe(text);
    }),
  );
});

describe('a text that is cut', () => {
  test('says how much is left out', () => {
    expect(new Redactor().redact('ab '.repeat(100), 30)).toBe(`${'ab '.repeat(10)}… (270 more characters)`);
  });

  test.each(['', '\n', '\r\n', '\\n', '\\r\\n', '\n  '])('shows no part of split base64 at a cut after %j', (end) => {
    const redactor = new Redactor();
    redactor.add('pässwörd secretSix with spaces');
    const encoded = Buffer.from('uuuuuuuuupässwörd secretSix with spaces').toString('base64');
    for (const at of [28, 32, 36, 40]) {
      const first = redactor.redact(`${encoded.slice(0, at)}${end}… (65449 more characters)`);
      expect(first).not.toContain(encoded.slice(14, at));
      const second = redactor.redact(`x… (65449 more characters)${end}${encoded.slice(at)} y`);
      expect(second).not.toContain(encoded.slice(at, -4));
    }
  });

  test('shows no beginning or end of a line of a key, however short', async () => {
    const { privateKeyPem } = await makeAuthority({ commonName: 'cut' });
    const redactor = new Redactor();
    redactor.add(privateKeyPem);
    const [, line = ''] = privateKeyPem.split('\n');
    for (let length = 8; length < line.length; length += 1) {
      expect(redactor.redact(`x %0A${line.slice(0, length)}… (9 more characters)`)).not.toContain(line.slice(0, 8));
      expect(redactor.redact(`x… (9 more characters)${line.slice(-length)}%0A y`)).not.toContain(line.slice(-8));
    }
  });

  test('shows no part of a secret at the cut', () => {
    const secret = 'canary password with spaces';
    const redactor = new Redactor();
    redactor.add(secret);
    for (let most = 1; most < 60; most += 1) {
      expect(redactor.redact(`${'x '.repeat(10)}${secret}${' y'.repeat(20)}`, most)).not.toMatch(/canary|passw|spaces/);
    }
  });
});

describe('the redaction takes linear time', () => {
  const redactor = new Redactor();
  for (let number = 0; number < 190; number += 1) redactor.add(`secret-${number}-${'x'.repeat(number % 40)}`);
  for (let number = 0; number < 10; number += 1) {
    redactor.add(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  }
  redactor.redact('the forms are made by now');

  test.each<[string, string]>([
    ['letters', 'A'],
    ['small letters', 'a'],
    ['hexadecimal', 'deadbeef01'],
    ['lines of base64', `${'A'.repeat(64)}\n`],
    ['escaped lines of base64', `${'A'.repeat(64)}\\n`],
    ['users of URLs', 'a://b:'],
    ['URLs with users', 'a://b@c:'],
    ['schemes', '://'],
    ['fields', 'password='],
    ['fields in quotes', 'password="'],
    ['fields in escaped quotes', 'password:\\"'],
    ['tokens', 'eyJaaaaaaaa.'],
    ['beginnings of tokens', 'eyJ-'],
    ['seeds', 'SA'],
    ['beginnings of keys', '-----BEGIN PRIVATE KEY-----'],
    ['ends of keys', `${'A'.repeat(20)}\n-----END PRIVATE KEY-----`],
    ['keys', '-----BEGIN PRIVATE KEY-----\nAAA\n-----END PRIVATE KEY-----'],
    ['beginnings of keys in base64', 'LS0tLS1CRUdJTi'],
    ['beginnings of known keys', 'MC4CAQAwBQYDK2VwBCIEI'],
    ['beginnings of known secrets', 'secret-1'],
    ['quotes', '"'],
    ['backslashes', '\\'],
    ['spaces', ' '],
    ['line ends', '\n'],
  ])('for %s', (_, part) => {
    const short = part.repeat(2 ** 16 / part.length);
    const long = part.repeat(2 ** 20 / part.length);
    redactor.redact(short);
    expect(cpuMs(() => redactor.redact(short), 100)).toBeLessThan(100);
    expect(cpuMs(() => redactor.redact(long), 1000)).toBeLessThan(1000);
  });
});

/**
 * Returns the shorter processor time of two attempts. It measures processor time, because other processes use the
 * machine too.
 */
function cpuMs(run: () => unknown, enough: number): number {
  const attempt = (): number => {
    const begun = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / 1000;
  };
  const first = attempt();
  return first < enough ? first : Math.min(first, attempt());
}

test('the rest of a secret is removed if its beginning was removed before', () => {
  const redactor = new Redactor();
  redactor.add('correct-horse-battery');
  expect(redactor.redact('denied: ***horse-battery is weak')).toBe('denied: ****** is weak');
  expect(redactor.redact('denied: *** is weak')).toBe('denied: *** is weak');
});
