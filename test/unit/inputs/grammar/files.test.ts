import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fileMap, findFileSecrets, formatFiles } from '../../../../src/inputs/grammar/files.ts';
import { listMasks } from '../../../../src/secrets/masks.ts';

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIBpublicpublicpublic\n-----END CERTIFICATE-----\n';
const KEY = '-----BEGIN PRIVATE KEY-----\nMIIEhunter2hunter2hunter2\n-----END PRIVATE KEY-----\n';

const masksIn = (text: string) => (fileMap.secrets?.(text) ?? []).flatMap(listMasks);

const MAX_FILES = 100;
const MAX_BYTES = 262_144;

const filesOf = (count: number): string =>
  formatFiles(Object.fromEntries([...Array(count).keys()].map((n) => [`f${n}`, 'x'])));

/** Builds two files of so many bytes together, with letters of two bytes. */
const filesOfBytes = (bytes: number): string =>
  formatFiles({ a: 'ä'.repeat(MAX_BYTES / 4), b: 'x'.repeat(bytes - MAX_BYTES / 2) });

describe('the input files', () => {
  test('is a map from file names to texts, which are kept as written', () => {
    const text = 'accounts.conf: |\n  accounts { A: {} }\n  # end\nempty: ""\n_a-B.9: x\n.hidden: y\n';
    const value = { 'accounts.conf': 'accounts { A: {} }\n# end\n', empty: '', '_a-B.9': 'x', '.hidden': 'y' };
    expect(fileMap.parse(text)).toEqual({ kind: 'accepted', value });
  });

  test.each([
    ['invalid YAML', 'a: ['],
    ['a list', '[a]'],
    ['a plain text', 'a'],
    ['a number as content', 'a: 1'],
    ['an empty content', 'a:'],
    ['a path with a folder', 'a/b: x'],
    ['a path outside of the folder', '../a: x'],
    ['the parent folder', '"..": x'],
    ['the folder itself', '".": x'],
    ['a name that the kubelet uses for its links', '..data: x'],
    ['a name with a space', 'a b: x'],
    ['an empty name', '"": x'],
    ['a name that is too long', `${'a'.repeat(254)}: x`],
    ['the name of the configuration file', 'nats.conf: x'],
    ['the name of the folder of the server certificate', 'server: x'],
    ['the name of the route CA', 'route-ca.crt: x'],
    ['the name of a route certificate', 'route-nats-0.crt: x'],
    ['the name of a user-provided route certificate', 'route.key: x'],
    ['more content than a Secret can hold', `a: ${'x'.repeat(262_145)}`],
    ['too many files', Array.from({ length: 101 }, (_, index) => `f${index}: x`).join('\n')],
    ['half a surrogate pair', 'a: "\\ud800"'],
    ['the same name twice', 'a: x\na: y'],
    ['a merged mapping', '<<: {a: x}'],
    ['an invalid name after a valid one', 'a: x\nb/c: y'],
  ])('refuses %s', (_, text) => {
    expect(fileMap.parse(text).kind).toBe('refused');
  });

  test.each([
    ['as many files as the limit', filesOf(MAX_FILES), filesOf(MAX_FILES + 1)],
    ['as many bytes in all files as the limit', filesOfBytes(MAX_BYTES), filesOfBytes(MAX_BYTES + 1)],
    ['a name of 253 characters', formatFiles({ ['a'.repeat(253)]: 'x' }), formatFiles({ ['a'.repeat(254)]: 'x' })],
  ])('may have %s, and no more', (_, last, beyond) => {
    expect(fileMap.parse(last).kind).toBe('accepted');
    expect(fileMap.parse(beyond).kind).toBe('refused');
  });

  test('may be an empty mapping', () => {
    expect(fileMap.parse('{}')).toEqual({ kind: 'accepted', value: {} });
  });

  test.each([
    ['a: 1', true],
    ['a: true', true],
    ['a: [x]', false],
    ['a: {b: c}', false],
    ['a: null', false],
  ])('asks for quotes only if a text lacks them: %s', (text, asks) => {
    const parsed = fileMap.parse(text);
    expect(parsed.kind === 'refused' && parsed.expected?.includes('quotes')).toBe(asks);
  });

  test('names the position of the file in an error, counted from 1', () => {
    const parsed = fileMap.parse('a: x\nb: 1');
    expect(parsed).toEqual({ kind: 'refused', expected: expect.stringContaining('file 2 ') });
  });

  test('is not repeated in an error', () => {
    const refused = fileMap.parse('"hunter2/x": hunter2');
    expect(JSON.stringify(refused)).not.toContain('hunter2');
  });

  test('is read as it was written', () => {
    const name = fc.stringMatching(/^f[\w.-]{0,20}$/);
    fc.assert(
      fc.property(fc.dictionary(name, fc.string({ unit: 'binary' })), (files) => {
        expect(fileMap.parse(formatFiles(files))).toEqual({ kind: 'accepted', value: files });
      }),
    );
  });

  test.each([
    ['a password of any length', 'a: |\n  user: x\n  password: "hunt2"\n', 'hunt2'],
    ['a token on its line', 'a: "token: s3cr3t"', 's3cr3t'],
    ['a private key', formatFiles({ 'a.key': KEY }), 'MIIEhunter2hunter2hunter2'],
    ['a long line', 'a: |\n  x\n  https://user:hunter2@example.com\n', 'https://user:hunter2@example.com'],
    ['invalid YAML', 'a: [\n  password-is-hunter2-hunter2', 'password-is-hunter2-hunter2'],
  ])('masks %s', (_, text, hidden) => {
    expect(masksIn(text).some((mask) => mask.includes(hidden) && mask.length < 80)).toBe(true);
  });

  test('masks no certificate and no brace, because that would make the log unreadable', () => {
    const files = { 'a.crt': CERTIFICATE, 'a.conf': 'accounts {\n  A: {}\n}\n' };
    const masks = findFileSecrets(files).flatMap(listMasks);
    expect(masks.filter((mask) => mask.includes('public') || /^\W*$/.test(mask))).toStrictEqual([]);
    expect(findFileSecrets({ 'a.crt': CERTIFICATE, 'b.crt': `\n${CERTIFICATE}\n${CERTIFICATE}`, empty: '' })).toEqual(
      [],
    );
    expect(findFileSecrets({})).toStrictEqual([]);
  });
});
