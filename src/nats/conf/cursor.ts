import type { Position } from './value.ts';

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
