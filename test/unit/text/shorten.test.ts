import { describe, expect, test } from '@jest/globals';
import { CUT, findBoundary, formatCutNote, shortenText } from '../../../src/text/shorten.ts';

/** The length of the longest word that is not cut. */
const LONGEST_WORD = 256;
const MOST = 1000;

/** Builds a text with one space, at the given position. */
const withSpaceAt = (position: number): string => `${'a'.repeat(position)} ${'b'.repeat(2 * MOST)}`;

describe('a text', () => {
  test('stays unchanged up to the maximum, and gets a note beyond', () => {
    expect(shortenText('a'.repeat(MOST), MOST)).toBe('a'.repeat(MOST));
    expect(shortenText('a'.repeat(MOST + 1), MOST)).toBe(`${'a'.repeat(MOST)}${formatCutNote(1)}`);
    expect(shortenText('', 0)).toBe('');
  });

  test('is cut before the word at the maximum, and the note counts that word', () => {
    expect(shortenText('one two', 5)).toBe(`one ${formatCutNote(3)}`);
    expect(formatCutNote(3)).toBe(`${CUT} (3 more characters)`);
  });
});

describe('a text is cut', () => {
  test.each([
    ['before a word that begins at the maximum', 'aa bb', 3, 3],
    ['after a word that ends at the maximum', 'aa bb', 2, 2],
    ['before a word that crosses the maximum', 'aa bbb', 4, 3],
    ['before a word that ends after the maximum', 'aa bb cc', 4, 3],
    ['after the only character that is a space', ' aaaa', 3, 1],
    ['at the maximum if it has no space', 'aaaaaa', 3, 3],
    ['before a line break', 'aa\nbb', 2, 2],
  ])('%s', (_, text, most, end) => {
    expect(findBoundary(text, most)).toBe(end);
  });

  test('before a word of 255 characters, but within a longer one', () => {
    const first = MOST - LONGEST_WORD;
    expect(findBoundary(withSpaceAt(first), MOST)).toBe(first + 1);
    expect(findBoundary(withSpaceAt(first - 1), MOST)).toBe(MOST);
    expect(findBoundary(withSpaceAt(0), MOST)).toBe(MOST);
  });

  test.each([
    ['the first pair', '\u{10000}'],
    ['a pair for an emoji', '\u{1F600}'],
    ['the last pair', '\u{10FFFF}'],
  ])('before a surrogate pair, and not within it: %s', (_, pair) => {
    const text = `aaa${pair}${pair}a`;
    expect([3, 4, 5, 6].map((most) => findBoundary(text, most))).toEqual([3, 3, 5, 5]);
  });

  test.each(['\uD7FF', '\uE000', '\uDC00', '\uDFFF'])('after a character that begins no pair: %j', (character) => {
    expect(findBoundary(`aaa${character}aa`, 4)).toBe(4);
  });
});
