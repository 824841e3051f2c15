import { describe, expect, test } from '@jest/globals';
import { endsKey, findCertificates, findKeyBlocks, opensKey } from '../../../src/secrets/key-blocks.ts';
import { maskSpans } from '../../../src/secrets/spans.ts';

const BEGIN = '-----BEGIN PRIVATE KEY-----';
const END = '-----END PRIVATE KEY-----';
const KEY = `${BEGIN}\nMIIE\n${END}`;
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
const LINE = 'A'.repeat(64);
/** The minimum length of a line of a key without its beginning. */
const SHORTEST = 16;

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const hidden = (text: string): string =>
  maskSpans(text, findKeyBlocks(text), { most: text.length, length: text.length });

describe('a private key in a text', () => {
  test.each([
    ['is hidden at the beginning', `${KEY} rest`, '*** rest'],
    ['is hidden as often as it occurs', `${KEY}, ${KEY} rest`, '***, *** rest'],
    ['is hidden after a certificate', `${CERTIFICATE}\n${KEY}`, `${CERTIFICATE}\n***`],
    ['is hidden before a certificate', `${KEY}\n${CERTIFICATE}`, `***\n${CERTIFICATE}`],
    ['is hidden up to its own end', `${BEGIN}\nMIIE\n-----END CERTIFICATE-----\n${END} rest`, '*** rest'],
    ['is hidden up to the end of the text without an end', `a ${BEGIN}\nMIIE\n-----END`, 'a ***'],
    ['is hidden as base64 at the beginning', `${base64(KEY)} rest`, '*** rest'],
    ['is hidden as base64 as often as it occurs', `${base64(KEY)} ${base64(KEY)}`, '*** ***'],
    ['is hidden with the words of its label', '-----BEGIN A B C D PRIVATE KEY-----x', '***'],
  ])('%s', (_, text, expected) => {
    expect(hidden(text)).toBe(expected);
  });

  test.each([
    ['a certificate', CERTIFICATE],
    ['a certificate as base64', base64(CERTIFICATE)],
    ['the end of a key after words', `it has no ${END}`],
    ['the end of a key at the beginning', `${END} is missing`],
    ['the end of a key after another end', `${END}${END}`],
    ['a public key', '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----'],
  ])('is not assumed in %s', (_, text) => {
    expect(hidden(text)).toBe(text);
  });
});

describe('a private key without its beginning', () => {
  const line = (length: number): string => 'B'.repeat(length);

  test.each([
    ['is hidden if it has one line of the minimum length', `${line(SHORTEST)}\n${END}`, '***'],
    ['is not assumed for a shorter line', `${line(SHORTEST - 1)}\n${END}`, `${line(SHORTEST - 1)}\n${END}`],
    ['is hidden with a short last line', `${LINE}\nAwE=\n${END}`, '***'],
    [
      'is hidden up to a line that is too short',
      `${line(SHORTEST - 1)}\n${LINE}\n${END}`,
      `${line(SHORTEST - 1)}\n***`,
    ],
    ['is hidden with all lines of the minimum length', `${line(SHORTEST)}\n${LINE}\n${END}`, '***'],
    ['is hidden up to a line of words', `Error: bad key\n${LINE}\n${END}`, 'Error: bad key\n***'],
    ['is hidden after empty lines', `${LINE}\n\n \t\r\n${END}`, '***'],
    ['is hidden in JSON', `"${LINE}\\r\\n${LINE}\\n${END}"`, '"***"'],
    ['is hidden with letters that follow a backslash in JSON', `${'nArBt'.repeat(12)}\n${END}`, '***'],
    ['is hidden after a backslash of another kind', `\\x${LINE}\n${END}`, '\\***'],
    ['is hidden in one line', `${LINE} ${LINE} ${END}`, '***'],
    ['is hidden after the end of a certificate', `-----END CERTIFICATE-----\na: ${LINE}\n${END}`, 'a: ***'],
    ['is hidden twice', `${LINE}\n${END}, ${LINE}\n${END}`, '***, ***'],
    ['is hidden after a whole key', `${KEY},\n${LINE}\n${END}`, '***,\n***'],
    ['is hidden before a whole key', `${LINE}\n${END},\n${KEY}`, '***,\n***'],
  ])('%s', (_, text, expected) => {
    const shown = hidden(text);
    expect(shown.replace(/^-+END CERTIFICATE-+\n/, '')).toBe(expected);
  });
});

describe('a text with a part of a private key', () => {
  const rest = 'x'.repeat(100);
  test.each([
    ['opens a key that has no end', `a\n${BEGIN}\nMIIE`, true, false],
    ['opens a second key', `${KEY}\n${BEGIN}\n${LINE}${LINE}`, true, true],
    ['does not open a whole key', KEY, false, true],
    ['does not open a whole key before other texts', `${KEY}\n${rest}`, false, true],
    ['does not open a certificate', '-----BEGIN CERTIFICATE-----', false, false],
    ['ends a key at its beginning', END, false, true],
    ['ends a key after a certificate', `-----END CERTIFICATE-----\n${END}`, false, true],
    ['does not end a certificate', CERTIFICATE, false, false],
    ['has neither', rest, false, false],
    ['has neither if it is empty', '', false, false],
  ])('%s', (_, text, isOpened, isEnded) => {
    expect([opensKey(text), endsKey(text)]).toStrictEqual([isOpened, isEnded]);
  });
});

test.each([
  ['one at the beginning', CERTIFICATE, 1],
  ['two in one text', `a ${CERTIFICATE} ${CERTIFICATE}`, 2],
  ['only whole ones', `${CERTIFICATE}\n-----BEGIN CERTIFICATE-----\nMIIB`, 1],
  ['none without an end', '-----BEGIN CERTIFICATE-----\nMIIB', 0],
  ['none in other texts', KEY, 0],
])('certificates are found: %s', (_, text, count) => {
  const spans = findCertificates(text);
  expect(spans).toHaveLength(count);
  for (const [from, to] of spans) expect(text.slice(from, to)).toBe('-----BEGIN CERTIFICATE-----\nMIIB\n');
});
