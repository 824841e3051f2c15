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
  ['`=`, `:` and a space separate a key from its value', 'a = 1\nb: 1\nc 1', '{"a":1,"b":1,"c":1}'],
  ['lines, commas and semicolons end entries', 'a: 1, b: 2; c: 3\nd: 4', '{"a":1,"b":2,"c":3,"d":4}'],
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
  ['single quotes have no escapes', `a: 'x\\n"'`, '{"a":"x\\\\n\\""}'],
  ['double quotes have six escapes', 'a: "\\t\\n\\r\\"\\\\\\x41"', '{"a":"\\t\\n\\r\\"\\\\A"}'],
  ['escaped bytes form UTF-8 together', 'a: "\\xc3\\xa4"', '{"a":"ä"}'],
  ['escapes work without quotes too, and make a word a text', 'a: \\x74rue', '{"a":"true"}'],
  ['a single quote ends a word and is dropped', "a: b'\nc: $x'", '{"a":"b","c":"$x"}'],
  ['quoted text spans lines', 'a: "x\ny"', '{"a":"x\\ny"}'],
  [
    'parentheses contain text up to a single one on its line',
    'a (\n x ) y\n (\n)\nb: 1',
    '{"a":"\\n x ) y\\n (\\n","b":1}',
  ],
  [
    'size units are powers of 1000 or 1024',
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
    'a word that begins with digits and is not a number is text',
    'a: 1x\nb: 5e7bcd\nc: 1k5\nd: 30s',
    '{"a":"1x","b":"5e7bcd","c":"1k5","d":"30s"}',
  ],
  ['a value in a block may be on a later line', 'a {\n b:\n\n 1\n c\n 2}', '{"a":{"b":1,"c":2}}'],
  ['lines end the items of a list', 'a: [\n1\n"x"\n{b: c}\n]', '{"a":[1,"x",{"b":"c"}]}'],
  ['a comma may end a list', 'a: ["x", ]', '{"a":["x"]}'],
  ['braces may be repeated around everything', '{ { a: 1 }, { b: 2 } # c\n d: 3 }', '{"a":1,"b":2,"d":3}'],
  ['one kind of quotes inside of a key belongs to it', `x"y: 1\nit's: 2`, '{"it\'s":2,"x\\"y":1}'],
  ['a text may begin with any letter', 'a: äx\nb: ٠x', '{"a":"äx","b":"٠x"}'],
  ['a text block is never a variable', 'a ($x\n)\n', '{"a":"$x\\n"}'],
  ['zeros at the front do not count', `a: 0\nb: ${'0'.repeat(39)}9`, '{"a":0,"b":9}'],
  ['keys may be quoted', `"a b": 1\n'c"d': 2`, '{"a b":1,"c\\"d":2}'],
  ['keys may be any other word', '$SYS { x: 1 }\n[: 1\n*: 1', '{"$SYS":{"x":1},"*":1,"[":1}'],
  [
    'keys of the object prototype are ordinary keys',
    '__proto__: 1\nconstructor { toString: 2 }',
    '{"__proto__":1,"constructor":{"toString":2}}',
  ],
  ['the last of two entries with the same key wins', 'a: 1\na: 2', '{"a":2}'],
  [
    'a variable is looked up in its block and the blocks around it',
    'a: 1\nb { c: $a\n a: 2\n d: $a }\ne: [$a ]',
    '{"a":1,"b":{"a":2,"c":1,"d":2},"e":[1]}',
  ],
  [
    'a variable may be a block and refer to another variable',
    'a: 1\nb: {c: $a}\nd: $b',
    '{"a":1,"b":{"c":1},"d":{"c":1}}',
  ],
  ['a bcrypt hash is not a variable', 'a: $2a$11$abc', '{"a":"$2a$11$abc"}'],
  [
    '`include` inserts the entries of a file',
    'x { include "users.conf" }\ninclude sub/a.conf',
    '{"a":1,"b":2,"x":{"admin":{"user":"root"},"list":[{"user":"root"}]}}',
  ],
  [
    'entries of a file are available after its include',
    'include users.conf\ny: $admin',
    '{"admin":{"user":"root"},"list":[{"user":"root"}],"y":{"user":"root"}}',
  ],
  ['a file may be included twice', 'include twice.conf', '{"o":1}'],
  ['`include` reads a name in single quotes', "INCLUDE 'once.conf'", '{"o":1}'],
  ['a single quote ends the name of an include', "include once.conf'\na: 1", '{"a":1,"o":1}'],
  ['`include` with a separator is a key', 'include: 1', '{"include":1}'],
  ['an empty text is an empty configuration', ' \n# x\n', '{}'],
])('%s', (_, text, json) => {
  expect(goJson(parsed(text))).toBe(json);
});

test('a variable of the container is kept as a variable', () => {
  expect(parsed('a: $POD_NAME')).toMatchObject({ entries: { a: { kind: 'variable', name: 'POD_NAME' } } });
});

test('every key has its line and column in the file that contains it', () => {
  const { positions } = parsed('a: 1\n  "ü": {b: 2}\ninclude sub/b.conf');
  expect([...(positions ?? [])]).toEqual([
    ['a', { file: 'my.conf', line: 1, column: 1 }],
    ['ü', { file: 'my.conf', line: 2, column: 3 }],
    ['b', { file: 'sub/b.conf', line: 1, column: 1 }],
  ]);
});

describe('a syntax error is reported with its line and column, without a value', () => {
  test.each<readonly [string, string, number, number]>([
    ['a value that is not on the line of its key', 'a:\nhunter2', 1, 3],
    ['a key without a value', 'hunter2', 2, 1],
    ['a separator without a key', ': hunter2', 1, 1],
    ['text after a value', 'password: "a"hunter2', 1, 14],
    ['text after a value in braces around everything', '{ a: "x"hunter2 }', 1, 9],
    ['an entry right after an inner brace', '{ { a: 1 } hunter2: 2 }', 1, 12],
    ['a semicolon in a list', 'a: ["x"; "hunter2"]', 1, 8],
    ['a bracket in place of a key', 'a: { ]', 1, 6],
    ['digits of another script', 'a: ٣', 1, 4],
    ['a fraction that is too large', `a: ${'9'.repeat(400)}.5`, 1, 4],
    ['a number of too many digits', `a: ${'0'.repeat(40)}9`, 1, 4],
    ['a quote that is not closed', 'x: 1\npassword: "hunter2', 2, 11],
    ['a single quote that is not closed', "password: 'hunter2", 1, 11],
    ['a quoted key that is not closed', '"hunter2: 1', 1, 1],
    ['an unknown escape', 'password: "hunter2\\q"', 1, 11],
    ['bytes that are not UTF-8', 'password: "hunter2\\xff"', 1, 11],
    ['a text block that is not closed', 'a (\nhunter2\n)x\n', 1, 3],
    ['a brace that is not closed', 'a: 1\nb: {\nc: hunter2\n', 2, 4],
    ['a brace around everything that is not closed', '{ a: hunter2\n', 1, 1],
    ['a bracket that is not closed', 'a: [hunter2', 1, 4],
    ['a closing brace without an opening one', 'a: 1\n}\n', 2, 1],
    ['a closing brace after a value without an opening one', 'a: 1 }', 1, 6],
    ['the wrong bracket', 'a: {b: hunter2]', 1, 15],
    ['a key without a value in a block', 'a: {hunter2 }', 1, 13],
    ['a missing item', 'a: [,hunter2]', 1, 5],
    ['a slash alone', 'a: 1 / hunter2', 1, 7],
    ['a number before a bracket', 'a: [1]', 1, 5],
    ['a number beyond 64 bits', 'password: 99999999999999999999', 1, 11],
    ['a size beyond 64 bits', 'a: 10E', 1, 4],
    ['an unknown unit', 'a: 1kbb', 1, 4],
    ['an impossible date', 'a: 2026-02-30T00:00:00Z', 1, 4],
    ['an invalid date', 'server_name: 12-nats-0', 1, 14],
    ['a number that ends with a point', 'a: 1.', 1, 4],
    ['a number that begins with a point', 'a: .5', 1, 4],
    ['a minus without a number', 'password: -hunter2', 1, 11],
    ['a number followed by letters after a minus', 'password: -5hunter2', 1, 13],
    ['an undefined variable', 'password: $hunter2', 1, 11],
    ['a variable that is defined later', 'b: $a\na: 1', 1, 4],
    ['a variable of another block', 'x { a: 1 }\nb: $a', 2, 4],
    ['a variable of the file that includes', 'admin2: 1\nx: 1\ninclude hunter.conf', 3, 1],
    ['the name of a prototype key as a variable', 'a: $constructor', 1, 4],
    ['a variable of the runner environment', 'a: $PATH', 1, 4],
    ['a missing file', 'include ../etc/passwd', 1, 1],
    ['an include without a name', 'include \n', 1, 9],
    ['an include of a number', 'include 1.conf', 1, 9],
    ['an include of a list', 'include [once.conf]', 1, 9],
    ['a key with both kinds of quotes', `x"y'z: 1`, 1, 1],
    ['NUL', 'a: "hunter2\0"', 1, 1],
    ['half a surrogate pair', 'a: "hunter2\ud800"', 1, 1],
  ])('%s', (_, text, line, column) => {
    const { at, input, message, correction } = violation(text);
    expect({ at, input }).toEqual({ at: { file: 'my.conf', line, column }, input: 'config' });
    expect(message + correction).not.toContain('hunter2');
    expect(message).toContain(`my.conf:${line}:${column}: got `);
  });

  test('in an included file, which is named', () => {
    expect(violation('a: 1\ninclude bad.conf').at).toEqual({ file: 'bad.conf', line: 3, column: 7 });
  });

  test('for a file that includes itself', () => {
    expect(violation('include circle.conf').at).toEqual({ file: 'circle.conf', line: 1, column: 1 });
  });
});

describe('a character that does not belong there', () => {
  test.each([
    ['the end of the line', '\n'],
    ['a space', ' '],
    ['a letter', 'x'],
    ['a letter', 'é'],
    ['`!`', '!'],
    ['`~`', '~'],
  ])('is described as %s, never quoted if a password may contain it', (described, character) => {
    expect(violation(`a: -${character}`).message).toContain(`got \`-\` and ${described}, expected a digit`);
  });
});

describe('a hostile text ends with an error in limited time and memory', () => {
  const many = 250_000;
  test.each([
    ['lists in lists', `a: ${'['.repeat(many)}`],
    ['blocks in blocks', 'a {'.repeat(many)],
    ['repeated braces around everything', '{'.repeat(many / 4)],
    [
      'variables that double in size',
      `a0: [x]\n${Array.from({ length: 99 }, (_, i) => `a${i + 1}: [$a${i}\n$a${i}]\n`).join('')}`,
    ],
    ['nested variables', `a0: [x]\n${Array.from({ length: 200 }, (_, i) => `a${i + 1}: [$a${i}\n]\n`).join('')}`],
    ['more than a Secret can hold', 'a: 1\n'.repeat(many)],
    ['a digit too many', `a: ${'9'.repeat(many)}`],
    ['quotes', `a: ${'"'.repeat(many)}`],
    ['a text block without an end', `a (\n${')x\n'.repeat(many)}`],
  ])('%s', (_, text) => {
    expect(violation(text).input).toBe('config');
  });

  test.each([
    ['many comments', '#\n'.repeat(many / 4)],
    ['many spaces', ' '.repeat(many / 4)],
    ['many escapes', `a: "${'\\x41'.repeat(many / 5)}"`],
    ['many points', `a: ${'1.'.repeat(many)}1`],
  ])('except that %s are accepted', (_, text) => {
    expect(parsed(text).kind).toBe('block');
  });

  test('any text becomes a tree or an error with a line', () => {
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

test('every tree is the same after rendering and parsing', () => {
  fc.assert(
    fc.property(configurationValue, (value) => {
      const tree = block({ x: value });
      expect(goJson(parsed(renderConfiguration(tree)))).toBe(goJson(tree));
    }),
  );
});

test.each([
  ['stays where it is used', 'P: {publish: ">"}\nu: [$P ]', 'P: {\n  publish: ">"\n}\nu: [\n  $P\n]\n'],
  ['is inlined if another entry took its name', 'a: 1\nb: $a\na: 2', 'a: 2\nb: 1\n'],
  ['is inlined if a block in between has its name', 'a: 1\nb { c: $a, a: 2 }', 'a: 1\nb: {\n  c: $a\n  a: 2\n}\n'],
  ['with an unusual name stays', 'my-var: 1\nb: $my-var', '"my-var": 1\nb: $my-var\n'],
])('the definition of a variable %s in the rendered configuration', (_, text, rendered) => {
  expect(renderConfiguration(parsed(text))).toBe(rendered);
});
