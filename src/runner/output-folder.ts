import { chmod, readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInputError } from '../inputs/grammar/violations.ts';
import {
  digestContent,
  LIST,
  type ListedFile,
  makeFolder,
  type OutputFile,
  parseList,
  readState,
  removeFiles,
  removeTemporaries,
  renderList,
  writeWholeFile,
} from './output-files.ts';
import { INSIDE, locatePath, readTextFile, type Workspace } from './workspace.ts';

const INPUT = 'output-directory';

const MAX_LIST_BYTES = 2 ** 21;

export type WrittenFolder = {
  /** The absolute path, without links. */
  readonly folder: string;
  /** The removed files: an earlier run wrote them, and this run did not. */
  readonly removed: readonly string[];
  /** The files of an earlier run that are kept, because their content is not what that run wrote. */
  readonly kept: readonly string[];
};

/**
 * Writes the files into a folder of the workspace or of RUNNER_TEMP, which is created if necessary. Removes the files
 * that an earlier run wrote there and this run does not. Other files are not touched, links are not followed, and a
 * file that was edited since then is kept. The next run completes the work of a killed run.
 * @throws ActionError INPUT_INVALID when the folder is elsewhere, holds other files, or cannot be written
 */
export async function writeOutputFolder(
  workspace: Workspace,
  path: string,
  files: readonly OutputFile[],
): Promise<WrittenFolder> {
  try {
    const folder = await prepareFolder(workspace, path);
    await removeTemporaries(folder);
    const before = await readEarlierList(folder);
    const paths = files.map((file) => file.path);
    await requireReplaceable(folder, paths, before);
    if (files.some(({ isSecret }) => isSecret)) await chmod(folder, 0o700);
    const listed = files.map((file) => ({ path: file.path, digest: digestContent(file.content) }));
    // The list is written before the first file, so that the next run knows every file that a killed run leaves behind.
    await writeWholeFile(folder, { path: LIST, content: renderList([...(before ?? []), ...listed]), isSecret: false });
    for (const file of files) {
      await writeWholeFile(folder, file);
    }
    const others = (before ?? []).filter((file) => !paths.includes(file.path));
    const { removed, kept } = await removeFiles(folder, others);
    await writeWholeFile(folder, { path: LIST, content: renderList(listed), isSecret: false });
    return { folder, removed, kept };
  } catch (error) {
    const code = Error.isError(error) && 'code' in error ? String(error.code) : '';
    if (!/^E[A-Z]+$/.test(code)) throw error;
    throw createRefusal(
      `${JSON.stringify(path)} cannot be written (${code}), expected a folder that this user may write`,
    );
  }
}

/** Returns the real path of the folder, and creates the folder if necessary. */
async function prepareFolder(workspace: Workspace, path: string): Promise<string> {
  const located = await locatePath(workspace, path, { follows: false });
  const named = JSON.stringify(path);
  switch (located.kind) {
    case 'outside':
      throw createRefusal(`got ${named}, which leads to ${JSON.stringify(located.real)}, expected a folder ${INSIDE}`);
    case 'link':
      throw createRefusal(`got ${named}, which is a link, expected the folder itself`);
    case 'inside': {
      const { real } = located;
      await makeFolder(real);
      if ((await realpath(real)) === real) return real;
      throw createRefusal(`got ${named}, which became a link in the meantime, expected a folder`);
    }
  }
}

/** Returns the files in the list of an earlier run; undefined when no run has written to the folder yet. */
async function readEarlierList(folder: string): Promise<readonly ListedFile[] | undefined> {
  const state = await readState(join(folder, LIST));
  if (state === undefined) return undefined;
  const within = { workspace: folder, temporary: undefined };
  const read = state === 'file' ? await readTextFile(within, LIST, MAX_LIST_BYTES) : undefined;
  if (read?.kind === 'text') return parseList(read.text);
  throw createRefusal(
    `${JSON.stringify(join(folder, LIST))} is not a list that an earlier \`render\` wrote; remove this file`,
  );
}

/** Refuses, before anything is written, a folder in which another file would be lost. */
async function requireReplaceable(
  folder: string,
  paths: readonly string[],
  before: readonly ListedFile[] | undefined,
): Promise<void> {
  const present = await readdir(folder);
  if (before === undefined && present.length > 0) {
    const some = present.slice(0, 3).map((name) => JSON.stringify(name));
    throw createRefusal(
      `${JSON.stringify(folder)} holds files that this action did not write (${some.join(', ')}${present.length > 3 ? ', …' : ''}), expected an empty folder, or that of an earlier \`render\``,
    );
  }
  const own = new Set([...(before ?? []).map(({ path }) => path), LIST]);
  for (const path of [...paths, LIST]) {
    const found = await readState(join(folder, path));
    if (found === 'folder' || (found !== undefined && !own.has(path))) {
      throw createRefusal(
        `${JSON.stringify(join(folder, path))} exists, but this action did not write it, expected no such path: move it away, because \`render\` writes a file there`,
      );
    }
    const parent = dirname(path);
    if (!['folder', undefined].includes(await readState(join(folder, parent)))) {
      throw createRefusal(`${JSON.stringify(join(folder, parent))} is not a folder, expected a folder or no such path`);
    }
  }
}

function createRefusal(message: string) {
  return createInputError([{ input: INPUT, message, correction: `${INPUT}: rendered/nats` }]);
}
