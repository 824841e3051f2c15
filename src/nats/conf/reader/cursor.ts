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
 * Converts a key to lower case as Go's `strings.ToLower` does, because nats-server compares keys so. It differs from
 * `toLowerCase` in one letter that becomes ASCII: U+0130 becomes `i`, without a combining dot (Unicode's
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

/** A place in a text that moves forward, character by character. */
export type Cursor = {
  /** Returns the current character; the empty string at the end. */
  readonly peek: () => string;
  /** Returns the current character and moves to the next one. */
  readonly next: () => string;
  readonly startsWith: (text: string) => boolean;
  /** Returns the match of a sticky pattern at this place, without moving. */
  readonly match: (pattern: RegExp) => string | undefined;
  /** Moves forward by this many UTF-16 code units. */
  readonly advance: (length: number) => void;
  /** Returns the text from here to the first occurrence of `text`; undefined without one. */
  readonly until: (text: string) => string | undefined;
  readonly position: () => Position;
};

export function cursorOver(file: string, text: string): Cursor {
  let at = 0;
  let counted = 0;
  let line = 1;
  let column = 1;
  const peek = () => {
    const code = text.codePointAt(at);
    return code === undefined ? '' : String.fromCodePoint(code);
  };
  return {
    peek,
    next: () => {
      const character = peek();
      at += character.length;
      return character;
    },
    startsWith: (prefix) => text.startsWith(prefix, at),
    match: (pattern) => {
      pattern.lastIndex = at;
      return pattern.exec(text)?.[0];
    },
    advance: (length) => {
      at += length;
    },
    until: (end) => {
      const found = text.indexOf(end, at);
      return found < 0 ? undefined : text.slice(at, found);
    },
    // Continues the count from the last call, so that a call for every key does not start at the top again.
    position: () => {
      for (const character of text.slice(counted, at)) {
        const ends = character === '\n';
        line += ends ? 1 : 0;
        column = ends ? 1 : column + 1;
      }
      counted = at;
      return { file, line, column };
    },
  };
}
