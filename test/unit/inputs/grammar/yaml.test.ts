import { describe, expect, test } from '@jest/globals';
import { Lexer } from 'yaml';
import { readYaml } from '../../../../src/inputs/grammar/yaml.ts';

const MAX_DEPTH = 200;
const MIN_PARTS = 12_000;

const read = (text: string): unknown => readYaml(text, { maxAliasCount: 0 });

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

const countParts = (text: string): number => [...new Lexer().lex(text)].length;
const mostParts = (text: string): number => MIN_PARTS + Math.floor(text.length / 4);

/** Builds a list with as many parts as a text of its length may have, and `more`. */
function listWithParts(more: number): string {
  for (let count = MIN_PARTS / 2; ; count += 1) {
    const text = `[${'a,'.repeat(count)}]`;
    const spare = mostParts(text) + more - countParts(text);
    if (spare > 0) continue;
    // Each letter of the last word adds a character, but no part.
    return `[${'a,'.repeat(count - 1)}${'a'.repeat(1 - 4 * spare)},]`;
  }
}

describe('a YAML text', () => {
  test('may nest as many brackets as the limit, and no more', () => {
    expect(() => read(nested(MAX_DEPTH))).not.toThrow();
    expect(() => read(nested(MAX_DEPTH + 1))).toThrow(/more than 200 brackets/);
  });

  test.each([
    ['lists', '[]'],
    ['mappings', '{}'],
  ])('may have more %s next to one another than within one another', (_, item) => {
    expect(read(`[${`${item},`.repeat(MAX_DEPTH + 1)}]`)).toHaveLength(MAX_DEPTH + 1);
  });

  test('may have as many parts as its length allows, and no more', () => {
    const [last, beyond] = [0, 1].map(listWithParts);
    expect(countParts(last ?? '')).toBe(mostParts(last ?? ''));
    expect(countParts(beyond ?? '')).toBe(mostParts(beyond ?? '') + 1);
    expect(read(last ?? '')).toBeInstanceOf(Array);
    expect(() => read(beyond ?? '')).toThrow(/more than \d+ keys/);
  });

  test('may have several keys that are lists', () => {
    expect(read('? [a]\n: 1\n? [b]\n: 2\n')).toEqual({ '[ a ]': 1, '[ b ]': 2 });
  });

  test('may have the same key in two mappings', () => {
    expect(read('[{a: 1}, {a: 2}]')).toEqual([{ a: 1 }, { a: 2 }]);
  });

  test.each([
    ['the same key twice', '{a: 1, b: 2, a: 3}', /duplicate/i],
    ['the same key twice in an inner mapping', 'x: [{a: 1, a: 1}]', /duplicate/i],
    ['half of a surrogate pair as a key', '{"\\uD800": 1}', /surrogate/],
    ['half of a surrogate pair in a list', '[a, ["\\uDC00"]]', /surrogate/],
    ['an alias', '[&a {}, *a]', /alias/],
    ['a syntax error, with its line', 'a: 1\nb: [\n', /line \d/],
  ])('must not have %s', (_, text, reason) => {
    expect(() => read(text)).toThrow(reason);
  });

  test('merges mappings only if the caller asks for it', () => {
    const text = 'a: {<<: {b: 1}}';
    expect(read(text)).toEqual({ a: { '<<': { b: 1 } } });
    expect(readYaml(text, { maxAliasCount: 0, merge: true })).toEqual({ a: { b: 1 } });
  });

  test('may have aliases if the caller allows them', () => {
    expect(readYaml('[&a x, *a, *a]', { maxAliasCount: 100 })).toEqual(['x', 'x', 'x']);
  });
});
