import type { Markdown } from './markdown.ts';

/** What was rendered. Nothing in it is secret. */
export type RenderReport = {
  readonly name: string;
  readonly namespace: string;
  readonly format: string;
  /** Where the files are, absolute. */
  readonly folder: string;
  /** Paths below the folder. */
  readonly files: readonly string[];
  /** Those with passwords and private keys. */
  readonly secretFiles: readonly string[];
  /** Of an earlier rendering, and of no use in this one. */
  readonly removed: readonly string[];
  readonly url: string;
  readonly servers: readonly string[];
  readonly clientSecret: string;
  /** Each a Secret that has to be there. */
  readonly needed: readonly Markdown[];
  readonly notes: readonly Markdown[];
  readonly configRevision: string;
};
