import { describe, expect, test } from '@jest/globals';
import { LineSplitter } from '../../../src/runner/script.ts';

const LIMITS = { mostLineChars: 10, mostChars: 40, lastLines: 2 };

function linesOf(parts: readonly string[], limits = LIMITS): readonly string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line), limits);
  parts.forEach((part) => splitter.write(part));
  splitter.end();
  return lines;
}

describe('the line splitter', () => {
  test.each([
    ['splits one part', ['a\nb\n'], ['a', 'b']],
    ['joins several parts', ['a', 'b\nc', 'd\n'], ['ab', 'cd']],
    ['keeps empty lines', ['\n\na\n'], ['', '', 'a']],
    ['accepts Windows line ends', ['a\r\nb\r', '\nc'], ['a', 'b', 'c']],
    ['accepts a last line without an end', ['a\nb'], ['a', 'b']],
    ['returns no line without input', [''], []],
    ['keeps lines of the longest length', ['1234567890\nb\n'], ['1234567890', 'b']],
    ['keeps a last line that is empty but has an end', ['a\n\n'], ['a', '']],
    ['cuts lines that are too long by one character', ['1234 67890a\nb\n'], ['1234 …', 'b']],
    ['cuts lines that are too long before a word', ['12345 7890abc\nd\n'], ['12345 …', 'd']],
    ['cuts lines that are too long over several parts', ['12345 ', '7890', 'abc', 'def\n'], ['12345 …']],
    ['cuts lines that are too long and have only one word', ['1234567890abc\n'], ['…']],
  ])('%s', (_, parts, lines) => {
    expect(linesOf(parts)).toEqual(lines);
  });

  test('keeps only the last lines beyond the limit', () => {
    const lines = linesOf([Array.from({ length: 20 }, (_, index) => `line ${index + 10}\n`).join('')]);
    expect(lines.slice(0, 5)).toEqual(['line 10', 'line 11', 'line 12', 'line 13', 'line 14']);
    expect(lines.slice(5)).toEqual(['(13 lines are left out)', 'line 28', 'line 29']);
  });

  test.each([
    ['counts lines of exactly the limit', 4, ['aaaa', 'bbbb', 'cccc', 'dddd'], ['aaaa', 'bbbb', 'cccc', 'dddd']],
    ['keeps as many last lines as the limit', 2, ['a', 'b', 'c', 'd'], ['a', 'b', 'c', 'd']],
    ['reports one line that is left out', 1, ['a', 'b', 'c', 'd'], ['a', '(1 lines are left out)', 'c', 'd']],
  ])('%s', (_, factor, lines, shown) => {
    const limits = { ...LIMITS, mostChars: factor * (lines[0]?.length ?? 0) };
    expect(linesOf([`${lines.join('\n')}\n`], limits)).toEqual(shown);
  });
});
