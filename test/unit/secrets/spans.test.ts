import { describe, expect, test } from '@jest/globals';
import { markSpans, maskSpans, readMarks, type Span, selectOutside } from '../../../src/secrets/spans.ts';

describe('the hidden parts of a text', () => {
  test.each<[string, readonly Span[], string]>([
    [
      'may overlap',
      [
        [3, 6],
        [5, 9],
      ],
      'ab-***-cd',
    ],
    [
      'may touch',
      [
        [6, 9],
        [3, 6],
      ],
      'ab-***-cd',
    ],
    [
      'may lie within one another',
      [
        [3, 9],
        [4, 6],
      ],
      'ab-***-cd',
    ],
    [
      'may be in any order',
      [
        [10, 12],
        [0, 2],
      ],
      '***-secret-***',
    ],
    [
      'have a mask each',
      [
        [3, 6],
        [7, 9],
      ],
      'ab-***r***-cd',
    ],
    ['may be missing', [], 'ab-secret-cd'],
  ])('%s', (_, spans, shown) => {
    expect(maskSpans('ab-secret-cd', spans, { most: 12, length: 12 })).toBe(shown);
  });

  test.each<[string, number, readonly Span[], string]>([
    ['is not cut at its own length', 17, [], 'ab sec ret wxx yy'],
    ['is cut at one character less', 16, [], 'ab sec ret wxx … (2 more characters)'],
    ['has no mask for a part that begins at the cut', 3, [[3, 14]], 'ab … (14 more characters)'],
    ['has a mask for a part that begins before the cut', 7, [[3, 12]], 'ab ***… (5 more characters)'],
    ['has a mask for a part that ends at the cut', 7, [[3, 7]], 'ab ***… (10 more characters)'],
    ['is counted from the cut after a part', 11, [[3, 6]], 'ab *** ret … (6 more characters)'],
  ])('of a text that %s', (_, most, spans, shown) => {
    const text = 'ab sec ret wxx yy';
    expect(maskSpans(text, spans, { most, length: text.length })).toBe(shown);
  });

  test('count as left out beyond the part of a longer text', () => {
    expect(maskSpans('ab sec', [], { most: 3, length: 100 })).toBe('ab … (97 more characters)');
  });
});

test.each<[string, Span, boolean]>([
  ['begins with another', [2, 4], false],
  ['ends with another', [4, 6], false],
  ['begins before another', [1, 4], true],
  ['ends after another', [4, 7], true],
  ['touches another before it', [0, 2], true],
  ['touches another after it', [6, 8], true],
])('a part lies outside of others, or not: it %s', (_, span, expected) => {
  expect(
    selectOutside(
      [
        [2, 6],
        [9, 12],
      ],
      [span],
    ),
  ).toStrictEqual(expected ? [span] : []);
});

const [OPEN, CLOSE] = ['\ufdd0', '\ufdd1'];

describe('the marks in a text', () => {
  test.each<[string, string, readonly Span[]]>([
    ['one part', 'ab cd', [[0, 2]]],
    [
      'two parts of one line',
      'ab cd',
      [
        [0, 2],
        [3, 5],
      ],
    ],
    ['a part of two lines', 'ab\ncd', [[0, 5]]],
    ['a part with an empty line', 'ab\n\ncd', [[0, 6]]],
    [
      'two parts with an empty line between them',
      'ab\n\ncd',
      [
        [0, 2],
        [4, 6],
      ],
    ],
    ['a whole text', 'ab', [[0, 2]]],
    ['no part', 'ab', []],
  ])('are read as they were written: %s', (_, text, spans) => {
    expect(readMarks(markSpans({ text, spans }))).toStrictEqual({ text, spans });
  });

  test.each<[string, string, string, readonly Span[]]>([
    ['of two lines that are joined are one part', `${OPEN}ab${CLOSE}\n${OPEN}cd${CLOSE}`, 'ab\ncd', [[0, 5]]],
    ['without a beginning are no part', `ab${CLOSE}cd`, 'abcd', []],
    ['within a part do not begin another one', `${OPEN}a${OPEN}b${CLOSE}c`, 'abc', [[0, 2]]],
    ['without an end mark the rest', `a${OPEN}bc`, 'abc', [[1, 3]]],
    ['without an end mark the text up to a cut', `a${OPEN}bc… (9 more)`, 'abc… (9 more)', [[1, 3]]],
    ['without an end mark nothing at a cut', `a${OPEN}… (9 more)`, 'a… (9 more)', [[1, 1]]],
    ['after a cut mark the rest', `a… ${OPEN}bc`, 'a… bc', [[3, 5]]],
  ])('%s', (_, marked, text, spans) => {
    expect(readMarks(marked)).toStrictEqual({ text, spans });
  });
});
