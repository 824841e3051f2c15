import { expect, test } from '@jest/globals';
import { OutputGuard } from '../../../src/runner/stray-output.ts';

type Write = (chunk: string | Uint8Array, callback?: () => void) => boolean;

function guarded() {
  const [direct, lines]: [string[], string[]] = [[], []];
  const write: Write = (chunk, callback) => {
    direct.push(String(chunk));
    callback?.();
    return true;
  };
  const stream = { write };
  const guard = new OutputGuard([stream]);
  guard.begin((line) => lines.push(line));
  return { stream, guard, direct, lines };
}

test('output of libraries is printed line by line through the redaction, and our own goes to the stream', () => {
  const { stream, guard, direct, lines } = guarded();
  stream.write('##[stop-com');
  guard.own(() => stream.write('::add-mask::x\n'));
  stream.write('mands]x\nsecond\nthird');
  expect(direct).toEqual(['::add-mask::x\n']);
  expect(lines).toEqual(['##[stop-commands]x', 'second']);
});

test('a character in two chunks stays complete', () => {
  const { stream, lines } = guarded();
  const bytes = Buffer.from('é\n');
  stream.write(bytes.subarray(0, 1));
  stream.write(bytes.subarray(1));
  expect(lines).toEqual(['é']);
});

test('a line without an end is printed in parts', () => {
  const { stream, lines } = guarded();
  stream.write('x'.repeat(70_000));
  expect(lines).toEqual(['x'.repeat(70_000)]);
});

test.each([
  ['up to the limit, until it ends', 65_536, [`${'x'.repeat(65_536)}y`]],
  ['beyond the limit, in parts', 65_537, ['x'.repeat(65_537), 'y']],
])('a line is kept %s', (_, length, expected) => {
  const { stream, lines } = guarded();
  stream.write('x'.repeat(length));
  stream.write('y\n');
  expect(lines).toEqual(expected);
});

test('our own output stays our own after an inner call and after a failure', () => {
  const { stream, guard, direct, lines } = guarded();
  guard.own(() => {
    guard.own(() => stream.write('inner\n'));
    stream.write('outer\n');
  });
  expect(() =>
    guard.own(() => {
      throw new Error('failed');
    }),
  ).toThrow('failed');
  stream.write('other\n');
  expect([direct, lines]).toEqual([['inner\n', 'outer\n'], ['other']]);
});

test('waiting for the flush waits for the stream', async () => {
  const { stream, direct } = guarded();
  await new Promise<void>((resolve) => stream.write('', resolve));
  await new Promise<void>((resolve) => stream.write('a', resolve));
  expect(direct).toEqual(['']);
});
