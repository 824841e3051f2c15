import type { RenderFormat } from '../inputs/rows/rendering.ts';
import type { Markdown } from '../report/markdown.ts';
import type { RenderedObject } from './object-file.ts';

/** A Secret that must exist in the cluster and is not among the files. */
export type NeededSecret = {
  readonly name: string;
  readonly keys: readonly string[];
  /** The source of the Secret. */
  readonly source: Markdown;
};

/** The content of a rendering, before it is put into files. */
export type Rendering = {
  readonly format: RenderFormat;
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
  readonly configRevision: string;
  /** Whether Secrets are among the objects. */
  readonly hasSecrets: boolean;
  /**
   * Returns the objects in the order in which they are needed. `place` contains the namespace and the image to use
   * instead of the given ones.
   */
  readonly objectsAt: (place: { readonly namespace: string; readonly image: string }) => readonly RenderedObject[];
  /** Whether the rendering is valid only for the given namespace, because its certificates contain it. */
  readonly isBoundToNamespace: boolean;
  readonly needed: readonly NeededSecret[];
  /** The notes that the user must know before applying; each is a sentence. */
  readonly notes: readonly Markdown[];
};
