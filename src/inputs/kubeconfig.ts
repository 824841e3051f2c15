import { accepted, type Grammar, refused } from './grammar.ts';
import { kubeconfigSecrets } from './kubeconfig-secrets.ts';
import { readKubeconfigYaml } from './kubeconfig-yaml.ts';

/** The source of the Kubernetes cluster's address and credentials. */
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
    if (plain === undefined || !isKubeconfig(plain)) return kubeconfigSecrets(text);
    return [text, ...kubeconfigSecrets(plain)];
  },
};

/** Decodes base64 in one line or wrapped; undefined if the text is not the base64 of text. */
function decoded(text: string): string | undefined {
  const packed = text.replaceAll(/\s+/g, '');
  if (packed.length < 16 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(packed)) return undefined;
  const plain = Buffer.from(packed, 'base64').toString('utf8');
  return plain.includes('\uFFFD') ? undefined : plain;
}

function isKubeconfig(text: string): boolean {
  if (!text.includes('clusters')) return false;
  const read = readKubeconfigYaml(text);
  if (!('value' in read)) return false; // The caller reports the expected format.
  const { value } = read;
  return typeof value === 'object' && value !== null && 'clusters' in value && Array.isArray(value.clusters);
}

/** Checks whether a text is one line that looks like neither YAML nor the inside of a credential. */
function isPath(text: string): boolean {
  return (
    /^[^\p{Cc}{}]{1,1024}$/u.test(text) && !/^\s*[\w-]+:\s/.test(text) && !(text.length > 200 && !text.includes('/'))
  );
}
