import { posix } from 'node:path';
import { isLineBreak, isSeparator } from './cursor.ts';
import { closeScope, createScope, define, MAX_DEPTH, MAX_VALUES, type Scope } from './scope.ts';
import {
  type ConfigurationSource,
  type Enclosing,
  openReader,
  type ParseContext,
  type Reader,
  readWord,
  Session,
  tooDeep,
} from './session.ts';
import {
  closeBrace,
  readIncludedName,
  readItemEnd,
  readKey,
  readScalar,
  readTopEntryEnd,
  skipBlanks,
  skipComment,
  skipSpace,
  skipSpaceAndComments,
} from './tokens.ts';
import { type ConfBlock, type ConfValue, list, type Position } from './value.ts';

/**
 * The enclosing block, and the path of each file from the main file to the file that is read, in the order of
 * inclusion.
 */
type Place = Enclosing & { readonly chain: readonly string[] };

const NO_VALUE = 'write the value after the key, on the same line';

/**
 * Parses nats.conf into a tree, as nats-server reads it (`conf/lex.go` and `conf/parse.go` of 2.15; the releases from
 * 2.10 differ only in `1k5`, which older ones refuse). Two kinds of text that nats-server accepts are refused here. The
 * first kind is text that nats-server silently drops in part: unbalanced brackets, a key without value, a single `/`,
 * an unknown unit, a number beyond 64 bits, `[1]` without space, bytes that are not UTF-8. The second kind is text
 * without bounds: nesting, size, circular inclusion.
 * @throws ActionError INPUT_INVALID naming file, line and column, without repeating a value
 */
export function parseConfiguration({ input, file, text }: ConfigurationSource, surroundings: ParseContext): ConfBlock {
  return closeScope(readFileScope(new Session(input, surroundings), { file, path: '', text }, []));
}

type ReadFile = { readonly file: string; readonly path: string; readonly text: string };

/** Reads a file as a block of its own: it does not see the variables of the file that includes it. */
function readFileScope(session: Session, { file, path, text }: ReadFile, chain: readonly string[]): Scope {
  const reader = openReader(session, file, text);
  const scope = createScope(undefined);
  readTopEntries(reader, { scope, depth: 1, chain: [...chain, path] });
  return scope;
}

/**
 * Reads the entries of the top level. Braces at the top level hold entries of the top level (`lexTop`, `lexBlockStart`,
 * `lexBlockEnd`).
 */
function readTopEntries(reader: Reader, around: Place): void {
  const { cursor } = reader;
  const open: Position[] = [];
  for (;;) {
    skipSpaceAndComments(reader);
    const here = cursor.peek();
    if (here === '') break;
    if (here === '{') {
      open.push(cursor.position());
      cursor.next();
    } else if (here === '}') {
      closeBrace(reader, open);
    } else {
      readEntry(reader, around, false);
      readTopEntryEnd(reader, open.length > 0);
    }
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) reader.fail(unclosed, { says: 'got `{` that is never closed', fix: 'add `}`' });
}

/** Reads a key with its value, or an include. In a map, a value may begin on a later line. */
function readEntry(reader: Reader, around: Place, isInMap: boolean): void {
  const { cursor } = reader;
  if (isSeparator(cursor.peek())) reader.unexpected('a key', 'write the key first');
  const position = cursor.position();
  const key = readKey(reader, position);
  if (key === undefined) {
    readInclude(reader, around, position);
    return;
  }
  skipSpace(reader);
  if (isSeparator(cursor.peek())) {
    cursor.next();
    if (isInMap) skipSpace(reader);
    else skipBlanks(reader);
  }
  const next = cursor.peek();
  if (next === '' || (isInMap && /^[,}]$/.test(next))) reader.unexpected('a value', NO_VALUE);
  define(around.scope, key, readValue(reader, around), position);
}

/** Reads an include. The path is relative to the including file, and never absolute (`filepath.Join`). */
function readInclude(reader: Reader, around: Place, position: Position): void {
  const { session } = reader;
  const name = readIncludedName(reader);
  const path = posix.join(posix.dirname(around.chain.at(-1) ?? ''), name);
  const text = session.context.files.get(path);
  if (text === undefined) {
    const says = `got an include of ${JSON.stringify(path)}, expected a file next to the configuration`;
    reader.fail(position, { says, fix: 'give the configuration as `config-file`, with the included files next to it' });
  } else if (around.chain.includes(path)) {
    reader.fail(position, { says: 'got a file that includes itself', fix: 'remove the include' });
  } else {
    const included = readFileScope(session, { file: path, path, text }, around.chain);
    for (const [key, at] of included.positions) define(around.scope, key, included.entries.get(key) ?? '', at);
  }
}

function readValue(reader: Reader, around: Place): ConfValue {
  const { cursor } = reader;
  const position = cursor.position();
  const first = cursor.peek();
  if (isLineBreak(first)) return reader.unexpected('a value on the line of its key', NO_VALUE);
  if (first === '.') return reader.unexpected('a digit before `.`', 'write 0 before the point');
  if (first === '[' || first === '{') {
    if (around.depth >= MAX_DEPTH) return reader.fail(position, tooDeep);
    cursor.next();
    const inner = { ...around, depth: around.depth + 1 };
    const collection = first === '[' ? readList(reader, inner, position) : readMap(reader, inner, position);
    return reader.session.extents.measure(collection).values > MAX_VALUES ? reader.fail(position, tooMuch) : collection;
  }
  const read = readScalar(reader);
  switch (read.kind) {
    case 'problem':
      return reader.fail(position, read.problem);
    case 'value':
      return read.value;
    case 'text':
      return read.isPlain ? readWordValue(reader, around, read.text, position) : read.text;
  }
}

function readWordValue(reader: Reader, around: Enclosing, text: string, position: Position): ConfValue {
  const read = readWord(reader.session, around, text);
  return read.kind === 'value' ? read.value : reader.fail(position, read.problem);
}

function readList(reader: Reader, around: Place, opened: Position): ConfValue {
  const { cursor } = reader;
  const items: ConfValue[] = [];
  for (;;) {
    skipSpaceAndComments(reader);
    if (cursor.peek() === '') return reader.fail(opened, { says: 'got `[` that is never closed', fix: 'add `]`' });
    if (cursor.peek() === ',')
      reader.unexpected('a value or `]`', 'remove the comma; a line break ends an item as well');
    if (cursor.peek() !== ']') {
      items.push(readValue(reader, around));
      skipBlanks(reader);
      skipComment(reader);
    }
    const end = readItemEnd(reader, ']');
    if (end === ']') return list(items);
  }
}

function readMap(reader: Reader, outer: Place, opened: Position): ConfValue {
  const { cursor } = reader;
  const around = { ...outer, scope: createScope(outer.scope) };
  for (;;) {
    skipSpaceAndComments(reader);
    if (cursor.peek() === '') return reader.fail(opened, { says: 'got `{` that is never closed', fix: 'add `}`' });
    if (cursor.peek() === ']') reader.unexpected('a key or `}`', 'close the block first');
    if (cursor.peek() !== '}') {
      readEntry(reader, around, true);
      skipBlanks(reader);
      skipComment(reader);
    }
    const end = readItemEnd(reader, '}');
    if (end === '}') return closeScope(around.scope);
  }
}

const tooMuch = {
  says: `got variables that stand for more than ${MAX_VALUES} values`,
  fix: 'refer to the variables less often',
};
