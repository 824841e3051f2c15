import { isMap, isPair, isScalar, parseDocument, visit } from 'yaml';

/** Why a text is not YAML that can be read. It quotes nothing of the text, which may be secret. */
export class YamlProblem extends Error {}

/**
 * Returns what a YAML text stands for, in linear time. The library's own look for keys that are there twice takes the
 * square of their number.
 * @throws YamlProblem
 */
export function readYaml(text: string, { maxAliasCount }: { readonly maxAliasCount: number }): unknown {
  try {
    const document = parseDocument(text, { logLevel: 'silent', uniqueKeys: false, prettyErrors: true });
    const [error] = document.errors;
    if (error !== undefined) {
      const line = error.linePos?.[0].line;
      throw new YamlProblem(line === undefined ? error.code : `line ${line}: ${error.code}`);
    }
    visit(document, { Map: (_, map) => requireUniqueKeys(map) });
    const value: unknown = document.toJS({ maxAliasCount });
    requireWellFormed(value);
    return value;
  } catch (error) {
    if (error instanceof YamlProblem) throw error;
    // The library throws for an alias of nothing, for too many aliases, and for nesting beyond its stack.
    throw new YamlProblem('an alias of nothing, too many aliases, or too deep nesting');
  }
}

function requireUniqueKeys(map: unknown): void {
  const known = new Set<unknown>();
  for (const item of isMap(map) ? map.items : []) {
    const key = isPair(item) && isScalar(item.key) ? item.key.value : item;
    if (known.has(key)) throw new YamlProblem('a key that is there twice');
    known.add(key);
  }
}

/** YAML can write half of a surrogate pair (`"\uD800"`), which no UTF-8 text holds. */
function requireWellFormed(value: unknown): void {
  const seen = new Set<object>();
  const look = (part: unknown): void => {
    if (typeof part === 'string' && !part.isWellFormed()) throw new YamlProblem('half of a surrogate pair');
    if (typeof part !== 'object' || part === null || seen.has(part)) return;
    seen.add(part);
    for (const [key, inner] of Object.entries(part)) {
      look(key);
      look(inner);
    }
  };
  look(value);
}
