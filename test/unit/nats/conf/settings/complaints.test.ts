import { expect, test } from '@jest/globals';
import { parseConfiguration } from '../../../../../src/nats/conf/reader/parse.ts';
import { block, type ConfBlock, variable } from '../../../../../src/nats/conf/reader/value.ts';
import { parseComplaints } from '../../../../../src/nats/conf/settings/complaints.ts';
import { renderConfiguration } from '../../../../../src/nats/conf/writer/write.ts';

/** Builds the rendered configuration: the action's lines are 1 and 2, the user's lines begin at 3. */
function configuration(text: string): ConfBlock {
  const surroundings = { files: new Map<string, string>(), environment: new Set<string>() };
  const theirs = parseConfiguration({ input: 'config', file: 'my.conf', text }, surroundings);
  const entries = { server_name: variable('SERVER_NAME'), port: 4222, ...theirs.entries };
  return theirs.positions === undefined ? block(entries) : { ...block(entries), positions: theirs.positions };
}

const text = '\n\nx: 1\nauthorization {\n\n users: [\n {user: a, password: "s3cret!"}\n]\n}\n';

test.each([
  ['a custom key', '/x/nats.conf:3:0: unknown field "x"', { line: 3, column: 1 }],
  ['a line after the name of the program', 'nats-server: /dev/stdin:4:0: bad', { line: 4, column: 1 }],
  ['a nested key', '/x/nats.conf:8:8: bad', { line: 7, column: 12 }],
  ['a line without a key of its own', '/x/nats.conf:6:8: bad', { line: 6, column: 2 }],
])('a nats-server error about %s leads to its line and column in the custom configuration', (_, output, place) => {
  const [complaint, ...others] = parseComplaints(`${output}\n`, configuration(text), 'config');
  expect(complaint).toMatchObject({ input: 'config', at: { file: 'my.conf', ...place } });
  expect(others).toEqual([]);
});

test.each(['/x/nats.conf:2:0: bad', 'nats-server: no valid system account', '/x/nats.conf:0:0: bad'])(
  'a nats-server error about generated settings has no line: %s',
  (output) => {
    const [complaint] = parseComplaints(output, configuration(text), 'config');
    expect(complaint).toMatchObject({ input: 'config', message: expect.stringContaining('nats-server refuses it: ') });
    expect(complaint).not.toHaveProperty('at');
  },
);

test('each line of output becomes an error, without secrets of the configuration', () => {
  const output = 'nats-server: /f:7:2: got "s3cret!" for s3cret!\n/f:3:1: bad\n';
  const found = parseComplaints(output, configuration(text), 'config');
  expect(found).toHaveLength(2);
  expect(JSON.stringify(found)).not.toContain('s3cret!');
});

test('at most twenty lines become errors, and the others are counted', () => {
  const output = `${'x'.repeat(9000)}\n`.repeat(25);
  const found = parseComplaints(output, configuration(text), 'config');
  expect(found).toHaveLength(21);
  expect(found.at(-1)).toMatchObject({ message: 'nats-server refuses it: 5 more lines' });
  expect(JSON.stringify(found).length).toBeLessThan(50_000);
});

test('twenty lines become twenty errors', () => {
  const found = parseComplaints('bad\n'.repeat(20), configuration(text), 'config');
  expect(found.map(({ message }) => message)).toEqual(Array.from({ length: 20 }, () => 'nats-server refuses it: bad'));
});

test('a nats-server error about a variable that is rendered as its value leads to the variable', () => {
  const replaced = configuration('a: [1 ]\nb: $a\na: {x: 1}\nc: $a\na: 2\n');
  expect(renderConfiguration(replaced).split('\n').slice(2, 7)).toEqual(['a: 2', 'b: [', '  1', ']', 'c: {']);
  const found = parseComplaints('/x/nats.conf:5:0: bad\n/x/nats.conf:8:0: bad', replaced, 'config');
  expect(found).toMatchObject([{ at: { file: 'my.conf', line: 2 } }, { at: { file: 'my.conf', line: 4 } }]);
});

test('an empty output is not an error', () => {
  expect(parseComplaints('\n', configuration(text), 'config')).toEqual([]);
});
