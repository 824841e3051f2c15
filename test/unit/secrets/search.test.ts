import { describe, expect, test } from '@jest/globals';
import { PrefixTree } from '../../../src/secrets/prefix-tree.ts';
import { type Span, selectOutside } from '../../../src/secrets/spans.ts';

describe('the beginnings of several texts', () => {
  const tree = new PrefixTree();
  for (const text of ['password-one', 'password-two', 'key', 'passwords']) tree.add(text);

  test.each([
    ['pass', true],
    ['password', true],
    ['password-t', true],
    ['password-two', true],
    ['passwordx', false],
    ['k', true],
    ['keys', false],
    ['word', false],
  ])('are found, whichever text begins so: %s, %s', (part, expected) => {
    expect(tree.hasBeginning(`a ${part}`, 2, 2 + part.length)).toBe(expected);
  });

  test('do not hide the longest text that begins at a position', () => {
    expect(tree.measureLongest('a password-two', 2)).toBe('password-two'.length);
    expect(tree.measureLongest('a password', 2)).toBe(0);
  });
});

describe('the parts of a text', () => {
  test.each<[string, readonly Span[], Span, boolean]>([
    [
      'inside the second of two adjacent parts',
      [
        [0, 5],
        [5, 9],
      ],
      [5, 9],
      false,
    ],
    [
      'inside the first of two adjacent parts',
      [
        [0, 5],
        [5, 9],
      ],
      [0, 5],
      false,
    ],
    [
      'across two adjacent parts',
      [
        [0, 5],
        [5, 9],
      ],
      [3, 7],
      true,
    ],
    [
      'between two parts',
      [
        [0, 2],
        [5, 9],
      ],
      [2, 5],
      true,
    ],
    ['after all parts', [[0, 2]], [2, 4], true],
  ])('count as outside of others, or not: %s', (_, others, span, expected) => {
    expect(selectOutside(others, [span])).toEqual(expected ? [span] : []);
  });
});
