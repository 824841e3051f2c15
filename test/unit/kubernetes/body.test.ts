import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { readBody } from '../../../src/kubernetes/request.ts';

const body = (...chunks: readonly string[]) => Readable.from(chunks.map((chunk) => Buffer.from(chunk)));

test('a response is read in parts, even if a part ends within a character', async () => {
  const [first, second] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)];
  expect(await readBody(Readable.from([first, second, Buffer.from('{}')]))).toBe('é{}');
});

test('a response that is too long is refused without being read to its end', async () => {
  let read = 0;
  const endless = Readable.from(
    (function* () {
      for (; read < 1000; read += 1) yield Buffer.alloc(1024);
    })(),
  );
  await expect(readBody(endless, 4096)).rejects.toMatchObject({
    code: 'CLUSTER_UNREACHABLE',
    reason: 'InvalidResponse',
  });
  expect(read).toBeLessThan(1000);
  expect(await readBody(body('a', 'b'), 2)).toBe('ab');
});
