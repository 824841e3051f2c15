import { describe, expect, test } from '@jest/globals';
import { listMasks } from '../../../src/secrets/masks.ts';
import { listSecretForms, SHORTEST_LINE, splitSecret } from '../../../src/secrets/secret-forms.ts';

const LINE = 'MHcCAQEEIIrYSSNQFaA2Hwf1duRSxKtLYX5CB04fSeQ6tF1aY/PuoAoGCCqGSM49';
const pem = (...lines: readonly string[]): string =>
  `-----BEGIN EC PRIVATE KEY-----\n${lines.join('\n')}\n-----END EC PRIVATE KEY-----`;
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const formsOf = (secret: string): readonly string[] => listSecretForms(secret).map(({ text }) => text);

describe('the parts of a secret', () => {
  const [long, short] = ['x'.repeat(SHORTEST_LINE), 'y'.repeat(SHORTEST_LINE - 1)];

  test.each<[string, string, readonly string[], string]>([
    ['are one line as it is', ' a ', [' a '], ''],
    ['are the only line without its end', '\na\n', ['a'], ''],
    ['are the long lines of a text, and the text', `${long}\n${short}`, [long], `${long}\n${short}`],
    [
      'are the lines between any line ends',
      `${long}\r\n${long}1\r${long}2`,
      [long, `${long}1`, `${long}2`],
      `${long}\r\n${long}1\r${long}2`,
    ],
    ['do not contain a header', `-----BEGIN SOMETHING-----\n${long}`, [long], `-----BEGIN SOMETHING-----\n${long}`],
    ['are the short line beside a key', `${short}\n${pem(LINE)}`, [short], ''],
    ['are no line of a key alone', pem(LINE), [], ''],
  ])('%s', (_, secret, lines, text) => {
    const { lines: found, text: rest } = splitSecret(secret);
    expect([found, rest]).toStrictEqual([lines, text]);
  });

  test('are the lines of a key without words that contain a colon', () => {
    const [key] = splitSecret(pem('Comment:x', '', LINE, 'AwE=')).keys;
    expect(key).toMatchObject({ body: `${LINE}AwE=`, lines: [LINE, 'AwE='] });
  });
});

test.each([
  ['lines', '\n'],
  ['escaped lines', '\\n'],
])('the headers of an encrypted key are public, in %s', (_, end) => {
  const headers = ['Proc-Type: 4,ENCRYPTED', 'DEK-Info: AES-256-CBC,4A5B6C7D8E9F00112233445566778899', ''];
  const secret = pem(...headers, LINE, 'AwE=').replaceAll('\n', end);
  const { keys, lines } = splitSecret(secret);
  expect(keys).toMatchObject([{ lines: [LINE, 'AwE='] }]);
  expect(lines).toStrictEqual([]);
  const masks = listMasks(secret);
  expect(masks.filter((mask) => /Proc-Type: 4,ENCRYPTED$|^DEK/.test(mask))).toStrictEqual([]);
  expect(masks).toContain(LINE);
});

describe('the forms of a secret', () => {
  test.each([
    [8, true],
    [7, false],
  ])('contain the last line of a key with %d characters: %s', (length, expected) => {
    const last = 'Q'.repeat(length);
    expect(formsOf(pem(LINE, last)).includes(last)).toBe(expected);
  });

  test('contain the only line of a key, however short it is', () => {
    expect(formsOf(pem('QUJD'))).toContain('QUJD');
  });

  test.each([
    [8192, true],
    [8193, false],
  ])('of a text of %d characters contain the base64 of each line: %s', (length, expected) => {
    const line = 'a line of a text';
    const text = `${line}\n${'x'.repeat(length - line.length - 1)}`;
    expect(formsOf(text).includes(base64(line))).toBe(expected);
    expect(formsOf(text)).toContain(line);
    expect(formsOf(text)).toContain(base64(text));
  });

  test('contain no base64 of a whole text if it has one line', () => {
    expect(formsOf('password\n')).not.toContain(base64('password\n'));
    expect(formsOf('password\n')).toContain(base64('password'));
  });
});
