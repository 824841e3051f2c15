/** A file to write. */
export type RenderedFile = {
  /** The path below the folder, with `/`. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Whether the file contains passwords or private keys, so that only the owner may read it. */
  readonly isSecret: boolean;
};
