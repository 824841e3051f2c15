import { createHash } from 'node:crypto';

/** The file that names every file which a rendering wrote into the folder. */
export const LIST = '.nats-cluster-action-files';

/** One file that an earlier rendering wrote, or was about to write. */
export type ListedFile = {
  /** Below the folder, with `/`. */
  readonly path: string;
  /** SHA-256 of the content as hexadecimal digits; undefined in a list without digests. */
  readonly digest: string | undefined;
};

/** A line as `sha256sum` writes it: a digest, two blanks and a path, in one folder at most. */
const LINE = /^(?:([0-9a-f]{64}) {2})?((?:[\w-][\w.-]*\/)?\.*[\w-][\w.-]*)$/;

/**
 * The names that a rendering can have. A checkout can bring a list of its own along, so that nothing else is removed on
 * the word of a list.
 */
const RENDERED =
  /^(?:(?:templates|optional)\/)?(?:[a-z]+-[a-z0-9.-]+\.yaml|(?:README|NOTES)\.(?:md|txt)|(?:kustomization|Chart|values|namespace)\.yaml|values\.schema\.json|\.gitignore|\.helmignore|[a-z][a-z0-9-]*\.tgz)$/;

/** The longest list that is read: a rendering has some hundred files. */
const MOST_LINES = 10_000;

/** Returns the files that the text of a list names; lines of any other form count for nothing. */
export function listedFiles(text: string): readonly ListedFile[] {
  return text
    .split('\n', MOST_LINES)
    .map((line) => LINE.exec(line))
    .flatMap((match) => (match?.[2] === undefined ? [] : [{ path: match[2], digest: match[1] }]));
}

/** Returns the text of a list, in an order that depends on the paths alone. */
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

/** Returns the digest by which a list knows the content of a file. */
export function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Returns whether a list can be believed that an earlier rendering wrote a file of this name. */
export function isRenderedPath(path: string): boolean {
  return RENDERED.test(path);
}
