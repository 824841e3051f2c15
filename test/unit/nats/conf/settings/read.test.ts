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

describe('which syntax a text has', () => {
  test.each([
    ['nats.conf, if it is one', 'a: x#y\nb { c 1 }', 'config', '{"a":"x#y","b":{"c":1}}'],
    ['JSON, if it is whole JSON', '{"a": "\\u0041\\/", "b": [1]}', 'config', '{"a":"A/","b":[1]}'],
    ['nats.conf in braces is none', '{"a": 1; b: 2}', 'config', '{"a":1,"b":2}'],
    ['YAML, if a line ends after its key', 'a:\n  b: c d\n', 'config', '{"a":{"b":"c d"}}'],
    ['YAML by the name of the file', 'a: x#y\nb: [on, 8MB]', 'values.YAML', '{"a":"x#y","b":[true,8388608]}'],
    ['JSON by the name of the file', '{"a": 1e3}', 'a.json', '{"a":1000}'],
    ['nats.conf behind a byte order mark', '\ufeffa: 1', 'a.conf', '{"a":1}'],
  ])('%s', (_, text, file, json) => {
    expect(goJson(read(text, file))).toBe(json);
  });

  test.each([
    ['of nats.conf, if no line ends after its key', 'a: 1 2', 1, 6],
    ['of YAML, if one does', 'a:\n  b: {c\n', 3, 1],
  ])('the error is that %s', (_, text, line, column) => {
    expect(violation(text).at).toEqual({ file: 'config', line, column });
  });
});

describe('YAML', () => {
  test.each([
    ['what is in quotes is text', 'a: ["on", \'8MB\', "$x", "1"]', '{"a":["on","8MB","$x","1"]}'],
    [
      'what nats-server reads without quotes is so read',
      'a: [on, No, 1Gi, -2k]',
      '{"a":[true,false,1073741824,-2000]}',
    ],
    [
      'the Helm chart writes it in angle brackets',
      'a: ["<< 8MB >>", "<<on>>", "<< 3 >>", "<< x >>"]',
      '{"a":[8388608,true,3,"x"]}',
    ],
    [
      'variables have the scope they have in nats.conf',
      'a: 1\nb: {c: $a}\nd: ["<< $a >>"]',
      '{"a":1,"b":{"c":1},"d":[1]}',
    ],
    ['a bcrypt hash is text', 'a: $2a$11$x', '{"a":"$2a$11$x"}'],
    ['numbers of 64 bits are exact', 'a: 9007199254740993\nb: 0x10', '{"a":9007199254740993,"b":16}'],
    ['fractions are floats', 'a: 1.0\nb: 1e3\nc: -.5', '{"a":1,"b":1000,"c":-0.5}'],
    ['dates are text', 'a: 2026-01-31', '{"a":"2026-01-31"}'],
    ['anchors stand for their values', 'a: &x {b: 1}\nc: [*x, *x]', '{"a":{"b":1},"c":[{"b":1},{"b":1}]}'],
    ['keys need not be words', '1: a\n$SYS: b\n? c d\n: e', '{"$SYS":"b","1":"a","c d":"e"}'],
    ['keys of prototypes are keys', '__proto__: {a: 1}', '{"__proto__":{"a":1}}'],
    ['text over several lines', 'a: |\n  x\n  y\nb: >-\n  x\n  y', '{"a":"x\\ny\\n","b":"x y"}'],
    ['`include` is a key', 'include: x.conf', '{"include":"x.conf"}'],
  ])('%s', (_, text, json) => {
    expect(goJson(read(text, 'a.yaml'))).toBe(json);
  });

  test('every key has its place', () => {
    const { positions, entries } = read('a: 1\nb:\n  c: 2\n', 'a.yaml');
    expect(positions?.get('b')).toEqual({ file: 'a.yaml', line: 2, column: 1 });
    expect(entries['b']).toMatchObject({ positions: new Map([['c', { file: 'a.yaml', line: 3, column: 3 }]]) });
  });

  test.each<readonly [string, string, number, number]>([
    ['no mapping', '- hunter2', 1, 1],
    ['nothing', '', 1, 1],
    ['a key without value', 'a: 1\npassword:\n', 2, 10],
    ['null', 'password: ~', 1, 11],
    ['a key twice', 'a: 1\na: hunter2', 2, 1],
    ['a merge key', 'a: &x {b: hunter2}\nc:\n  <<: *x', 3, 3],
    ['a key that is a list', '[hunter2]: 1', 1, 1],
    ['an alias of what it is in', 'a: &x [*x]', 1, 8],
    ['an alias of nothing', 'a: *hunter2', 1, 4],
    ['a variable that nothing defines', 'password: $hunter2', 1, 11],
    ['no finite number', 'a: .inf', 1, 4],
    ['a number beyond 64 bits', 'a: 18446744073709551616', 1, 4],
    ['a quote that is never closed', 'password: "hunter2', 1, 19],
    ['half a surrogate pair', 'a: "\\ud800"', 1, 4],
    ['NUL', 'a: "hunter2\0"', 1, 1],
    ['two documents', 'a: 1\n---\nb: hunter2\n', 2, 1],
  ])('%s is refused, with its place and without its value', (_, text, line, column) => {
    const { at, input, message, correction } = violation(text, 'a.yaml');
    expect({ at, input }).toEqual({ at: { file: 'a.yaml', line, column }, input: 'config-file' });
    expect(message + correction).not.toContain('hunter2');
  });

  test.each([
    ['lists in lists', `a: ${'['.repeat(20_000)}`],
    ['more than a Secret holds', 'a: 1\n'.repeat(300_000)],
    [
      'aliases that double',
      Array.from({ length: 99 }, (_, i) => `a${i}: &a${i} [${i === 0 ? 'x' : `*a${i - 1}, *a${i - 1}`}]\n`).join(''),
    ],
    [
      'aliases that nest',
      Array.from({ length: 200 }, (_, i) => `a${i}: &a${i} [${i === 0 ? 'x' : `*a${i - 1}`}]\n`).join(''),
    ],
  ])('%s end with an error in bounded time and space', (_, text) => {
    expect(violation(text, 'a.yaml').input).toBe('config-file');
  });
});
