import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { parseYaml, YamlProblem } from '../../../inputs/grammar/yaml.ts';
import { parseInteger, SIZE } from './number.ts';
import { closeScope, createScope, define, MAX_DEPTH, MAX_VALUES } from './scope.ts';
import {
  type ConfigurationSource,
  createUnreadableError,
  type Enclosing,
  openReader,
  type ParseContext,
  type Problem,
  readWord,
  Session,
  tooDeep,
} from './session.ts';
import { type ConfBlock, type ConfValue, list, type Position } from './value.ts';

type YamlReader = {
  readonly session: Session;
  /** Returns the position of a node, or of an offset in the text. */
  readonly placeOf: (at: unknown) => Position;
  readonly fail: (at: unknown, problem: Problem) => never;
  /** The values of the anchors so far; undefined while the value is being read. */
  readonly anchors: Map<string, ConfValue | undefined>;
};

/**
 * Parses YAML 1.2, including JSON, into the same tree. A text without quotes that nats-server would read as a boolean
 * (`on`), a size (`8MB`) or a variable (`$NAME`) is read as such; a text in quotes stays a text. The Helm chart writes
 * values without quotes as `<< 8MB >>`; they are read in the same way.
 * @throws ActionError INPUT_INVALID naming file, line and column, without repeating a value
 */
export function parseYamlConfiguration(source: ConfigurationSource, surroundings: ParseContext): ConfBlock {
  const session = new Session(source.input, surroundings);
  const lines = new LineCounter();
  // Refuses a source that is too long or not a text.
  const start = openReader(session, source.file, source.text).cursor.position();
  const placeOf = (node: unknown) => {
    const offset = findOffset(node);
    return offset === undefined ? start : findPosition(source.file, lines, offset);
  };
  const fail = (node: unknown, problem: Problem) => {
    throw createUnreadableError(source.input, placeOf(node), problem);
  };
  const document = readDocument(source.text, lines, fail);
  const [error] = document.errors;
  if (error !== undefined) fail(error.pos[0], { says: `got invalid YAML (${error.code})`, fix: 'correct the YAML' });
  const { contents } = document;
  if (!isMap(contents))
    return fail(contents, {
      says: 'got a value that is not a mapping, expected keys with values',
      fix: 'write `key: value`',
    });
  const scope = createScope(undefined);
  const reader = { session, placeOf, fail, anchors: new Map<string, ConfValue | undefined>() };
  readEntries(reader, contents.items, { scope, depth: 1 });
  return closeScope(scope);
}

function readDocument(text: string, lineCounter: LineCounter, fail: YamlReader['fail']): Document {
  try {
    return parseYaml(text, { lineCounter, intAsBigInt: true, uniqueKeys: false });
  } catch (error) {
    // The library's own message may quote the text; it throws almost only if the nesting exceeds its stack.
    const reason = error instanceof YamlProblem ? ` (${error.message})` : '';
    return fail(undefined, {
      says: `got YAML that cannot be read${reason}`,
      fix: 'shorten the YAML, or nest less deeply',
    });
  }
}

/**
 * Reads entries. It checks for duplicate keys and for anchors itself, because the checks of the library take quadratic
 * time.
 */
function readEntries(reader: YamlReader, pairs: readonly Pair[], around: Enclosing): void {
  for (const { key, value } of pairs) {
    const name = readKey(key);
    if (name !== undefined && !isWritableKey(name)) {
      reader.fail(key, unwritableKey);
    } else if (name === undefined) {
      reader.fail(key, {
        says: 'got a key that is not text, expected a name',
        fix: 'write a name; write out the entries that `<<` would merge',
      });
    } else if (around.scope.entries.has(name)) {
      reader.fail(key, { says: 'got a key a second time', fix: 'remove one of them' });
    } else {
      define(around.scope, name, readValue(reader, value ?? key, value ?? undefined, around), reader.placeOf(key));
    }
  }
}

function readKey(key: unknown): string | undefined {
  if (!isScalar(key) || key.value === null) return undefined;
  const text = typeof key.value === 'string' ? key.value : key.source;
  return text === '<<' ? undefined : text;
}

/** Reads a value. `node` is undefined for a key without value; `at` then has the position. */
function readValue(reader: YamlReader, at: unknown, node: unknown, around: Enclosing): ConfValue {
  if (isAlias(node)) return readAlias(reader, node, around);
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return reader.fail(at, nothing);
  if (node.anchor !== undefined) reader.anchors.set(node.anchor, undefined);
  const value = isScalar(node) ? readScalar(reader, node, around) : readCollection(reader, node, around);
  if (node.anchor !== undefined) reader.anchors.set(node.anchor, value);
  return value;
}

function readCollection(reader: YamlReader, node: YAMLMap | YAMLSeq, around: Enclosing): ConfValue {
  if (around.depth >= MAX_DEPTH) return reader.fail(node, tooDeep);
  const inner = { scope: isMap(node) ? createScope(around.scope) : around.scope, depth: around.depth + 1 };
  if (isMap(node)) readEntries(reader, node.items, inner);
  const value = isSeq(node)
    ? list(node.items.map((item) => readValue(reader, item, item, inner)))
    : closeScope(inner.scope);
  return reader.session.extents.measure(value).values > MAX_VALUES ? reader.fail(node, tooMuch) : value;
}

function readAlias(reader: YamlReader, alias: Alias, around: Enclosing): ConfValue {
  const value = reader.anchors.get(alias.source);
  if (value === undefined) {
    return reader.fail(alias, {
      says: 'got an alias without a complete anchor above it',
      fix: 'write the value instead of the alias',
    });
  }
  return around.depth + reader.session.extents.measure(value).depth > MAX_DEPTH ? reader.fail(alias, tooDeep) : value;
}

function readScalar(reader: YamlReader, node: Scalar, around: Enclosing): ConfValue {
  const { value, source } = node;
  if (typeof value === 'string') return readText(reader, node, value, around);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return parseInteger(String(value)) ?? reader.fail(node, noNumber);
  if (typeof value !== 'number') return reader.fail(node, nothing);
  const text = [source, String(value), `${value}.0`].find((each) => /^-?\d+\.\d+$/.test(each ?? ''));
  return text === undefined ? reader.fail(node, noNumber) : { kind: 'float', text };
}

function readText(reader: YamlReader, node: Scalar, text: string, around: Enclosing): ConfValue {
  if (!text.isWellFormed()) return reader.fail(node, { says: 'got half a character', fix: 'write it as UTF-8' });
  const bare = /^<<\s*(\S+)\s*>>$/.exec(text)?.[1];
  if (bare === undefined && node.type !== 'PLAIN') return text;
  const word = bare ?? text;
  if (SIZE.test(word) || (bare !== undefined && /^-?\d+$/.test(word)))
    return parseInteger(word) ?? reader.fail(node, noNumber);
  const read = readWord(reader.session, around, word);
  return read.kind === 'value' ? read.value : reader.fail(node, read.problem);
}

function findOffset(at: unknown): number | undefined {
  if (typeof at === 'number') return at;
  return isNode(at) ? at.range?.[0] : undefined;
}

function findPosition(file: string, lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
}

/**
 * Checks whether nats.conf can contain the key. Keys have no escapes (`lexMapDubQuotedKey`), only two kinds of quotes,
 * and NUL ends the file (`eof`).
 */
function isWritableKey(key: string): boolean {
  return key.isWellFormed() && !key.includes('\0') && !(key.includes('"') && key.includes("'"));
}

const unwritableKey = {
  says: 'got a key with NUL, half a character, or both kinds of quotes, which no configuration of nats-server can contain',
  fix: 'rename the key',
};
const nothing = { says: 'got no value', fix: 'write a value, or remove the key' };
const noNumber = {
  says: 'got a number that does not fit in 64 bits',
  fix: 'write a number that fits in 64 bits',
};
const tooMuch = { says: `got aliases that stand for more than ${MAX_VALUES} values`, fix: 'use fewer aliases' };
