import type { Markdown } from './markdown.ts';

/** The result of a rendering; it contains no secret. */
export type RenderReport = {
  readonly name: string;
  readonly namespace: string;
  readonly format: string;
  /** The absolute path of the folder with the files. */
  readonly folder: string;
  /** The paths of the files below the folder. */
  readonly files: readonly string[];
  /** The files with passwords and private keys. */
  readonly secretFiles: readonly string[];
  /** The removed files of an earlier rendering that this rendering does not contain. */
  readonly removed: readonly string[];
  /** The files of an earlier rendering that were kept because they were edited since. */
  readonly kept: readonly string[];
  readonly url: string;
  readonly servers: readonly string[];
  readonly clientSecret: string;
  /** The Secrets that must exist, one line each. */
  readonly needed: readonly Markdown[];
  readonly notes: readonly Markdown[];
  readonly configRevision: string;
};
