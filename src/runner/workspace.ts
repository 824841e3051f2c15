import { constants } from 'node:fs';
import { lstat, open, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import process from 'node:process';
import type { RawInputs } from '../inputs/parse.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the inputs from the environment. The runner passes each as `INPUT_` and the name in upper case, with spaces as
 * `_` and hyphens kept (actions/runner, `Runner.Worker/Handlers/Handler.cs`, `AddInputsToEnvironment`).
 */
export function readInputs(environment: Environment): RawInputs {
  const inputs = new Map<string, string>();
  for (const [key, value] of Object.entries(environment)) {
    if (key.startsWith('INPUT_') && value !== undefined) inputs.set(key.slice('INPUT_'.length).toLowerCase(), value);
  }
  return inputs;
}

/** Returns the page of the workflow run; undefined outside of GitHub Actions. */
export function buildRunUrl(environment: Environment): string | undefined {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT } = environment;
  if (!GITHUB_SERVER_URL || !GITHUB_REPOSITORY || !GITHUB_RUN_ID) return undefined;
  const run = `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
  return GITHUB_RUN_ATTEMPT ? `${run}/attempts/${GITHUB_RUN_ATTEMPT}` : run;
}

/**
 * The folders in which the files and folders of inputs must be. Relative paths start at `workspace`. `temporary` is the
 * folder that the runner empties after each job; undefined outside of GitHub Actions.
 */
export type Workspace = { readonly workspace: string; readonly temporary: string | undefined };

/** Returns the folders that the runner names, or the working directory outside of GitHub Actions. */
export function readWorkspace(environment: Environment): Workspace {
  return {
    workspace: environment.GITHUB_WORKSPACE || process.cwd(),
    temporary: environment['RUNNER_TEMP'] || undefined,
  };
}

/** The required place of a file or folder, as text for a message. */
export const INSIDE = 'inside of the workspace or of RUNNER_TEMP, after links are resolved';

/** The real path of a file or folder, which may not exist yet, or the reason why an input may not name it. */
export type Located =
  | { readonly kind: 'inside'; readonly real: string }
  | { readonly kind: 'outside'; readonly real: string }
  | { readonly kind: 'link' };

/**
 * Finds the real target of a path of an input. Links are resolved in the deepest existing part of the path. A path
 * whose last part is itself a link is a `link`, unless `follows` allows resolving that link too.
 * @throws the error of the file system, for example ENOENT for a link that leads nowhere
 */
export async function locatePath(
  { workspace, temporary }: Workspace,
  path: string,
  { follows }: { readonly follows: boolean },
): Promise<Located> {
  const wanted = resolve(workspace, path);
  const roots = await Promise.all([workspace, temporary].filter((root) => root !== undefined).map(resolveLinks));
  const real = await resolveLinks(wanted);
  if (!roots.some((root) => isWithin(root, real))) return { kind: 'outside', real };
  const isLink = !follows && !roots.includes(real) && (await isSymbolicLink(wanted));
  return isLink ? { kind: 'link' } : { kind: 'inside', real };
}

/** Checks whether `path` is `root` or below it; both are real paths. */
function isWithin(root: string, path: string): boolean {
  const within = relative(root, path);
  return within !== '..' && !within.startsWith(`..${sep}`) && resolve(root, within) === path;
}

/** Resolves the links of the deepest existing part of an absolute path, and appends the rest. */
async function resolveLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const above = dirname(path);
    // A link to a missing target must not count as a missing part.
    if (!isMissing(error) || above === path || (await isSymbolicLink(path))) throw error;
    return join(await resolveLinks(above), basename(path));
  }
}

async function isSymbolicLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return Error.isError(error) && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

/** The text of a file, or the reason why it cannot be used. The reason follows the name of the file in a message. */
export type FileText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refused'; readonly because: string };

/**
 * Reads a text file that an input names, of at most `mostBytes`. The size and the content are read through one
 * descriptor, which is opened without following a link, so that another file cannot replace it in between. The read
 * never waits for a pipe or a device.
 */
export async function readTextFile(workspace: Workspace, path: string, mostBytes: number): Promise<FileText> {
  try {
    const located = await locatePath(workspace, path, { follows: true });
    if (located.kind !== 'inside') return createRefusal(`lies outside of the workspace, expected a file ${INSIDE}`);
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    const file = await open(located.real, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const found = await file.stat();
      if (!found.isFile() || found.size > mostBytes)
        return createRefusal(`is not a file of at most ${mostBytes} bytes`);
      const bytes = Buffer.alloc(mostBytes + 1);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      if (bytesRead > mostBytes) return createRefusal(`is not a file of at most ${mostBytes} bytes`);
      return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, bytesRead)) };
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = Error.isError(error) && 'code' in error ? String(error.code) : 'unreadable';
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return createRefusal('is not UTF-8 text');
    return createRefusal(`cannot be read (${code}), expected a file of the workspace`);
  }
}

function createRefusal(because: string): FileText {
  return { kind: 'refused', because };
}
