import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const ACTION = join(import.meta.dirname, '../../dist/index.js');

let workspace = '';
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'killed-'));
  await mkdir(join(workspace, 'temp'));
});
afterEach(async () => {
  await rm(workspace, { recursive: true, force: true });
});

const start = (inputs: Readonly<Record<string, string>> = {}) =>
  spawn(process.execPath, [ACTION], {
    stdio: 'ignore',
    env: {
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: join(workspace, 'temp'),
      INPUT_COMMAND: 'render',
      'INPUT_OUTPUT-DIRECTORY': 'out',
      INPUT_REPLICAS: '9',
      ...inputs,
    },
  });
const SECRETS = { INPUT_ALLOW: 'rendered-secrets' };
const namesIn = async (folder: string) => await readdir(folder, { recursive: true }).catch(() => []);

/**
 * Kills the process with SIGKILL after it has written `files` files. With another number of files, the kill comes at
 * another point of its work.
 */
async function killAfter(files: number): Promise<void> {
  const child = start(SECRETS);
  const ended = once(child, 'exit');
  while (child.exitCode === null && (await namesIn(join(workspace, 'out'))).length <= files) await delay(1);
  child.kill('SIGKILL');
  await ended;
}

test('a rendering removes the private keys that a killed rendering left', async () => {
  let left = 0;
  for (let files = 0; files < 24; files += 2) {
    await killAfter(files);
    const names = await namesIn(join(workspace, 'out'));
    left += names.filter((name) => name.endsWith('.tmp')).length;
    const [exitCode] = await once(start(), 'exit');
    expect(exitCode).toBe(0);
    for (const name of await namesIn(join(workspace, 'out'))) {
      expect(name).not.toMatch(/\.tmp$|^secret-/);
      expect(await readFile(join(workspace, 'out', name), 'utf8')).not.toContain('PRIVATE KEY');
    }
    await rm(join(workspace, 'out'), { recursive: true });
  }
  expect(left).toBeGreaterThan(0); // Otherwise no run was killed during a write.
});

test('any run removes the private keys that a killed smoke test left', async () => {
  const folder = join(workspace, 'temp/nats-smoke-test-4194303999-7-aBc123');
  await mkdir(join(folder, 'files'), { recursive: true });
  await writeFile(join(folder, 'files/tls.key'), 'BEGIN PRIVATE KEY');
  const [exitCode] = await once(start(), 'exit');
  expect(exitCode).toBe(0);
  expect(await readdir(join(workspace, 'temp'))).not.toContain('nats-smoke-test-4194303999-7-aBc123');
});
