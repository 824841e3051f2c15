import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Environment } from './environment.ts';

/** Names the process that made the folder, and when that process started, because process ids are used again. */
const NAME = /^nats-smoke-test-(\d{1,10})-(\d{1,20})-[A-Za-z0-9]{6}$/;

/** Makes a folder (mode 0700) for the script of a smoke test and its keys. */
export async function makeScriptFolder(environment: Environment): Promise<string> {
  const startedAt = (await startOf(process.pid)) ?? '0';
  return await mkdtemp(join(folderOf(environment), `nats-smoke-test-${process.pid}-${startedAt}-`));
}

/**
 * Removes the folders of runs that were killed before they could: keys are in them. A folder whose run still lives stays,
 * and one that cannot be removed, because it belongs to another user for example.
 */
export async function removeLeftFolders(environment: Environment): Promise<void> {
  const folder = folderOf(environment);
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const [, pid, startedAt] = NAME.exec(name) ?? [];
    if (pid === undefined || (await startOf(Number(pid))) === startedAt) continue;
    // `rm` removes a link itself, and follows none below the folder.
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function folderOf(environment: Environment): string {
  return environment['RUNNER_TEMP'] || tmpdir();
}

/**
 * Returns when a process started, in clock ticks since the machine did (proc(5), `/proc/<pid>/stat`, field 22), or
 * undefined when there is no such process. Machines without `/proc` know only whether it lives, which counts as `0`.
 */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in parentheses, may hold blanks.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return process.platform === 'linux' || !isAlive(pid) ? undefined : '0';
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return Error.isError(error) && 'code' in error && error.code === 'EPERM';
  }
}
