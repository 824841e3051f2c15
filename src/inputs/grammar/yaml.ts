import {
  type Document,
  type DocumentOptions,
  isMap,
  isPair,
  isScalar,
  Lexer,
  LineCounter,
  type ParseOptions,
  parseDocument,
  type SchemaOptions,
  visit,
} from 'yaml';

/** The reason why a text is not readable YAML. It quotes nothing of the text, which may be secret. */
export class YamlProblem extends Error {}

/** The maximum nesting of brackets and braces; deeper nesting exhausts the stack of the library. */
const MAX_DEPTH = 200;

/**
 * The number of parts (keys, values, signs, indents and ends of lines) that a YAML text may have: `MIN_PARTS`, and one
 * more for every four characters. The library needs some microseconds for each part. A list of short subjects has one
 * part for every five characters, and a kubeconfig has fewer.
 */
const MIN_PARTS = 12_000;
const CHARACTERS_OF_PART = 4;

interface ReadOptions {
  readonly maxAliasCount: number;
  /** Whether `<<` takes over the keys of another mapping. */
  readonly merge?: boolean;
}

/**
 * Returns the value of a YAML text, in linear time. The library's own check for duplicate keys takes the square of
 * their number.
 * @throws YamlProblem
 */
export function readYaml(text: string, { maxAliasCount, merge = false }: ReadOptions): unknown {
  try {
    const lineCounter = new LineCounter();
    const document = parseYaml(text, { lineCounter, merge, uniqueKeys: false });
    const [error] = document.errors;
    if (error !== undefined) throw new YamlProblem(`line ${lineCounter.linePos(error.pos[0]).line}: ${error.code}`);
    visit(document, { Map: (_, map) => requireUniqueKeys(map) });
    const value: unknown = document.toJS({ maxAliasCount });
    requireWellFormed(value);
    return value;
  } catch (error) {
    if (error instanceof YamlProblem) throw error;
    // The library throws for an alias without an anchor, for too many aliases, and for nesting beyond its stack.
    throw new YamlProblem('an alias without an anchor, too many aliases, or too deep nesting');
  }
}

/**
 * Parses a YAML text. It refuses a text that is nested too deeply or has too many parts before the library builds a
 * tree of it.
 * @throws YamlProblem
 */
export function parseYaml(text: string, options: DocumentOptions & ParseOptions & SchemaOptions): Document {
  requireBounded(text);
  // The library creates an error for each invalid part of a text, and the stack trace takes most of the time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return parseDocument(text, { ...options, logLevel: 'error', prettyErrors: false });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function requireBounded(text: string): void {
  const mostParts = MIN_PARTS + Math.floor(text.length / CHARACTERS_OF_PART);
  let [parts, depth] = [0, 0];
  for (const part of new Lexer().lex(text)) {
    parts += 1;
    if (part === '[' || part === '{') depth += 1;
    if (part === ']' || part === '}') depth -= 1;
    if (depth > MAX_DEPTH) throw new YamlProblem(`more than ${MAX_DEPTH} brackets within one another`);
    if (parts > mostParts)
      throw new YamlProblem(`more than ${mostParts} keys, values, signs, indents and ends of lines`);
  }
}

function requireUniqueKeys(map: unknown): void {
  const known = new Set<unknown>();
  for (const item of isMap(map) ? map.items : []) {
    const key = isPair(item) && isScalar(item.key) ? item.key.value : item;
    if (known.has(key)) throw new YamlProblem('a duplicate key');
    known.add(key);
  }
}

/** Refuses half of a surrogate pair, which YAML can express (`"\uD800"`) but UTF-8 cannot. */
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
