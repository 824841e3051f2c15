import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runScript } from '../../../src/runner/script.ts';

let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'script-test-'));
  await writeFile(join(home, '.bashrc'), 'echo from-bashrc\n');
  await writeFile(join(home, '.bash_profile'), 'echo from-profile\n');
});

afterAll(async () => {
  await rm(home, { recursive: true });
});

async function ran(text: string, signal = AbortSignal.timeout(20_000)) {
  const lines: string[] = [];
  const environment = { PATH: process.env['PATH'], HOME: home, INPUT_KUBECONFIG: 'hidden' };
  const exitCode = await runScript(environment, {
    text,
    files: { 'ca.crt': 'the authority' },
    variables: (folder) => ({ NATS_CA: `${folder}/ca.crt` }),
    onLine: (line) => lines.push(line),
    signal,
  });
  return { exitCode, lines };
}

/** Checks whether a process runs. A process that ended may stay as a zombie if no parent reaps it. */
async function isRunning(pid = ''): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z');
  return !/\) Z/.test(state);
}

test.each([
  ['prints a last line without an end', "echo a; printf 'why it failed'; exit 3", 3, ['a', 'why it failed']],
  ['prints its error stream', 'echo a >&2', 0, ['a']],
  ['fails if the first part of a pipe fails', 'false | true', 1, []],
  [
    'has its variables, but not the inputs of the action',
    'cat "$NATS_CA"; echo "[$INPUT_KUBECONFIG]"',
    0,
    ['the authority[]'],
  ],
  ['has no standard input', 'cat; echo end', 0, ['end']],
  ['reports a signal as an exit code', 'kill -KILL $$', 137, []],
])('a smoke test %s', async (_, text, exitCode, lines) => {
  expect(await ran(text)).toEqual({ exitCode, lines });
});

test('a line without an end costs neither much time nor much memory', async () => {
  const begun = performance.now();
  const { lines } = await ran("echo begun; head -c 32000000 /dev/zero | tr '\\0' a");
  expect(lines).toEqual(['begun', '…']);
  expect(performance.now() - begun).toBeLessThan(10_000);
});

test('child processes of a smoke test end with it', async () => {
  const { lines } = await ran('sleep 300 & echo $!');
  await delay(200);
  expect(await isRunning(lines[0])).toBe(false);
});

test('a smoke test ends at the deadline, even if it ignores SIGTERM', async () => {
  const begun = performance.now();
  const { exitCode, lines } = await ran("trap '' TERM; sleep 300 & echo $!; wait; sleep 300", AbortSignal.timeout(500));
  expect(exitCode).toBe(137);
  expect(performance.now() - begun).toBeLessThan(10_000);
  expect(await isRunning(lines[0])).toBe(false);
});
