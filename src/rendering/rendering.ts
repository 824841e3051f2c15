import type { RenderFormat } from '../inputs/rows/rendering.ts';
import type { Markdown } from '../report/markdown.ts';
import type { RenderedObject } from './object-file.ts';

/** A Secret that has to be in the cluster and is not among the files. */
export type NeededSecret = {
  readonly name: string;
  readonly keys: readonly string[];
  /** Where it comes from. */
  readonly source: Markdown;
};

/** What is rendered, before it is put into files. */
export type Rendering = {
  readonly format: RenderFormat;
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
  readonly configRevision: string;
  /** Whether Secrets are among the objects. */
  readonly hasSecrets: boolean;
  /** In the order of their need. `place` is what takes the place of the namespace and image that are given. */
  readonly objectsAt: (place: { readonly namespace: string; readonly image: string }) => readonly RenderedObject[];
  /** Whether what is rendered holds for the given namespace alone, as its certificates name it. */
  readonly isBoundToNamespace: boolean;
  readonly needed: readonly NeededSecret[];
  /** What else there is to know before it is applied; each a sentence. */
  readonly notes: readonly Markdown[];
};
