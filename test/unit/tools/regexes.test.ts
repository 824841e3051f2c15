import { describe, expect, test } from '@jest/globals';
import { restartsIn } from '../../../tools/regexes/restarts.ts';

describe('a search begins again inside of', () => {
  test.each([
    ['text up to an end that is not there', 'lookup .*timeout', '', '.*'],
    ['the rest of a line', '\\[ERR\\] (.*)$', '', '.*'],
    ['words of a token', '\\beyJ[\\w-]+\\.x', '', '[\\w-]+'],
    ['a part without an end', 'BEGIN[^]*?END', '', '[^]*?'],
    ['a nested part', 'a(?:b|c(x.*)y)', '', '.*'],
    ['letters of either case', 'ab[A-Z]*;', 'i', '[A-Z]*'],
    ['lines', '^a[^]*b', 'm', '[^]*'],
    ['a bound that is none', 'a.{0,100000}b', '', '.{0,100000}'],
  ])('%s', (_, source, flags, part) => {
    expect(restartsIn(source, flags)).toEqual([part]);
  });

  test.each([
    ['a text that it is held to begin with', '^lookup .*timeout$', ''],
    ['a text without its beginning', 'secret "[^"]+" not found', ''],
    ['words of which each begins once', '(?<![\\w-])eyJ[\\w-]+\\.x', ''],
    ['what nothing has to follow', 'a(.*)', ''],
    ['what ends with the text at the latest', 'BEGIN[^]*?(?:END|$)', ''],
    ['a few characters', 'lookup .{0,300}timeout', ''],
    ['a text that is read from one place', 'a.*b', 'y'],
  ])('not of %s', (_, source, flags) => {
    expect(restartsIn(source, flags)).toEqual([]);
  });
});
