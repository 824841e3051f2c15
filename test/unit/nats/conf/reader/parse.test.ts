import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hasCode, type InputViolation } from '../../../../../src/errors/action-error.ts';
import { parseConfiguration } from '../../../../../src/nats/conf/reader/parse.ts';
import { block } from '../../../../../src/nats/conf/reader/value.ts';
import { renderConfiguration } from '../../../../../src/nats/conf/writer/write.ts';
import { goJson } from '../../../../support/configuration-digest.ts';
import { configurationValue } from '../../../../support/configuration-tree.ts';

const files: Readonly<Record<string, string>> = {
  'users.conf': 'admin: {user: root}\nlist: [$admin ]\n',
  'sub/a.conf': 'include "b.conf"\na: 1\n',
  'sub/b.conf': 'b: 2\n',
  'circle.conf': 'include ./circle.conf\n',
  'bad.conf': '\n\n  x: [}\n',
  'twice.conf': 'include once.conf\ninclude once.conf\n',
  'once.conf': 'o: 1\n',
};

function parsed(text: string) {
  const surroundings = { files: new Map(Object.entries(files)), environment: new Set(['POD_NAME']) };
  return parseConfiguration({ input: 'config', file: 'my.conf', text }, surroundings);
}

function violation(text: string): InputViolation {
  try {
    parsed(text);
  } catch (error) {
    if (!hasCode(error, 'INPUT_INVALID')) throw error;
    const [only, ...others] = error.details.violations;
    if (only !== undefined && others.length === 0) return only;
  }
  throw new Error('nothing was refused');
}

test.each([
  ['an entry', 'a: 1', '{"a":1}'],
  ['`=`, `:` and a space are the same', 'a = 1\nb: 1\nc 1', '{"a":1,"b":1,"c":1}'],
  ['entries end by line, comma and semicolon', 'a: 1, b: 2; c: 3\nd: 4', '{"a":1,"b":2,"c":3,"d":4}'],
  ['both kinds of comments end with the line', '# x\na: 1 // y\nb: 2 # z\r\nc: 3', '{"a":1,"b":2,"c":3}'],
  ['braces around everything change nothing', '{\n a: 1\n b: 2 }', '{"a":1,"b":2}'],
  ['JSON is read', '{"a": {"b": [true, "c", 1.5 ]}, "d": -2}', '{"a":{"b":[true,"c",1.5]},"d":-2}'],
  ['words without quotes are text', 'a: nats://x:4222/y?z', '{"a":"nats://x:4222/y?z"}'],
  [
    'booleans have six names in any case',
    'a: [true\nYes\nON\nfalse\nno\nOff]',
    '{"a":[true,true,true,false,false,false]}',
  ],
  ['quoted words are never booleans', `a: "true"\nb: 'on'`, '{"a":"true","b":"on"}'],
  ['single quotes know no escapes', `a: 'x\\n"'`, '{"a":"x\\\\n\\""}'],
  ['double quotes know six escapes', 'a: "\\t\\n\\r\\"\\\\\\x41"', '{"a":"\\t\\n\\r\\"\\\\A"}'],
  ['escaped bytes are UTF-8 together', 'a: "\\xc3\\xa4"', '{"a":"ä"}'],
  ['escapes are read without quotes too, which then is no boolean', 'a: \\x74rue', '{"a":"true"}'],
  ['a single quote ends a word and is lost', "a: b'\nc: $x'", '{"a":"b","c":"$x"}'],
  ['quoted text spans lines', 'a: "x\ny"', '{"a":"x\\ny"}'],
  ['parentheses hold text up to one alone on its line', 'a (\n x ) y\n (\n)\nb: 1', '{"a":"\\n x ) y\\n (\\n","b":1}'],
  [
    'sizes count thousands or 1024s',
    'a: [1k, 1kb, 2Mi, 1GiB, -3m, 1T, 1p, 1E ]',
    '{"a":[1000,1024,2097152,1073741824,-3000000,1000000000000,1000000000000000,1000000000000000000]}',
  ],
  [
    'integers have 64 bits',
    'a: 9007199254740993\nb: -9223372036854775808',
    '{"a":9007199254740993,"b":-9223372036854775808}',
  ],
  ['floats', 'a: 1.0\nb: -0.5\nc: -0.0', '{"a":1,"b":-0.5,"c":-0}'],
  ['dates', 'a: 2026-01-31T12:00:00Z', '{"a":"2026-01-31T12:00:00Z"}'],
  ['addresses are text', 'a: 127.0.0.1:4222\nb: -1.2.3', '{"a":"127.0.0.1:4222","b":"-1.2.3"}'],
  [
    'what begins with digits and is no number is text',
    'a: 1x\nb: 5e7bcd\nc: 1k5\nd: 30s',
    '{"a":"1x","b":"5e7bcd","c":"1k5","d":"30s"}',
  ],
  ['a value in a block may be on a later line', 'a {\n b:\n\n 1\n c\n 2}', '{"a":{"b":1,"c":2}}'],
  ['a list ends items by line', 'a: [\n1\n"x"\n{b: c}\n]', '{"a":[1,"x",{"b":"c"}]}'],
  ['a comma may end a list', 'a: ["x", ]', '{"a":["x"]}'],
  ['keys may be quoted', `"a b": 1\n'c"d': 2`, '{"a b":1,"c\\"d":2}'],
  ['keys may be anything else', '$SYS { x: 1 }\n[: 1\n*: 1', '{"$SYS":{"x":1},"*":1,"[":1}'],
  [
    'keys of prototypes are keys',
    '__proto__: 1\nconstructor { toString: 2 }',
    '{"__proto__":1,"constructor":{"toString":2}}',
  ],
  ['the last of two entries with one key counts', 'a: 1\na: 2', '{"a":2}'],
  [
    'a variable is found in its block and those around it',
    'a: 1\nb { c: $a\n a: 2\n d: $a }\ne: [$a ]',
    '{"a":1,"b":{"a":2,"c":1,"d":2},"e":[1]}',
  ],
  ['a variable may be a block, and refer on', 'a: 1\nb: {c: $a}\nd: $b', '{"a":1,"b":{"c":1},"d":{"c":1}}'],
  ['a bcrypt hash is no variable', 'a: $2a$11$abc', '{"a":"$2a$11$abc"}'],
  [
    '`include` puts the entries of a file in its place',
    'x { include "users.conf" }\ninclude sub/a.conf',
    '{"a":1,"b":2,"x":{"admin":{"user":"root"},"list":[{"user":"root"}]}}',
  ],
  [
    'what a file defines counts after it',
    'include users.conf\ny: $admin',
    '{"admin":{"user":"root"},"list":[{"user":"root"}],"y":{"user":"root"}}',
  ],
  ['a file may be included twice', 'include twice.conf', '{"o":1}'],
  ['`include` with a separator is a key', 'include: 1', '{"include":1}'],
  ['nothing at all', ' \n# x\n', '{}'],
])('%s', (_, text, json) => {
  expect(goJson(parsed(text))).toBe(json);
});

test('a variable of the container stays a variable', () => {
  expect(parsed('a: $POD_NAME')).toMatchObject({ entries: { a: { kind: 'variable', name: 'POD_NAME' } } });
});

test('every key has its place, in the file it was read in', () => {
  const { positions } = parsed('a: 1\n  "ü": {b: 2}\ninclude sub/b.conf');
  expect([...(positions ?? [])]).toEqual([
    ['a', { file: 'my.conf', line: 1, column: 1 }],
    ['ü', { file: 'my.conf', line: 2, column: 3 }],
    ['b', { file: 'sub/b.conf', line: 1, column: 1 }],
  ]);
});

describe('what is refused says where, and repeats no value', () => {
  test.each<readonly [string, string, number, number]>([
    ['a value that is not on the line of its key', 'a:\nhunter2', 1, 3],
    ['a key alone', 'hunter2', 2, 1],
    ['a separator without key', ': hunter2', 1, 1],
    ['text after a value', 'password: "a"hunter2', 1, 14],
    ['a quote that is never closed', 'x: 1\npassword: "hunter2', 2, 11],
    ['a single quote that is never closed', "password: 'hunter2", 1, 11],
    ['a quoted key that is never closed', '"hunter2: 1', 1, 1],
    ['an escape there is not', 'password: "hunter2\\q"', 1, 11],
    ['bytes that are no UTF-8', 'password: "hunter2\\xff"', 1, 11],
    ['a block of text that is never closed', 'a (\nhunter2\n)x\n', 1, 3],
    ['a brace that is never closed', 'a: 1\nb: {\nc: hunter2\n', 2, 4],
    ['a brace around everything that is never closed', '{ a: hunter2\n', 1, 1],
    ['a bracket that is never closed', 'a: [hunter2', 1, 4],
    ['a brace that closes nothing', 'a: 1\n}\n', 2, 1],
    ['a brace after a value that closes nothing', 'a: 1 }', 1, 6],
    ['the wrong bracket', 'a: {b: hunter2]', 1, 15],
    ['a key in a block without value', 'a: {hunter2 }', 1, 13],
    ['an item that is missing', 'a: [,hunter2]', 1, 5],
    ['a slash alone', 'a: 1 / hunter2', 1, 7],
    ['a number before a bracket', 'a: [1]', 1, 5],
    ['a number beyond 64 bits', 'password: 99999999999999999999', 1, 11],
    ['a size beyond 64 bits', 'a: 10E', 1, 4],
    ['a unit there is not', 'a: 1kbb', 1, 4],
    ['a date there is not', 'a: 2026-02-30T00:00:00Z', 1, 4],
    ['a date that is none', 'server_name: 12-nats-0', 1, 14],
    ['a number that ends with a point', 'a: 1.', 1, 4],
    ['a number that begins with a point', 'a: .5', 1, 4],
    ['a minus without number', 'password: -hunter2', 1, 11],
    ['a number followed by letters after a minus', 'password: -5hunter2', 1, 13],
    ['a variable that nothing defines', 'password: $hunter2', 1, 11],
    ['a variable that is defined later', 'b: $a\na: 1', 1, 4],
    ['a variable of another block', 'x { a: 1 }\nb: $a', 2, 4],
    ['a variable of the file that includes', 'admin2: 1\nx: 1\ninclude hunter.conf', 3, 1],
    ['a name from prototypes as a variable', 'a: $constructor', 1, 4],
    ['a variable of the machine', 'a: $PATH', 1, 4],
    ['a file that is not there', 'include ../etc/passwd', 1, 1],
    ['an include without name', 'include \n', 1, 9],
    ['a key with both kinds of quotes', `x"y'z: 1`, 1, 1],
    ['NUL', 'a: "hunter2\0"', 1, 1],
    ['half a surrogate pair', 'a: "hunter2\ud800"', 1, 1],
  ])('%s', (_, text, line, column) => {
    const { at, input, message, correction } = violation(text);
    expect({ at, input }).toEqual({ at: { file: 'my.conf', line, column }, input: 'config' });
    expect(message + correction).not.toContain('hunter2');
    expect(message).toContain(`my.conf:${line}:${column}: got `);
  });

  test('the file an error is in is named, not the one that includes it', () => {
    expect(violation('a: 1\ninclude bad.conf').at).toEqual({ file: 'bad.conf', line: 3, column: 7 });
  });

  test('a file that includes itself', () => {
    expect(violation('include circle.conf').at).toEqual({ file: 'circle.conf', line: 1, column: 1 });
  });
});

describe('hostile text ends with an error in bounded time and space', () => {
  const many = 250_000;
  test.each([
    ['lists in lists', `a: ${'['.repeat(many)}`],
    ['blocks in blocks', 'a {'.repeat(many)],
    ['braces around everything', '{'.repeat(many / 4)],
    [
      'variables that double',
      `a0: [x]\n${Array.from({ length: 99 }, (_, i) => `a${i + 1}: [$a${i}\n$a${i}]\n`).join('')}`,
    ],
    ['variables that nest', `a0: [x]\n${Array.from({ length: 200 }, (_, i) => `a${i + 1}: [$a${i}\n]\n`).join('')}`],
    ['more than a Secret holds', 'a: 1\n'.repeat(many)],
    ['a digit too many', `a: ${'9'.repeat(many)}`],
    ['quotes', `a: ${'"'.repeat(many)}`],
    ['text that never ends', `a (\n${')x\n'.repeat(many)}`],
  ])('%s', (_, text) => {
    expect(violation(text).input).toBe('config');
  });

  test.each([
    ['comments', '#\n'.repeat(many / 4)],
    ['spaces', ' '.repeat(many / 4)],
    ['escapes', `a: "${'\\x41'.repeat(many / 5)}"`],
    ['points', `a: ${'1.'.repeat(many)}1`],
  ])('%s are merely long', (_, text) => {
    expect(parsed(text).kind).toBe('block');
  });

  test('whatever the text, there is a tree or an error that says where', () => {
    const piece = fc.constantFrom(
      ...'{}[]()"\'\\#/:=,; \n\r\t$-.019kxa'.split(''),
      'include ',
      '$a',
      '\n)\n',
      'a: 1\n',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        try {
          expect(parsed(text).kind).toBe('block');
        } catch (error) {
          if (!hasCode(error, 'INPUT_INVALID')) throw error;
          expect(error.details.violations[0]?.at?.line).toBeGreaterThan(0);
        }
      }),
    );
  });
});

test('every tree is read back from its rendering', () => {
  fc.assert(
    fc.property(configurationValue, (value) => {
      const tree = block({ x: value });
      expect(goJson(parsed(renderConfiguration(tree)))).toBe(goJson(tree));
    }),
  );
});

test.each([
  ['stays where it is used', 'P: {publish: ">"}\nu: [$P ]', 'P: {\n  publish: ">"\n}\nu: [\n  $P\n]\n'],
  ['is replaced where another took its name', 'a: 1\nb: $a\na: 2', 'a: 2\nb: 1\n'],
  ['is replaced where a block in between has the name', 'a: 1\nb { c: $a, a: 2 }', 'a: 1\nb: {\n  c: $a\n  a: 2\n}\n'],
  ['of an odd name stays', 'my-var: 1\nb: $my-var', '"my-var": 1\nb: $my-var\n'],
])('a definition %s when it is rendered', (_, text, rendered) => {
  expect(renderConfiguration(parsed(text))).toBe(rendered);
});
