import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, open, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inputInvalid } from '../inputs/violations.ts';

const INPUT = 'output-directory';

/** Names every file that was written here, one a line: what may be replaced and removed. */
const LIST = '.nats-cluster-action-files';

/** One folder deep at most, and nowhere else than below the folder. */
const LISTED = /^(?:[\w-][\w.-]*\/)?\.*[\w-][\w.-]*$/;

export type OutputFile = {
  /** Below the folder, with `/`, in one folder at most. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Readable by the owner alone, and then the folder too. */
  readonly isSecret: boolean;
};

export type WrittenFolder = {
  /** Absolute. */
  readonly folder: string;
  /** What an earlier run wrote and this one did not. */
  readonly removed: readonly string[];
};

/**
 * Writes the files into a folder, which is made if need be, and removes those that an earlier run wrote there and that
 * are none of these. Nothing else in it is touched. A run that dies in between is finished by the next one.
 * @throws ActionError INPUT_INVALID when the folder is somebody else's, or cannot be written
 */
export async function writeOutputFolder(folder: string, files: readonly OutputFile[]): Promise<WrittenFolder> {
  try {
    const isPrivate = files.some(({ isSecret }) => isSecret);
    await makeFolder(folder);
    const before = await listedFiles(folder);
    const paths = files.map(({ path }) => path);
    await requireOwn(folder, paths, before);
    if (isPrivate) await chmod(folder, 0o700);
    // Before the first file, so that what a run leaves that dies is known to the next one.
    await put(folder, { path: LIST, content: listText([...(before ?? []), ...paths]), isSecret: false });
    for (const file of files) {
      await put(folder, file);
    }
    const removed = (before ?? []).filter((path) => !paths.includes(path));
    for (const path of removed) {
      await removeFile(folder, path);
    }
    await put(folder, { path: LIST, content: listText(paths), isSecret: false });
    return { folder, removed };
  } catch (error) {
    const code = Error.isError(error) && 'code' in error ? String(error.code) : '';
    if (!/^E[A-Z]+$/.test(code)) throw error;
    throw refusal(`${JSON.stringify(folder)} cannot be written (${code}), expected a folder that this user may write`);
  }
}

/** With those above it. Node's own `recursive` tries for ever where the one above is a link that leads nowhere. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const above = dirname(path);
    if (hasErrorCode(error, 'EEXIST') && (await stat(path)).isDirectory()) return;
    if (!hasErrorCode(error, 'ENOENT') || above === path) throw error;
    await makeFolder(above);
    await mkdir(path);
  }
}

function listText(paths: readonly string[]): string {
  return [...new Set(paths)]
    .toSorted()
    .map((path) => `${path}\n`)
    .join('');
}

/** Undefined where nothing was written yet. */
async function listedFiles(folder: string): Promise<readonly string[] | undefined> {
  const text = await readFile(join(folder, LIST), 'utf8').catch((error: unknown) => {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  return text?.split('\n').filter((path) => LISTED.test(path));
}

/** Refuses before anything is written what would take somebody's files away. */
async function requireOwn(
  folder: string,
  paths: readonly string[],
  before: readonly string[] | undefined,
): Promise<void> {
  const present = await readdir(folder);
  if (before === undefined && present.length > 0) {
    const some = present.slice(0, 3).map((name) => JSON.stringify(name));
    throw refusal(
      `${JSON.stringify(folder)} holds files that this action did not write (${some.join(', ')}${present.length > 3 ? ', …' : ''}), expected an empty folder, or that of an earlier \`render\``,
    );
  }
  const own = new Set([...(before ?? []), LIST]);
  for (const path of [...paths, LIST]) {
    const found = await stateOf(join(folder, path));
    if (found === 'folder' || (found === 'file' && !own.has(path))) {
      throw refusal(
        `${JSON.stringify(join(folder, path))} is there and this action did not write it, expected it away: a file takes its place`,
      );
    }
    const parent = dirname(path);
    if (parent !== '.' && !['folder', undefined].includes(await stateOf(join(folder, parent)))) {
      throw refusal(`${JSON.stringify(join(folder, parent))} is no folder, expected one`);
    }
  }
}

/** Links are not followed: a link is a file, wherever it leads. */
async function stateOf(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await lstat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT') || hasErrorCode(error, 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** Whole or not at all, and never for a moment readable by more than in the end. */
async function put(folder: string, { path, content, isSecret }: OutputFile): Promise<void> {
  const target = join(folder, path);
  const temporary = join(dirname(target), `.${randomBytes(6).toString('hex')}.tmp`);
  await makeFolder(dirname(target));
  try {
    const file = await open(temporary, 'wx', isSecret ? 0o600 : 0o644);
    try {
      await file.writeFile(content);
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function removeFile(folder: string, path: string): Promise<void> {
  await rm(join(folder, path), { force: true });
  if (dirname(path) !== '.') {
    await rmdir(join(folder, dirname(path))).catch(() => undefined); // Something else is in it, or will be.
  }
}

function hasErrorCode(error: unknown, code: string): boolean {
  return Error.isError(error) && 'code' in error && error.code === code;
}

function refusal(message: string) {
  return inputInvalid([{ input: INPUT, message, correction: `${INPUT}: rendered/nats` }]);
}
