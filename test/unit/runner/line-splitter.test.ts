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

describe('lines', () => {
  test.each([
    ['of one part', ['a\nb\n'], ['a', 'b']],
    ['over several parts', ['a', 'b\nc', 'd\n'], ['ab', 'cd']],
    ['that are empty', ['\n\na\n'], ['', '', 'a']],
    ['of Windows', ['a\r\nb\r', '\nc'], ['a', 'b', 'c']],
    ['without an end', ['a\nb'], ['a', 'b']],
    ['of nothing', [''], []],
    ['that are too long, without the word that is cut', ['12345 7890abc\nd\n'], ['12345 …', 'd']],
    ['that are too long, over several parts', ['12345 ', '7890', 'abc', 'def\n'], ['12345 …']],
    ['that are too long, of one word', ['1234567890abc\n'], ['…']],
  ])('%s', (_, parts, lines) => {
    expect(linesOf(parts)).toEqual(lines);
  });

  test('beyond the limit are left out but for the last ones', () => {
    const lines = linesOf([Array.from({ length: 20 }, (_, index) => `line ${index + 10}\n`).join('')]);
    expect(lines.slice(0, 5)).toEqual(['line 10', 'line 11', 'line 12', 'line 13', 'line 14']);
    expect(lines.slice(5)).toEqual(['(13 lines are left out)', 'line 28', 'line 29']);
  });
});
