import process from 'node:process';
import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { readGreeting } from '../../../src/servers/server-info.ts';
import { slowTexts } from '../../support/processor-time.ts';
import { doors } from '../../support/text-doors.ts';

test.each(doors)(
  'a text of 64 KiB takes at most 100 ms: $name',
  (door) => {
    expect(slowTexts(door, 64 * 1024, 100)).toEqual([]);
  },
  60_000,
);

test('the greeting of a server is read once, even if it arrives byte by byte', async () => {
  const stream = new PassThrough();
  const greeting = readGreeting(stream);
  const begun = process.threadCpuUsage();
  for (let sent = 0; sent < 70_000; sent += 1) stream.emit('data', Buffer.from('\n'));
  expect(await greeting).toMatchObject({ ok: false });
  expect(process.threadCpuUsage(begun).user / 1000).toBeLessThan(500);
});
