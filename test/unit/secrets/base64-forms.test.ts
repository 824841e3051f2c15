import { describe, expect, test } from '@jest/globals';
import { encodePart, listBase64Forms } from '../../../src/secrets/base64-forms.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('the base64 forms of a text', () => {
  /** The length from which fewer forms are enough, and the length up to which a text is encoded twice. */
  const [LONG, LONGEST_TWICE] = [48, 8192];

  test('are fewer for a long text, whose parts are found too', () => {
    // These lengths are multiples of three, so their base64 has no padding.
    const counts = [LONG - 3, LONG, LONG + 3].map(
      (length) => listBase64Forms('a?'.repeat(length).slice(0, length)).length,
    );
    expect(counts[1]).toBe(counts[2]);
    expect(counts[1]).toBeLessThan(counts[0] ?? 0);
  });

  test.each([
    [LONG, true],
    [LONGEST_TWICE, true],
    [LONGEST_TWICE + 1, false],
  ])('of %d bytes include base64 within base64: %s', (length, expected) => {
    const text = 'a'.repeat(length);
    const twice = base64(base64(text)).slice(0, 64);
    expect(listBase64Forms(text).some((form) => form.startsWith(twice))).toBe(expected);
    expect(listBase64Forms(text)).toContain(base64(text));
  });

  test('have at least four characters', () => {
    const parts = [0, 1, 2].map((offset) => encodePart(Buffer.from('abcd'), offset));
    expect(parts.map((part) => part.length)).toStrictEqual([5, 4, 5]);
    expect(listBase64Forms('abcd')).toStrictEqual(expect.arrayContaining(parts));
    expect(listBase64Forms('abc').filter((form) => form.length < 4)).toStrictEqual([]);
  });
});
