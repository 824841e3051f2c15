import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Environment } from './workspace.ts';

/**
 * The name of a folder. It contains the id and the start time of the process that created the folder, because the
 * system reuses process ids.
 */
const NAME = /^nats-smoke-test-(\d{1,10})-(\d{1,20})-[A-Za-z0-9]{6}$/;

/** Creates a folder (mode 0700) for the script of a smoke test and its keys. */
export async function makeScriptFolder(environment: Environment): Promise<string> {
  const startedAt = (await readStartTime(process.pid)) ?? '0';
  return await mkdtemp(join(selectParentFolder(environment), `nats-smoke-test-${process.pid}-${startedAt}-`));
}

/**
 * Removes the folders of killed runs, because they contain keys. A folder whose run is still alive is kept, and so is a
 * folder that cannot be removed, for example because it belongs to another user.
 */
export async function removeLeftFolders(environment: Environment): Promise<void> {
  const folder = selectParentFolder(environment);
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const [, pid, startedAt] = NAME.exec(name) ?? [];
    if (pid === undefined || (await readStartTime(Number(pid))) === startedAt) continue;
    // `rm` removes a link itself, and does not follow links below the folder.
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function selectParentFolder(environment: Environment): string {
  return environment['RUNNER_TEMP'] || tmpdir();
}

/**
 * Returns the start time of a process in clock ticks since the machine started (proc(5), `/proc/<pid>/stat`, field 22);
 * undefined for an unknown process. Without `/proc`, the action only knows whether the process is alive, and returns
 * `0` for a living one.
 */
async function readStartTime(pid: number): Promise<string | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The program name, in parentheses, may contain blanks.
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
