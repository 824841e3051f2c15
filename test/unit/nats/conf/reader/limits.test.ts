import { describe, expect, test } from '@jest/globals';
import { hasCode } from '../../../../../src/errors/action-error.ts';
import { parseConfiguration } from '../../../../../src/nats/conf/reader/parse.ts';
import { MAX_DEPTH, MAX_VALUES } from '../../../../../src/nats/conf/reader/scope.ts';
import { parseYamlConfiguration } from '../../../../../src/nats/conf/reader/yaml.ts';

/** The maximum number of characters, which is the size of a Secret, and of files. */
const MAX_CHARACTERS = 2 ** 20;
const MAX_FILES = 200;

const files = new Map([['part.conf', '# a part\n']]);
const surroundings = { files, environment: new Set<string>() };

/** Returns the position where a text is refused; undefined for an accepted text. */
function refusal(syntax: 'nats.conf' | 'YAML', text: string): string | undefined {
  const parse = syntax === 'YAML' ? parseYamlConfiguration : parseConfiguration;
  try {
    parse({ input: 'config', file: 'f', text }, surroundings);
    return undefined;
  } catch (error) {
    if (!hasCode(error, 'INPUT_INVALID')) throw error;
    return error.details.violations.map(({ at }) => `${at?.line}:${at?.column}`).join();
  }
}

const lists = (depth: number, inner = ''): string => `${'['.repeat(depth)}${inner}${']'.repeat(depth)}`;
const blocks = (depth: number): string => `${'{a: '.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`;
const numbers = (count: number): string => `[${'1, '.repeat(count)}]`;

/** Writes a list of this many values, itself included, with a list of 1000 values that it names again and again. */
function listOf(values: number, reference: string): string {
  const inside = values - 1;
  return `[${`${reference} , `.repeat(Math.floor(inside / 1000))}${'1, '.repeat(inside % 1000)}]`;
}

describe.each(['nats.conf', 'YAML'] as const)('a configuration in %s', (syntax) => {
  const [definition, reference] = syntax === 'YAML' ? ['a: &x', '*x'] : ['x:', '$x'];
  const below = MAX_DEPTH - 1;

  test.each<readonly [string, string, string]>([
    ['lists in lists', `b: ${lists(below)}`, `b: ${lists(MAX_DEPTH)}`],
    ['blocks in blocks', `b: ${blocks(below)}`, `b: ${blocks(MAX_DEPTH)}`],
  ])('may have the maximum depth, but no more, of %s', (_, accepted, refused) => {
    expect(refusal(syntax, accepted)).toBeUndefined();
    expect(refusal(syntax, refused)).toMatch(/^1:\d+$/);
  });

  test('may have the maximum depth, but no more, after a reference to another value is replaced', () => {
    const referring = (depth: number) => `${definition} [${lists(depth - 1)}, []]\nb: [ ${reference} ]\n`;
    expect(refusal(syntax, referring(below - 1))).toBeUndefined();
    expect(refusal(syntax, referring(below))).toBe('2:6');
  });

  test('may have the maximum number of values, but no more, after references are replaced', () => {
    const text = (values: number) => `${definition} ${numbers(999)}\nb: ${listOf(values, reference)}\n`;
    expect(refusal(syntax, text(MAX_VALUES))).toBeUndefined();
    expect(refusal(syntax, text(MAX_VALUES + 1))).toBe('2:4');
  });

  test('may have as many characters as a Secret, but no more', () => {
    const text = (length: number) => `a: 1\n#${' '.repeat(length - 6)}`;
    expect(refusal(syntax, text(MAX_CHARACTERS))).toBeUndefined();
    expect(refusal(syntax, text(MAX_CHARACTERS + 1))).toBe('1:1');
  });
});

test('a configuration may include files up to a maximum, however often each is included', () => {
  expect(refusal('nats.conf', 'include part.conf\n'.repeat(MAX_FILES - 1))).toBeUndefined();
  expect(refusal('nats.conf', 'include part.conf\n'.repeat(MAX_FILES))).toBe('1:1');
});
