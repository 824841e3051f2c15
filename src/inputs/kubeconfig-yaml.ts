import { readYaml, YamlProblem } from './yaml.ts';

/** The value of a YAML text, or a few words about what is wrong with it. */
export type ReadYaml = { readonly value: unknown } | { readonly problem: string };

/** Kubeconfigs that tools write hold few aliases; each may stand for a large part. */
const MOST_ALIASES = 100;

/** Reads a kubeconfig's YAML. It never throws, and quotes nothing of the text, which may hold a token. */
export function readKubeconfigYaml(text: string): ReadYaml {
  try {
    return { value: readYaml(text, { maxAliasCount: MOST_ALIASES, merge: true }) };
  } catch (error) {
    if (error instanceof YamlProblem) return { problem: error.message };
    throw error;
  }
}
