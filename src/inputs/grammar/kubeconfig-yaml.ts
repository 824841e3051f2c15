import { readYaml, YamlProblem } from './yaml.ts';

/** The value of a YAML text, or a short description of its error. */
export type ReadYaml = { readonly value: unknown } | { readonly problem: string };

/** The most aliases of a kubeconfig. Tools write few of them, and each may represent a large part. */
const MAX_ALIASES = 100;

/** Reads a kubeconfig's YAML. It never throws, and never quotes the text, which may hold a token. */
export function readKubeconfigYaml(text: string): ReadYaml {
  try {
    return { value: readYaml(text, { maxAliasCount: MAX_ALIASES, merge: true }) };
  } catch (error) {
    if (error instanceof YamlProblem) return { problem: error.message };
    throw error;
  }
}
