import { describe, expect, test } from '@jest/globals';
import { restartsIn } from '../../../tools/regexes/restarts.ts';

describe('a regular expression can be quadratic for', () => {
  test.each([
    ['a text up to a missing end', 'lookup .*timeout', '', '.*'],
    ['the rest of a line', '\\[ERR\\] (.*)$', '', '.*'],
    ['the words of a token', '\\beyJ[\\w-]+\\.x', '', '[\\w-]+'],
    ['a part without an end', 'BEGIN[^]*?END', '', '[^]*?'],
    ['a nested part', 'a(?:b|c(x.*)y)', '', '.*'],
    ['letters of either case', 'ab[A-Z]*;', 'i', '[A-Z]*'],
    ['lines', '^a[^]*b', 'm', '[^]*'],
    ['an unlimited bound', 'a.{0,100000}b', '', '.{0,100000}'],
  ])('%s', (_, source, flags, part) => {
    expect(restartsIn(source, flags)).toEqual([part]);
  });

  test.each([
    ['an anchored text', '^lookup .*timeout$', ''],
    ['a text after a lookbehind', 'secret "[^"]+" not found', ''],
    ['words with one possible beginning each', '(?<![\\w-])eyJ[\\w-]+\\.x', ''],
    ['a part without a required end', 'a(.*)', ''],
    ['a part that ends with the text', 'BEGIN[^]*?(?:END|$)', ''],
    ['a few characters', 'lookup .{0,300}timeout', ''],
    ['a text with a fixed start', 'a.*b', 'y'],
  ])('but not for %s', (_, source, flags) => {
    expect(restartsIn(source, flags)).toEqual([]);
  });
});
