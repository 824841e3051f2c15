import { createHash } from 'node:crypto';

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
const MOST_LINES = 10_000;

/** Returns the files that the text of a list names. Lines of any other form are ignored. */
export function listedFiles(text: string): readonly ListedFile[] {
  return text
    .split('\n', MOST_LINES)
    .map((line) => LINE.exec(line))
    .flatMap((match) => (match?.[2] === undefined ? [] : [{ path: match[2], digest: match[1] }]));
}

/** Returns the text of a list. The order depends only on the paths. */
export function listText(files: readonly ListedFile[]): string {
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
export function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Checks whether an earlier rendering can have written a file of this name, as a list claims. */
export function isRenderedPath(path: string): boolean {
  return RENDERED.test(path);
}
