/** A file to write. */
export type RenderedFile = {
  /** Below the folder, with `/`. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Whether it holds passwords or private keys, so that nobody else may read it. */
  readonly isSecret: boolean;
};
