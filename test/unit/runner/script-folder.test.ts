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

describe('the folder of a smoke test', () => {
  test('is for its user alone, and stays while its run lives', async () => {
    const folder = await makeScriptFolder({ RUNNER_TEMP: temporary });
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    await removeLeftFolders({ RUNNER_TEMP: temporary });
    expect(await readdir(temporary)).toEqual([basename(folder)]);
  });

  test.each([
    ['of a process that ended', () => `nats-smoke-test-${spawnSync('true').pid}-1-abcdef`],
    ['of a process whose id another one has now', () => `nats-smoke-test-${process.pid}-1-abcdef`],
  ])('goes with the next run when it is %s', async (_, name) => {
    await left(name());
    await removeLeftFolders({ RUNNER_TEMP: temporary });
    expect(await readdir(temporary)).toEqual([]);
  });

  test('is never what a link leads to, nor a folder of another name', async () => {
    await left('precious');
    await left('nats-smoke-test-1');
    await symlink('precious', join(temporary, 'nats-smoke-test-999999999-1-abcdef'));
    await removeLeftFolders({ RUNNER_TEMP: temporary });
    expect((await readdir(temporary)).toSorted()).toEqual(['nats-smoke-test-1', 'precious']);
    expect(await readFile(join(temporary, 'precious/files/tls.key'), 'utf8')).toContain('KEY');
  });

  test('does not stop a run where there is no folder to look at', async () => {
    await expect(removeLeftFolders({ RUNNER_TEMP: join(temporary, 'nowhere') })).resolves.toBeUndefined();
  });
});
