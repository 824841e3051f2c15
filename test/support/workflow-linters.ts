import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { intoCache, provideGoProgram } from '../cluster/build.ts';
import { requireCommand } from '../cluster/command.ts';
import { cacheDirectory, exists } from '../cluster/directories.ts';
import { printProgress } from '../cluster/progress.ts';

const ACTIONLINT_VERSION = '1.7.12';
const REQUIREMENTS = join(import.meta.dirname, 'zizmor/requirements.txt');

/** Returns the path of actionlint, built into the cache when it is missing. */
export async function provideActionlint(): Promise<string> {
  const { signal } = new AbortController();
  return await provideGoProgram(
    'github.com/rhysd/actionlint/cmd/actionlint',
    ACTIONLINT_VERSION,
    printProgress,
    signal,
  );
}

/**
 * Returns the path of zizmor, installed into the cache when it is missing. Its release is a program in a Python
 * package.
 */
export async function provideZizmor(): Promise<string> {
  const digest = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .digest('hex');
  const directory = join(cacheDirectory(), 'python', `zizmor-${digest.slice(0, 16)}`);
  if (!(await exists(directory))) {
    await intoCache(directory, async (temporary) => {
      const argv = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--require-hashes'];
      await requireCommand('python3', [...argv, '--target', temporary, '--requirement', REQUIREMENTS]);
    });
  }
  return join(directory, 'bin', 'zizmor');
}
