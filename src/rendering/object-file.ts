import { stringify } from 'yaml';

/** A rendered object, of this Action or of cert-manager. */
export type RenderedObject = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
};

/** Says which object it holds; the same for the same object, whatever else is rendered. */
export function objectFileName({ kind, metadata }: RenderedObject): string {
  return `${kind.toLowerCase()}-${metadata.name}.yaml`;
}

/**
 * The object as YAML that every parser reads alike: kubectl and Helm read YAML 1.1, where `yes` and `12:30` are no texts.
 * `quoted`: with every text in quotes, so that what takes its place stays a text.
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

/** Needs a kind that not every cluster has, and servers do without. */
export function isOptionalObject({ kind }: RenderedObject): boolean {
  return kind === 'PodMonitor';
}
