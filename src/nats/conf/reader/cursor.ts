import type { Position } from './value.ts';

const SPACES: ReadonlySet<string> = new Set(
  '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000',
);

/** Checks whether the character may stand between a key and its value, and between entries (`unicode.IsSpace`). */
export function isSpace(character: string): boolean {
  return SPACES.has(character);
}

/** Checks whether the character may stand next to a value on its line (`isWhitespace` of nats-server). */
export function isBlank(character: string): boolean {
  return character === ' ' || character === '\t';
}

export function isLineBreak(character: string): boolean {
  return character === '\n' || character === '\r';
}

/** Checks whether the character is a digit (`unicode.IsDigit`). */
export function isDigit(character: string): boolean {
  return (character >= '0' && character <= '9') || (character > '\x7f' && /^\p{Nd}$/u.test(character));
}

export function isSeparator(character: string): boolean {
  return character === '=' || character === ':';
}

/**
 * Converts a key to lower case as Go's `strings.ToLower` does, because nats-server compares keys in that form. It
 * differs from `toLowerCase` in one letter that becomes ASCII: U+0130 becomes `i`, without a combining dot (Unicode's
 * UnicodeData.txt, simple case mappings), so that nats-server reads `L\u0130STEN` as `listen`.
 */
export function lowerCase(key: string): string {
  return key.replaceAll('\u0130', 'i').toLowerCase();
}

/** Describes a character. A character that may belong to a password is described by its kind only. */
export function describeCharacter(character: string): string {
  if (character === '') return 'the end of the file';
  if (isLineBreak(character)) return 'the end of the line';
  if (isSpace(character)) return 'a space';
  if (isDigit(character)) return 'a digit';
  return /^[!-/:-@[-`{-~]$/.test(character) ? `\`${character}\`` : 'a letter';
}

/** A position in a text that moves forward, character by character. */
export class Cursor {
  readonly #file: string;
  readonly #text: string;
  #at = 0;
  /** The position up to which lines and columns are counted. */
  #counted = 0;
  #line = 1;
  #column = 1;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
  }

  /** Returns the current character; the empty string at the end. */
  peek(): string {
    const code = this.#text.codePointAt(this.#at);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  /** Returns the current character and moves to the next one. */
  next(): string {
    const character = this.peek();
    this.#at += character.length;
    return character;
  }

  startsWith(prefix: string): boolean {
    return this.#text.startsWith(prefix, this.#at);
  }

  /** Returns the match of a sticky pattern at this position, without moving. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0];
  }

  /** Moves forward by this many UTF-16 code units. */
  advance(length: number): void {
    this.#at += length;
  }

  /** Returns the text from here to the first occurrence of `end`; undefined without one. */
  until(end: string): string | undefined {
    const found = this.#text.indexOf(end, this.#at);
    return found < 0 ? undefined : this.#text.slice(this.#at, found);
  }

  /** Returns the position. Continues the count from the last call, so that a call for every key stays fast. */
  position(): Position {
    for (const character of this.#text.slice(this.#counted, this.#at)) {
      const isEnd = character === '\n';
      this.#line += isEnd ? 1 : 0;
      this.#column = isEnd ? 1 : this.#column + 1;
    }
    this.#counted = this.#at;
    return { file: this.#file, line: this.#line, column: this.#column };
  }
}
