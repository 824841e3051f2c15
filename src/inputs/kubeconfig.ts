import { parse } from 'yaml';
import { accepted, type Grammar, refused } from './grammar.ts';
import { kubeconfigSecrets } from './kubeconfig-secrets.ts';

/** Where the cluster's address and credentials come from. */
export type KubeconfigSource =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'content'; readonly yaml: string };

export const kubeconfig: Grammar<KubeconfigSource> = {
  expected: 'the path of a kubeconfig, or its content as YAML or base64 (a mapping with `clusters`)',
  example: '${{ secrets.KUBECONFIG }}',
  typing: { type: 'string' },
  parse: (text) => {
    const yaml = decoded(text) ?? text;
    if (isKubeconfig(yaml)) return accepted({ kind: 'content', yaml });
    return isPath(text) ? accepted({ kind: 'path', path: text }) : refused();
  },
  secrets: (text) => {
    const plain = decoded(text);
    const values = kubeconfigSecrets(plain ?? text);
    return plain !== undefined && isKubeconfig(plain) ? [text, ...values] : values;
  },
};

/** Base64 in one line or wrapped; undefined when the text is no base64 of text. */
function decoded(text: string): string | undefined {
  const packed = text.replaceAll(/\s+/g, '');
  if (packed.length < 16 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(packed)) return undefined;
  const plain = Buffer.from(packed, 'base64').toString('utf8');
  return plain.includes('\uFFFD') ? undefined : plain;
}

function isKubeconfig(text: string): boolean {
  if (!text.includes('clusters')) return false;
  try {
    const value: unknown = parse(text, { logLevel: 'error' });
    return typeof value === 'object' && value !== null && 'clusters' in value && Array.isArray(value.clusters);
  } catch {
    // No YAML at all, so no kubeconfig: the caller says what was expected.
    return false;
  }
}

/** One line that looks like neither YAML nor the inside of a credential. */
function isPath(text: string): boolean {
  return (
    /^[^\p{Cc}{}]{1,1024}$/u.test(text) && !/^\s*[\w-]+:\s/.test(text) && !(text.length > 200 && !text.includes('/'))
  );
}
