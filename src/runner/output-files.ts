import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, rename, rm, rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestOf, isRenderedPath, type ListedFile } from './output-list.ts';

/** The folders that a rendering has below its own. */
const SUBFOLDERS = ['templates', 'optional'] as const;

/** The names of files that are being written. A run that is killed leaves one behind, and the next one removes it. */
const TEMPORARY = /^\.(?:nats-cluster-action-)?[0-9a-f]{12}\.tmp$/;

/** More than any file of a rendering has. */
const MOST_BYTES = 2 ** 26;

export type OutputFile = {
  /** Below the folder, with `/`, in one folder at most. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Readable by the owner alone, and then the folder too. */
  readonly isSecret: boolean;
};

/** Makes a folder and those above it. Node's own `recursive` tries for ever where one above is a link that leads nowhere. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const above = dirname(path);
    if (hasErrorCode(error, 'EEXIST') && (await lstat(path)).isDirectory()) return;
    if (!hasErrorCode(error, 'ENOENT') || above === path) throw error;
    await makeFolder(above);
    await mkdir(path);
  }
}

/** Removes the files that a killed run was writing; they may hold keys. */
export async function removeTemporaries(folder: string): Promise<void> {
  for (const below of ['.', ...SUBFOLDERS]) {
    if ((await stateOf(join(folder, below))) !== 'folder') continue;
    const names = await readdir(join(folder, below));
    for (const name of names.filter((each) => TEMPORARY.test(each))) {
      const path = join(folder, below, name);
      if ((await stateOf(path)) === 'file') await unlink(path);
    }
  }
}

/** Looks at a path without following a link, wherever it leads. */
export async function stateOf(path: string): Promise<'file' | 'folder' | 'other' | undefined> {
  try {
    const found = await lstat(path);
    return found.isDirectory() ? 'folder' : found.isFile() ? 'file' : 'other';
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT') || hasErrorCode(error, 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** Writes a file whole or not at all, and never for a moment readable by more than in the end. */
export async function put(folder: string, { path, content, isSecret }: OutputFile): Promise<void> {
  const target = join(folder, path);
  const temporary = join(dirname(target), `.nats-cluster-action-${randomBytes(6).toString('hex')}.tmp`);
  await makeFolder(dirname(target));
  try {
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
    const file = await open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, isSecret ? 0o600 : 0o644);
    try {
      await file.writeFile(content);
    } finally {
      await file.close();
    }
    await rename(temporary, target); // Takes the place of a link, and does not follow it.
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Removes what is still what a rendering wrote: a regular file of one of its names with the content that the list knows. */
export async function removeFiles(
  folder: string,
  files: readonly ListedFile[],
): Promise<{ readonly removed: readonly string[]; readonly kept: readonly string[] }> {
  const digests = Map.groupBy(files, ({ path }) => path);
  const [removed, kept]: [string[], string[]] = [[], []];
  for (const [path, known] of digests) {
    const parent = dirname(path);
    const isBelow = (await stateOf(join(folder, parent))) === 'folder';
    const state = await stateOf(join(folder, path));
    if (state === undefined) continue;
    if (isBelow && state === 'file' && isRenderedPath(path) && (await hasDigest(folder, path, known))) {
      await unlink(join(folder, path));
      removed.push(path);
    } else {
      kept.push(path);
    }
    // Fails where another file is in it.
    if (parent !== '.' && isBelow) await rmdir(join(folder, parent)).catch(() => undefined);
  }
  return { removed, kept };
}

async function hasDigest(folder: string, path: string, known: readonly ListedFile[]): Promise<boolean> {
  const file = await open(join(folder, path), constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    if ((await file.stat()).size > MOST_BYTES) return false;
    const digest = digestOf(await file.readFile());
    return known.some((each) => each.digest === digest);
  } finally {
    await file.close();
  }
}

function hasErrorCode(error: unknown, code: string): boolean {
  return Error.isError(error) && 'code' in error && error.code === code;
}
