import { describe, expect, test } from '@jest/globals';
import { Redactor } from '../../../src/secrets/redactor.ts';

function redacted(text: string, ...secrets: readonly string[]): string {
  const redactor = new Redactor();
  secrets.forEach((secret) => redactor.add(secret));
  return redactor.redact(text);
}

/** Returns letters that do not occur in the secrets. */
const filler = (length: number): string => 'Z'.repeat(length);
const SECRET = 'abcdefghijklmnopqrstuvwx';

describe('a known secret in lines of base64', () => {
  test.each([
    ['across one line end', `${filler(16)}abcdefgh\nijklmnopqrstuvwxYYYY`, `${filler(16)}***YYYY`],
    ['across two line ends', `${filler(16)}abcdefgh\nijklmnop\nqrstuvwxYYYY`, `${filler(16)}***YYYY`],
    ['at the beginning of a line', `${filler(24)}\n${SECRET}YYYY`, `${filler(24)}\n***YYYY`],
    ['at the end of a line', `${filler(16)}${SECRET}\nYYYY`, `${filler(16)}***\nYYYY`],
    ['twice', `${SECRET}\nYYYY${SECRET.slice(0, 9)}\n${SECRET.slice(9)}`, '***\nYYYY***'],
    ['after a Windows line end', `${filler(16)}abcdefgh\\r\\n  ijklmnopqrstuvwxYYYY`, `${filler(16)}***YYYY`],
  ])('is hidden with exactly its own characters %s', (_, text, shown) => {
    expect(redacted(text, SECRET)).toBe(shown);
  });

  test('is hidden together with another one that begins within it, before the line end', () => {
    const other = `efghijklmnopqrstuvwx${'12345678'}`;
    const text = `${filler(16)}abcdefgh\nijklmnopqrstuvwx12345678YYYY`;
    expect(redacted(text, SECRET, other)).toBe(`${filler(16)}***YYYY`);
  });

  test.each(['… (9 more characters)', '***'])('is hidden if its second line is cut at %s', (cut) => {
    const shown = redacted(`${filler(16)}abcdefgh\nijkl${cut}`, SECRET);
    expect(shown).not.toMatch(/abc|efg|ijk/);
    expect(shown.startsWith(filler(16))).toBe(true);
  });

  test('is not assumed in the beginning of a word that is not cut', () => {
    expect(redacted(`${filler(16)}abcdefgh\nijkl rest`, SECRET)).toBe(`${filler(16)}abcdefgh\nijkl rest`);
  });
});

describe('a known secret at a cut', () => {
  const tail = ' y'.repeat(200);

  test.each([
    ['is hidden after a cut at the beginning of the text', '…mnopqrstuvwx rest', '…*** rest'],
    ['is hidden after a mask at the beginning of the text', '***mnopqrstuvwx rest', '****** rest'],
    [
      'is hidden before a cut of a long text',
      `x abcdefgh… (9 more characters)${tail}`,
      `x ***… (9 more characters)${tail}`,
    ],
    [
      'is hidden before a line end at the cut',
      `x abcdefgh\n… (9 more characters)${tail}`,
      `x ***… (9 more characters)${tail}`,
    ],
    ['is not assumed at the beginning of a text that is not cut', 'mnopqrstuvwx rest', 'mnopqrstuvwx rest'],
    ['is not assumed at the end of a text that is not cut', 'rest abcdefgh', 'rest abcdefgh'],
  ])('%s', (_, text, shown) => {
    expect(redacted(text, SECRET)).toBe(shown);
  });

  test.each([
    [99, true],
    [100, false],
  ])('is searched at the first hundred cuts: after %d others %s', (others, isHidden) => {
    expect(redacted(`${'… '.repeat(others)}abcdefgh…`, SECRET).endsWith('***…')).toBe(isHidden);
  });
});

describe('a short text', () => {
  test.each([
    ['is searched if it has the minimum length of a secret', 'pass', '***'],
    ['is not searched if it is shorter', 'pas', 'pas'],
    ['loses its marked part, however short it is', 'a\ufdd0b', 'a***'],
    ['loses a part that is marked only at its end', 'b\ufdd1', 'b'],
  ])('%s', (_, text, shown) => {
    expect(redacted(text, 'pass')).toBe(shown);
  });
});
