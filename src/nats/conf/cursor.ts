import type { Position } from './value.ts';

/** A place in a text that moves forward, character by character. */
export type Cursor = {
  /** The character here; the empty string at the end. */
  readonly peek: () => string;
  /** The character here, and on to the next one. */
  readonly next: () => string;
  readonly startsWith: (text: string) => boolean;
  /** What the pattern, which is sticky, finds here; not moved over. */
  readonly match: (pattern: RegExp) => string | undefined;
  /** On by this many UTF-16 code units. */
  readonly advance: (length: number) => void;
  /** The text from here to the first place where `text` stands; undefined when it stands nowhere. */
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
    // Counted on from the last time, so that asking for every key does not begin at the top again.
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
