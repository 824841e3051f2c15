import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { makeScriptFolder, removeLeftFolders } from '../../../src/runner/script-folder.ts';

let temporary = '';
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'script-folder-'));
});
afterEach(async () => {
  await rm(temporary, { recursive: true, force: true });
});

const left = async (name: string) => {
  await mkdir(join(temporary, name, 'files'), { recursive: true });
  await writeFile(join(temporary, name, 'files/tls.key'), 'BEGIN PRIVATE KEY');
};

describe('the folder for a smoke test', () => {
  test('is only for its user, and stays while its run is active', async () => {
    const folder = await makeScriptFolder({ RUNNER_TEMP: temporary });
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    await removeLeftFolders({ RUNNER_TEMP: temporary });
    expect(await readdir(temporary)).toEqual([basename(folder)]);
  });

  test.each([
    ['by a process that has ended', () => `nats-smoke-test-${spawnSync('true').pid}-1-abcdef`],
    ['by a process whose id another process has now', () => `nats-smoke-test-${process.pid}-1-abcdef`],
  ])('is deleted by the next run if it was created %s', async (_, name) => {
    await left(name());
    await removeLeftFolders({ RUNNER_TEMP: temporary });
    expect(await readdir(temporary)).toEqual([]);
  });

  test('is not deleted if it is a link or has another name', async () => {
    await left('precious');
    await left('nats-smoke-test-1');
    await symlink('precious', join(temporary, 'nats-smoke-test-999999999-1-abcdef'));
    await removeLeftFolders({ RUNNER_TEMP: temporary });
    expect((await readdir(temporary)).toSorted()).toEqual(['nats-smoke-test-1', 'precious']);
    expect(await readFile(join(temporary, 'precious/files/tls.key'), 'utf8')).toContain('KEY');
  });

  test('may be missing', async () => {
    await expect(removeLeftFolders({ RUNNER_TEMP: join(temporary, 'nowhere') })).resolves.toBeUndefined();
  });
});
