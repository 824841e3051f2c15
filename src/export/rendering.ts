import { stringify } from 'yaml';
import type { RenderFormat } from '../inputs/rows/rendering.ts';
import type { Markdown } from '../text/markdown.ts';

/** A rendered object of this action or of cert-manager. */
export type RenderedObject = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
};

/**
 * Returns the name of the file of an object. The name depends only on the object, and not on the rest of the rendering.
 */
export function nameObjectFile({ kind, metadata }: RenderedObject): string {
  return `${kind.toLowerCase()}-${metadata.name}.yaml`;
}

/**
 * Returns the object as YAML that every parser reads alike. kubectl and Helm read YAML 1.1, in which `yes` and `12:30`
 * are not strings. `quoted` puts every string in quotes, so that a value that replaces it stays a string.
 */
export function renderObject(object: RenderedObject, { quoted = false } = {}): string {
  return stringify(object, {
    lineWidth: 0,
    aliasDuplicateObjects: false,
    compat: 'yaml-1.1',
    ...(quoted ? { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' } : {}),
  });
}

export function isSecretObject({ kind }: RenderedObject): boolean {
  return kind === 'Secret';
}

/** Checks whether an object has a kind that not every cluster knows. Servers work without it. */
export function isOptionalObject({ kind }: RenderedObject): boolean {
  return kind === 'PodMonitor';
}

/** A file to write. */
export type RenderedFile = {
  /** The path below the folder, with `/`. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Whether the file contains passwords or private keys, so that only the owner may read it. */
  readonly isSecret: boolean;
};

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
   * Returns the objects in the order in which they are needed. The namespace and the image of `place` replace those of
   * the inputs.
   */
  readonly objectsAt: (place: { readonly namespace: string; readonly image: string }) => readonly RenderedObject[];
  /** Whether the rendering is valid only for the given namespace, because its certificates contain it. */
  readonly isBoundToNamespace: boolean;
  readonly needed: readonly NeededSecret[];
  /** The notes that the user must know before applying; each is a sentence. */
  readonly notes: readonly Markdown[];
};
