import { Buffer, isUtf8 } from 'node:buffer';
import { type Cursor, describeCharacter, isBlank, isLineBreak } from './cursor.ts';
import type { Problem } from './session.ts';

/** A text that was read, or the problem with it. */
export type TextRead =
  | { readonly kind: 'text'; readonly text: string; readonly isPlain: boolean }
  | { readonly kind: 'problem'; readonly problem: Problem };

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', '"': '"', '\\': '\\' };

/** Reads up to the closing quote, without escapes, after the opening quote (`lexQuotedString`, `lexDubQuotedKey`). */
export function readVerbatimText(cursor: Cursor, quote: string): TextRead {
  const text = cursor.until(quote);
  if (text === undefined) return reportUnclosed(quote);
  cursor.advance(text.length + 1);
  return { kind: 'text', text, isPlain: false };
}

/** Reads up to the closing double quote, with escapes (`lexDubQuotedString`). */
export function readEscapedText(cursor: Cursor): TextRead {
  const parts: Buffer[] = [];
  for (;;) {
    const plain = cursor.match(/[^"\\]*/y) ?? '';
    cursor.advance(plain.length);
    parts.push(Buffer.from(plain, 'utf8'));
    const end = cursor.next();
    if (end === '') return reportUnclosed('"');
    if (end === '"') return joinParts(parts, false);
    const byte = readEscape(cursor);
    if (byte === undefined) return wrongEscape;
    parts.push(byte);
  }
}

/**
 * Reads a text without quotes: to the end of the line, a blank, `,` `;` `]` `}`, or a single quote, which is skipped.
 * Escapes are read (`lexString`). `begun` is the part that was already read. Only a plain text can be a boolean or a
 * variable.
 */
export function readBareText(cursor: Cursor, begun = ''): TextRead {
  const parts: Buffer[] = [Buffer.from(begun, 'utf8')];
  let isPlain = true;
  for (;;) {
    const plain = cursor.match(/[^\\'\s,;\]}]*/y) ?? '';
    cursor.advance(plain.length);
    parts.push(Buffer.from(plain, 'utf8'));
    const end = cursor.peek();
    if (end === '' || isLineBreak(end) || isBlank(end) || /^[,;\]}]$/.test(end)) return joinParts(parts, isPlain);
    cursor.next();
    if (end === "'") return joinParts(parts, false);
    if (end === '\\') {
      isPlain = false;
      const byte = readEscape(cursor);
      if (byte === undefined) return wrongEscape;
      parts.push(byte);
    } else {
      // Other spaces than blanks are ordinary characters of the text.
      parts.push(Buffer.from(end, 'utf8'));
    }
  }
}

/**
 * Reads from the character after `(` to a `)` alone on its line, including the line breaks at both ends (`lexBlock`).
 */
export function readBlockText(cursor: Cursor): TextRead {
  const text = cursor.until('\n)\n');
  if (text === undefined) {
    const says = 'got a block of text that is never closed, expected `)` alone on a line';
    return { kind: 'problem', problem: { says, fix: 'after the text, add a line that contains only `)`' } };
  }
  cursor.advance(text.length + 2);
  return { kind: 'text', text: `${text}\n`, isPlain: false };
}

function readEscape(cursor: Cursor): Buffer | undefined {
  const letter = cursor.next();
  if (letter === 'x') {
    const digits = cursor.match(/[0-9a-f]{2}/iy);
    cursor.advance(digits?.length ?? 0);
    return digits === undefined ? undefined : Buffer.from(digits, 'hex');
  }
  const character = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
  return character === undefined ? undefined : Buffer.from(character, 'utf8');
}

function joinParts(parts: readonly Buffer[], isPlain: boolean): TextRead {
  const bytes = Buffer.concat(parts);
  if (isUtf8(bytes)) return { kind: 'text', text: bytes.toString('utf8'), isPlain };
  const says = 'got escapes `\\xNN` that do not form valid UTF-8, expected text';
  return { kind: 'problem', problem: { says, fix: 'write the characters themselves, or their UTF-8 bytes' } };
}

const wrongEscape: TextRead = {
  kind: 'problem',
  problem: {
    says: 'got a `\\` that does not begin an escape, expected `\\t`, `\\n`, `\\r`, `\\"`, `\\\\` or `\\xNN`',
    fix: 'write `\\\\` for a backslash',
  },
};

function reportUnclosed(quote: string): TextRead {
  const says = `got a text that is never closed, expected a second ${describeCharacter(quote)}`;
  return { kind: 'problem', problem: { says, fix: `close the text opened with ${describeCharacter(quote)}` } };
}
