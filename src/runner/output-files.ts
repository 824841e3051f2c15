import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, rename, rm, rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The file that lists every file that a rendering wrote into the folder. */
export const LIST = '.nats-cluster-action-files';

/** One file that an earlier rendering wrote, or was about to write. */
export type ListedFile = {
  /** The path below the folder, with `/`. */
  readonly path: string;
  /** SHA-256 of the content as hexadecimal digits; undefined in a list without digests. */
  readonly digest: string | undefined;
};

/** A line in the format of `sha256sum`: a digest, two blanks and a path, at most one folder deep. */
const LINE = /^(?:([0-9a-f]{64}) {2})?((?:[\w-][\w.-]*\/)?\.*[\w-][\w.-]*)$/;

/** The file names of a rendering. Only these are removed, because a checkout can contain a forged list. */
const RENDERED =
  /^(?:(?:templates|optional)\/)?(?:[a-z]+-[a-z0-9.-]+\.yaml|(?:README|NOTES)\.(?:md|txt)|(?:kustomization|Chart|values|namespace)\.yaml|values\.schema\.json|\.gitignore|\.helmignore|[a-z][a-z0-9-]*\.tgz)$/;

/** The maximum number of lines that are read; a rendering has some hundred files. */
const MAX_LINES = 10_000;

/** Returns the files that the text of a list names. Lines of any other form are ignored. */
export function parseList(text: string): readonly ListedFile[] {
  return text
    .split('\n', MAX_LINES)
    .map((line) => LINE.exec(line))
    .flatMap((match) => (match?.[2] === undefined ? [] : [{ path: match[2], digest: match[1] }]));
}

/** Returns the text of a list. The order depends only on the paths. */
export function renderList(files: readonly ListedFile[]): string {
  const lines = files.map(({ path, digest }) => ({ path, line: digest === undefined ? path : `${digest}  ${path}` }));
  const unique = new Map(lines.map(({ path, line }) => [line, path]));
  return [...unique]
    .toSorted(([left, leftPath], [right, rightPath]) =>
      leftPath === rightPath ? (left < right ? -1 : 1) : leftPath < rightPath ? -1 : 1,
    )
    .map(([line]) => `${line}\n`)
    .join('');
}

/** Returns the digest that a list stores for the content of a file. */
export function digestContent(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Checks whether an earlier rendering can have written a file of this name, as a list claims. */
export function isRenderedPath(path: string): boolean {
  return RENDERED.test(path);
}

/** The subfolders of a rendering. */
const SUBFOLDERS = ['templates', 'optional'] as const;

/** The names of files that are being written. A killed run leaves one behind, and the next run removes it. */
const TEMPORARY = /^\.(?:nats-cluster-action-)?[0-9a-f]{12}\.tmp$/;

/** A size that no file of a rendering exceeds. */
const MAX_BYTES = 2 ** 26;

export type OutputFile = {
  /** The path below the folder, with `/`, at most one folder deep. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Whether only the owner may read the file, and then the folder too. */
  readonly isSecret: boolean;
};

/**
 * Creates a folder and its parents. The option `recursive` of Node.js retries forever when a parent is a link to a
 * missing target.
 */
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

/** Removes the files that a killed run was writing, because they may contain keys. */
export async function removeTemporaries(folder: string): Promise<void> {
  for (const below of ['.', ...SUBFOLDERS]) {
    if ((await readState(join(folder, below))) !== 'folder') continue;
    const names = await readdir(join(folder, below));
    for (const name of names.filter((each) => TEMPORARY.test(each))) {
      const path = join(folder, below, name);
      if ((await readState(path)) === 'file') await unlink(path);
    }
  }
}

/** Returns the kind of a path without following a link; undefined for a missing path. */
export async function readState(path: string): Promise<'file' | 'folder' | 'other' | undefined> {
  try {
    const found = await lstat(path);
    return found.isDirectory() ? 'folder' : found.isFile() ? 'file' : 'other';
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT') || hasErrorCode(error, 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** Writes a file completely or not at all. At no time is the file readable by more users than in the end. */
export async function writeWholeFile(folder: string, { path, content, isSecret }: OutputFile): Promise<void> {
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
    await rename(temporary, target); // A rename replaces a link and does not follow it.
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Removes the unchanged files of a rendering. A file is unchanged when it is a regular file with a name of a rendering
 * and with the content that the list contains.
 */
export async function removeFiles(
  folder: string,
  files: readonly ListedFile[],
): Promise<{ readonly removed: readonly string[]; readonly kept: readonly string[] }> {
  const digests = Map.groupBy(files, ({ path }) => path);
  const [removed, kept]: [string[], string[]] = [[], []];
  for (const [path, known] of digests) {
    const parent = dirname(path);
    const isBelow = (await readState(join(folder, parent))) === 'folder';
    const state = await readState(join(folder, path));
    if (state === undefined) continue;
    if (isBelow && state === 'file' && isRenderedPath(path) && (await hasDigest(folder, path, known))) {
      await unlink(join(folder, path));
      removed.push(path);
    } else {
      kept.push(path);
    }
    // This fails when the folder contains another file.
    if (parent !== '.' && isBelow) await rmdir(join(folder, parent)).catch(() => undefined);
  }
  return { removed, kept };
}

async function hasDigest(folder: string, path: string, known: readonly ListedFile[]): Promise<boolean> {
  const file = await open(join(folder, path), constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    if ((await file.stat()).size > MAX_BYTES) return false;
    const digest = digestContent(await file.readFile());
    return known.some((each) => each.digest === digest);
  } finally {
    await file.close();
  }
}

function hasErrorCode(error: unknown, code: string): boolean {
  return Error.isError(error) && 'code' in error && error.code === code;
}
