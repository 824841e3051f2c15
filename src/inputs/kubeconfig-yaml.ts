import { parseDocument } from 'yaml';

/** The value of a YAML text, or a few words about what is wrong with it. */
export type ReadYaml = { readonly value: unknown } | { readonly problem: string };

/**
 * Reads a kubeconfig's YAML. It never throws, and never quotes the text, which may hold a token, as the parser's own
 * messages do. Of a key that is given twice the last one counts, as for kubectl: the parser's check for them takes
 * quadratic time.
 */
export function readKubeconfigYaml(text: string): ReadYaml {
  if (isDeeplyNested(text)) return { problem: TOO_DEEP };
  try {
    const document = parseDocument(text, { merge: true, uniqueKeys: false, prettyErrors: false, logLevel: 'silent' });
    const [error] = document.errors;
    if (error !== undefined) return { problem: `line ${lineAt(text, error.pos[0])}: ${error.code}` };
    const value: unknown = document.toJS();
    return { value };
  } catch (error) {
    // Aliases fail only when values are made of them; a nesting that is too deep fails the parser.
    const isAlias = Error.isError(error) && error.name === 'ReferenceError';
    return { problem: isAlias ? 'an alias has no anchor, or there are too many aliases' : TOO_DEEP };
  }
}

const TOO_DEEP = 'it is nested too deeply';
/** No kubeconfig comes near; the parser takes long to give up on more. */
const MOST_OPEN = 200;

/** Says whether so many brackets are open at once, those in quotes included. */
function isDeeplyNested(text: string): boolean {
  let open = 0;
  for (const character of text) {
    if (character === '[' || character === '{') open += 1;
    if (character === ']' || character === '}') open = Math.max(0, open - 1);
    if (open > MOST_OPEN) return true;
  }
  return false;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
