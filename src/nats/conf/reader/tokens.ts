import { isBlank, isDigit, isLineBreak, isSeparator, isSpace, lowerCase } from './cursor.ts';
import { readNegativeNumber, readNumberOrText, type ScalarRead } from './number.ts';
import type { Reader } from './session.ts';
import { readBareText, readBlockText, readEscapedText, readVerbatimText } from './text.ts';
import type { Position } from './value.ts';

/** Reads a key; returns undefined for the keyword `include` with a space after it (`keyCheckKeyword`). */
export function readKey(reader: Reader, position: Position): string | undefined {
  const { cursor } = reader;
  const quote = cursor.peek();
  if (quote === '"' || quote === "'") {
    cursor.next();
    const read = readVerbatimText(cursor, quote);
    return read.kind === 'text' ? read.text : reader.fail(position, read.problem);
  }
  let key = cursor.next();
  while (cursor.peek() !== '' && !isSpace(cursor.peek()) && !isSeparator(cursor.peek())) key += cursor.next();
  if (key.includes('"') && key.includes("'")) {
    reader.fail(position, { says: 'got a key with both kinds of quotes', fix: 'rename the key' });
  }
  return lowerCase(key) === 'include' && isSpace(cursor.peek()) ? undefined : key;
}

export function readIncludedName(reader: Reader): string {
  const { cursor } = reader;
  skipBlanks(reader);
  const position = cursor.position();
  const first = cursor.peek();
  if (first === '"' || first === "'") {
    cursor.next();
    const read = readVerbatimText(cursor, first);
    return read.kind === 'text' ? read.text : reader.fail(position, read.problem);
  }
  if (isDigit(first) || isLineBreak(first) || /^[[{(\\-]$/.test(first)) {
    reader.unexpected('the name of a file', 'put the name in double quotes');
  }
  const name = cursor.match(/[^\n\r;} \t']*/y) ?? '';
  cursor.advance(name.length);
  if (cursor.peek() === "'") cursor.next();
  return name;
}

/** Reads a value that is neither a list nor a block (`lexValue`). */
export function readScalar({ cursor }: Reader): ScalarRead {
  const first = cursor.peek();
  if (isDigit(first)) return readNumberOrText(cursor);
  if (!/^["'(-]$/.test(first)) return readBareText(cursor);
  cursor.next();
  if (first === '-') return readNegativeNumber(cursor);
  if (first === '(') return readBlockText(cursor);
  return first === '"' ? readEscapedText(cursor) : readVerbatimText(cursor, first);
}

export function skipSpace({ cursor }: Reader): void {
  while (isSpace(cursor.peek())) cursor.next();
}

export function skipBlanks({ cursor }: Reader): void {
  while (isBlank(cursor.peek())) cursor.next();
}

/** Reads a comment, but not the end of its line; returns true if there was one. */
export function skipComment(reader: Reader): boolean {
  const { cursor } = reader;
  if (cursor.peek() !== '#' && cursor.peek() !== '/') return false;
  if (cursor.peek() === '/' && !cursor.startsWith('//')) {
    cursor.next();
    reader.unexpected('`//` for a comment', 'begin a comment with `#` or `//`');
  }
  cursor.advance(cursor.match(/[^\r\n]*/y)?.length ?? 0);
  return true;
}

/** Reads spaces and comments; returns true if there was a comment. */
export function skipSpaceAndComments(reader: Reader): boolean {
  for (let found = false; ; found = true) {
    skipSpace(reader);
    if (!skipComment(reader)) return found;
  }
}

const NO_WORD = 'put a value that is not a plain word in double quotes';

/** Reads the brace and, inside other open braces, the separator that has to follow it (`lexBlockEnd`). */
export function closeBrace(reader: Reader, open: Position[]): void {
  if (open.pop() === undefined) reader.unexpected('a key: the brace closes nothing', 'remove `}`');
  reader.cursor.next();
  if (open.length === 0) return;
  if (skipSpaceAndComments(reader)) return;
  if (/^[;,]$/.test(reader.cursor.peek())) reader.cursor.next();
  else if (reader.cursor.peek() !== '}') reader.unexpected('`,` or `}` after an inner brace', 'write `,` between them');
}

/** Reads the end of a top-level entry, except for the brace around it (`lexTopValueEnd`, `lexBlockValueEnd`). */
export function readTopEntryEnd(reader: Reader, isGrouped: boolean): void {
  const { cursor } = reader;
  skipBlanks(reader);
  if (skipComment(reader)) return;
  const end = cursor.peek();
  if (end === '' || (isGrouped && end === '}')) return;
  if (!isLineBreak(end) && !/^[;,]$/.test(end)) {
    reader.unexpected('the end of the line after a value', NO_WORD);
  }
  cursor.next();
}

/** Reads and returns the end of an item of a list or an entry of a map (`lexArrayValueEnd`, `lexMapValueEnd`). */
export function readItemEnd(reader: Reader, closing: ']' | '}'): string {
  const { cursor } = reader;
  const end = cursor.peek();
  const isEnd = isLineBreak(end) || end === ',' || end === closing || (end === ';' && closing === '}');
  if (!isEnd) reader.unexpected(`\`,\`, \`${closing}\` or the end of the line after a value`, NO_WORD);
  return cursor.next();
}
