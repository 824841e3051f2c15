import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { flushStreams } from '../../../src/runner/stray-output.ts';

const MODULE = fileURLToPath(new URL('../../../src/runner/stray-output.ts', import.meta.url));

/** Starts a process that prints 20,000 lines and ends with `ending`. Returns how many lines a late reader receives. */
async function linesOf(ending: string): Promise<number> {
  const program = `
    import process from 'node:process';
    import { flushStreams } from ${JSON.stringify(MODULE)};
    for (let line = 0; line < 20_000; line++) process.stdout.write('a line of the log\\n');
    ${ending}
    process.exit(0);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  child.stdout.pause();
  await new Promise((resolve) => setTimeout(resolve, 500));
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  child.stdout.resume();
  await closed;
  return text.split('\n').length - 1;
}

test('written output is complete before the process exits', async () => {
  expect(await linesOf('await flushStreams([process.stdout]);')).toBe(20_000);
});

test('most of the output is lost without waiting for it', async () => {
  expect(await linesOf('')).toBeLessThan(20_000);
});

test('the process does not wait for a reader that has stopped', async () => {
  const before = performance.now();
  await flushStreams([{ write: () => false }], 50);
  expect(performance.now() - before).toBeLessThan(1500);
});
