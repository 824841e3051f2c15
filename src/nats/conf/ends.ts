import { isLineBreak } from './characters.ts';
import type { Reader } from './session.ts';
import { skipBlanks, skipComment, skipSpaceAndComments } from './tokens.ts';
import type { Position } from './value.ts';

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
export function endOfTopEntry(reader: Reader, isGrouped: boolean): void {
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
export function itemEnd(reader: Reader, closing: ']' | '}'): string {
  const { cursor } = reader;
  const end = cursor.peek();
  const isEnd = isLineBreak(end) || end === ',' || end === closing || (end === ';' && closing === '}');
  if (!isEnd) reader.unexpected(`\`,\`, \`${closing}\` or the end of the line after a value`, NO_WORD);
  return cursor.next();
}
