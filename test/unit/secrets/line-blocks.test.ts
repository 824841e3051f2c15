import { expect, test } from '@jest/globals';
import { LineBlocks } from '../../../src/secrets/key-lines.ts';

function blocksOf(...lines: readonly string[]): readonly string[] {
  const shown: string[] = [];
  const blocks = new LineBlocks((block) => shown.push(block));
  lines.forEach((line) => blocks.add(line));
  shown.push('end');
  blocks.end();
  return shown;
}

const BASE64 = 'QWJjZGVmMDEyMzQ1Njc4OUFiY2RlZjAxMjM0NTY3ODlBYmNkZWY';

test('lines are printed as they come', () => {
  expect(blocksOf('a', 'nats-0: ready')).toEqual(['a', 'nats-0: ready', 'end']);
});

test('a line that ends with base64 waits for the next one', () => {
  expect(blocksOf(`data: ${BASE64}`, BASE64, 'rest')).toEqual([`data: ${BASE64}\n${BASE64}\nrest`, 'end']);
  expect(blocksOf(BASE64)).toEqual(['end', BASE64]);
});

test('a line that ends with a name or a path does not wait', () => {
  const name = 'service/a-very-long-name-of-a-deployment-of-a-branch-1a2b3c4d';
  expect(blocksOf(name)).toEqual([name, 'end']);
});
