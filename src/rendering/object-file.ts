import { stringify } from 'yaml';

/** A rendered object of this action or of cert-manager. */
export type RenderedObject = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
};

/**
 * Returns the name of the file of an object. The name depends only on the object, and not on the rest of the rendering.
 */
export function objectFileName({ kind, metadata }: RenderedObject): string {
  return `${kind.toLowerCase()}-${metadata.name}.yaml`;
}

/**
 * Returns the object as YAML that every parser reads alike. kubectl and Helm read YAML 1.1, in which `yes` and `12:30`
 * are not strings. `quoted` puts every string in quotes, so that a value that replaces it stays a string.
 */
export function objectYaml(object: RenderedObject, { quoted = false } = {}): string {
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
