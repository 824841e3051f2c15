import { describe, expect, test } from '@jest/globals';
import { hasCode, type InputViolation } from '../../../../../src/errors/action-error.ts';
import { readConfiguration } from '../../../../../src/nats/conf/settings/sources.ts';
import { goJson } from '../../../../support/configuration-digest.ts';

function read(text: string, file = 'config') {
  const surroundings = { files: new Map([['x.conf', 'a: 1']]), environment: new Set(['POD_NAME']) };
  return readConfiguration({ input: 'config-file', file, text }, surroundings);
}

function violation(text: string, file?: string): InputViolation {
  try {
    read(text, file);
  } catch (error) {
    if (!hasCode(error, 'INPUT_INVALID')) throw error;
    const [only] = error.details.violations;
    if (only !== undefined) return only;
  }
  throw new Error('nothing was refused');
}

describe('the syntax of a configuration', () => {
  test.each([
    ['is nats.conf for a text that is not YAML or JSON', 'a: x#y\nb { c 1 }', 'config', '{"a":"x#y","b":{"c":1}}'],
    ['is JSON for complete JSON', '{"a": "\\u0041\\/", "b": [1]}', 'config', '{"a":"A/","b":[1]}'],
    ['is nats.conf for braces that are not JSON', '{"a": 1; b: 2}', 'config', '{"a":1,"b":2}'],
    ['is YAML if a line ends after its key', 'a:\n  b: c d\n', 'config', '{"a":{"b":"c d"}}'],
    ['is YAML because of the file name', 'a: x#y\nb: [on, 8MB]', 'values.YAML', '{"a":"x#y","b":[true,8388608]}'],
    ['is JSON because of the file name', '{"a": 1e3}', 'a.json', '{"a":1000}'],
    ['is nats.conf after a byte order mark', '\ufeffa: 1', 'a.conf', '{"a":1}'],
  ])('%s', (_, text, file, json) => {
    expect(goJson(read(text, file))).toBe(json);
  });

  test.each([
    ['nats.conf if no line ends after its key', 'a: 1 2', 1, 6],
    ['YAML if a line ends after its key', 'a:\n  b: {c\n', 3, 1],
  ])('decides about the error: %s', (_, text, line, column) => {
    expect(violation(text).at).toEqual({ file: 'config', line, column });
  });
});

describe('a configuration in YAML', () => {
  test.each([
    ['has text in quotes', 'a: ["on", \'8MB\', "$x", "1"]', '{"a":["on","8MB","$x","1"]}'],
    [
      'has the types of nats-server for values without quotes',
      'a: [on, No, 1Gi, -2k]',
      '{"a":[true,false,1073741824,-2000]}',
    ],
    [
      'has values in angle brackets as in the Helm chart',
      'a: ["<< 8MB >>", "<<on>>", "<< 3 >>", "<< x >>"]',
      '{"a":[8388608,true,3,"x"]}',
    ],
    ['has variables with the scope of nats.conf', 'a: 1\nb: {c: $a}\nd: ["<< $a >>"]', '{"a":1,"b":{"c":1},"d":[1]}'],
    ['has bcrypt hashes as text', 'a: $2a$11$x', '{"a":"$2a$11$x"}'],
    ['has exact numbers of 64 bits', 'a: 9007199254740993\nb: 0x10', '{"a":9007199254740993,"b":16}'],
    ['has fractions as floats', 'a: 1.0\nb: 1e3\nc: -.5', '{"a":1,"b":1000,"c":-0.5}'],
    ['has dates as text', 'a: 2026-01-31', '{"a":"2026-01-31"}'],
    ['has anchors with their values', 'a: &x {b: 1}\nc: [*x, *x]', '{"a":{"b":1},"c":[{"b":1},{"b":1}]}'],
    ['has keys that are not words', '1: a\n$SYS: b\n? c d\n: e', '{"$SYS":"b","1":"a","c d":"e"}'],
    ['has prototype keys as ordinary keys', '__proto__: {a: 1}', '{"__proto__":{"a":1}}'],
    ['has text over several lines', 'a: |\n  x\n  y\nb: >-\n  x\n  y', '{"a":"x\\ny\\n","b":"x y"}'],
    ['has `include` as an ordinary key', 'include: x.conf', '{"include":"x.conf"}'],
    ['has a number with the tag of a text as text', 'a: !!str 12', '{"a":"12"}'],
    ['has keys with one kind of quotes', `'a"b': 1\n"it's": 2`, '{"a\\"b":1,"it\'s":2}'],
  ])('%s', (_, text, json) => {
    expect(goJson(read(text, 'a.yaml'))).toBe(json);
  });

  test('has the line and column of every key', () => {
    const { positions, entries } = read('a: 1\nb:\n  c: 2\n', 'a.yaml');
    expect(positions?.get('b')).toEqual({ file: 'a.yaml', line: 2, column: 1 });
    expect(entries['b']).toMatchObject({ positions: new Map([['c', { file: 'a.yaml', line: 3, column: 3 }]]) });
  });

  test.each<readonly [string, string, number, number]>([
    ['a list at the top', '- hunter2', 1, 1],
    ['an empty text', '', 1, 1],
    ['a key without a value', 'a: 1\npassword:\n', 2, 10],
    ['null', 'password: ~', 1, 11],
    ['a duplicate key', 'a: 1\na: hunter2', 2, 1],
    ['a merge key', 'a: &x {b: hunter2}\nc:\n  <<: *x', 3, 3],
    ['a key that is a list', '[hunter2]: 1', 1, 1],
    ['a key that is null', '~: hunter2', 1, 1],
    ['a key with both kinds of quotes', `'a"''b': hunter2`, 1, 1],
    ['a key with NUL', '"a\\0": hunter2', 1, 1],
    ['a key with half a surrogate pair', '"\\ud800": hunter2', 1, 1],
    ['an alias within its own anchor', 'a: &x [*x]', 1, 8],
    ['an alias without an anchor', 'a: *hunter2', 1, 4],
    ['an undefined variable', 'password: $hunter2', 1, 11],
    ['an infinite number', 'a: .inf', 1, 4],
    ['a number beyond 64 bits', 'a: 18446744073709551616', 1, 4],
    ['a quote that is not closed', 'password: "hunter2', 1, 19],
    ['half a surrogate pair', 'a: "\\ud800"', 1, 4],
    ['NUL', 'a: "hunter2\0"', 1, 1],
    ['two documents', 'a: 1\n---\nb: hunter2\n', 2, 1],
  ])('is refused with its line and column, without a value: %s', (_, text, line, column) => {
    const { at, input, message, correction } = violation(text, 'a.yaml');
    expect({ at, input }).toEqual({ at: { file: 'a.yaml', line, column }, input: 'config-file' });
    expect(message + correction).not.toContain('hunter2');
  });

  test.each([
    ['nested lists', `a: ${'['.repeat(20_000)}`],
    ['more than a Secret can hold', 'a: 1\n'.repeat(300_000)],
    [
      'aliases that double in size',
      Array.from({ length: 99 }, (_, i) => `a${i}: &a${i} [${i === 0 ? 'x' : `*a${i - 1}, *a${i - 1}`}]\n`).join(''),
    ],
    [
      'nested aliases',
      Array.from({ length: 200 }, (_, i) => `a${i}: &a${i} [${i === 0 ? 'x' : `*a${i - 1}`}]\n`).join(''),
    ],
  ])('is refused in limited time and memory: %s', (_, text) => {
    expect(violation(text, 'a.yaml').input).toBe('config-file');
  });
});
