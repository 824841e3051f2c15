import { described } from './characters.ts';
import { type Cursor, cursorOver } from './cursor.ts';
import { type Problem, unreadable } from './problem.ts';
import { type Extent, extents } from './scope.ts';
import type { ConfValue, Position } from './value.ts';

/** The files and variables that a configuration may refer to. */
export type Surroundings = {
  /** The texts by the names that `include` gives them, relative to the configuration. */
  readonly files: ReadonlyMap<string, string>;
  /** The variables that servers are started with. */
  readonly environment: ReadonlySet<string>;
};

/** A text of the user with the input that contains it; positions name `file`. */
export type ConfigurationSource = { readonly input: string; readonly file: string; readonly text: string };

/** The reading of one configuration with all files that it includes. */
export type Session = Surroundings & {
  readonly input: string;
  readonly extentOf: (value: ConfValue) => Extent;
  /** Counts characters and files, however often each is included. */
  readonly spend: (characters: number) => boolean;
};

/** The reading of one file. */
export type Reader = {
  readonly session: Session;
  readonly cursor: Cursor;
  readonly fail: (position: Position, problem: Problem) => never;
  /** Throws an error about the character at the cursor. */
  readonly unexpected: (expected: string, fix: string) => never;
};

/** The maximum length of a configuration, because a Secret holds 1 MiB. */
const MOST_CHARACTERS = 2 ** 20;
const MOST_FILES = 200;

export function sessionOf(input: string, surroundings: Surroundings): Session {
  let characters = 0;
  let files = 0;
  return {
    ...surroundings,
    input,
    extentOf: extents(),
    spend: (more) => {
      characters += more;
      files += 1;
      return characters <= MOST_CHARACTERS && files <= MOST_FILES;
    },
  };
}

/**
 * Creates the reader of a file. It adds a missing end to the last line, because inputs lose it, and nats-server reads
 * `)` and an empty value differently without it.
 */
export function readerOf(session: Session, file: string, text: string): Reader {
  const cursor = cursorOver(file, text.endsWith('\n') ? text : `${text}\n`);
  const fail = (position: Position, problem: Problem) => {
    throw unreadable(session.input, position, problem);
  };
  const start = { file, line: 1, column: 1 };
  if (!session.spend(text.length)) {
    const says = `got more than ${MOST_CHARACTERS} characters or ${MOST_FILES} files, what includes name counted as often as they do`;
    return fail(start, { says, fix: 'shorten the configuration to what fits a Secret' });
  }
  if (text.includes('\0') || !text.isWellFormed()) {
    const says = 'got NUL or half a character, expected UTF-8 text';
    return fail(start, { says, fix: 'save the file as UTF-8' });
  }
  const unexpected = (expected: string, fix: string) =>
    fail(cursor.position(), { says: `got ${described(cursor.peek())}, expected ${expected}`, fix });
  return { session, cursor, fail, unexpected };
}
