import type { ActionError, InputViolation } from '../../../errors/action-error.ts';
import { createInputError } from '../../../inputs/grammar/violations.ts';
import { Cursor, describeCharacter } from './cursor.ts';
import { Extents, lookUp, MAX_DEPTH, type Scope } from './scope.ts';
import { type ConfValue, type Position, variable } from './value.ts';

/** Formats a position as `file:line:column`, as editors and compilers write it. */
function formatPlace({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

/**
 * A problem at a place of the user's configuration. Neither text may repeat a value, because the value can be a
 * password.
 */
export type Problem = {
  /** The unexpected content, and what was expected. */
  readonly says: string;
  /** The instruction that says what to write instead. */
  readonly fix: string;
};

export function createViolation(input: string, position: Position, { says, fix }: Problem): InputViolation {
  const place = formatPlace(position);
  const { file, line, column } = position;
  return {
    input,
    message: `${place}: ${says}`,
    correction: `# ${place}: ${fix}`,
    at: { file, line, column },
  };
}

/** Builds the error for a problem that stops the reading of a file. */
export function createUnreadableError(
  input: string,
  position: Position,
  problem: Problem,
): ActionError<'INPUT_INVALID'> {
  return createInputError([createViolation(input, position, problem)]);
}

/** The files and variables that a configuration may refer to. */
export type ParseContext = {
  /** The texts by the names that `include` gives them, relative to the configuration. */
  readonly files: ReadonlyMap<string, string>;
  /** The environment variables with which the servers start. */
  readonly environment: ReadonlySet<string>;
};

/** A text of the user with the input that contains it; positions name `file`. */
export type ConfigurationSource = { readonly input: string; readonly file: string; readonly text: string };

/** The reading of one file. */
export type Reader = {
  readonly session: Session;
  readonly cursor: Cursor;
  readonly fail: (position: Position, problem: Problem) => never;
  /** Throws an error about the character at the cursor. */
  readonly unexpected: (expected: string, fix: string) => never;
};

/** The maximum length of a configuration, because a Secret holds 1 MiB. */
const MAX_CHARACTERS = 2 ** 20;
const MAX_FILES = 200;

/** The reading of one configuration with all files that it includes. */
export class Session {
  readonly input: string;
  readonly context: ParseContext;
  readonly extents = new Extents();
  #characters = 0;
  #files = 0;

  constructor(input: string, context: ParseContext) {
    this.input = input;
    this.context = context;
  }

  /** Counts characters and files, however often each is included. Returns whether they are few enough. */
  spend(characters: number): boolean {
    this.#characters += characters;
    this.#files += 1;
    return this.#characters <= MAX_CHARACTERS && this.#files <= MAX_FILES;
  }
}

/**
 * Creates the reader of a file. If the last line has no line break, it adds one: workflow inputs lose it, and
 * nats-server would read `)` and an empty value at the end of the text differently.
 */
export function openReader(session: Session, file: string, text: string): Reader {
  const cursor = new Cursor(file, text.endsWith('\n') ? text : `${text}\n`);
  const fail = (position: Position, problem: Problem) => {
    throw createUnreadableError(session.input, position, problem);
  };
  const start = { file, line: 1, column: 1 };
  if (!session.spend(text.length)) {
    const says = `got more than ${MAX_CHARACTERS} characters or ${MAX_FILES} files; an included file counts once for each include`;
    return fail(start, { says, fix: 'shorten the configuration, because it has to fit in a Secret' });
  }
  if (text.includes('\0') || !text.isWellFormed()) {
    const says = 'got NUL or half a character, expected UTF-8 text';
    return fail(start, { says, fix: 'save the file as UTF-8' });
  }
  const unexpected = (expected: string, fix: string) =>
    fail(cursor.position(), { says: `got ${describeCharacter(cursor.peek())}, expected ${expected}`, fix });
  return { session, cursor, fail, unexpected };
}

export type WordRead =
  | { readonly kind: 'value'; readonly value: ConfValue }
  | { readonly kind: 'problem'; readonly problem: Problem };

/** The enclosing block of a value, and the nesting depth. */
export type Enclosing = { readonly scope: Scope; readonly depth: number };

export const tooDeep: Problem = {
  says: `got more than ${MAX_DEPTH} blocks and lists within one another`,
  fix: 'nest less deeply',
};

/**
 * The prefix of a bcrypt hash, which needs no quotes: nats-server does not treat it as a variable (`lookupVariable`).
 */
const BCRYPT = '$2a$';

/** Converts a word without quotes to a boolean, a variable or a text (`lexString`). */
export function readWord(session: Session, around: Enclosing, word: string): WordRead {
  if (/^(?:true|yes|on)$/i.test(word)) return { kind: 'value', value: true };
  if (/^(?:false|no|off)$/i.test(word)) return { kind: 'value', value: false };
  if (!word.startsWith('$') || word.startsWith(BCRYPT)) return { kind: 'value', value: word };
  const name = word.slice(1);
  const value = lookUp(around.scope, name);
  if (value !== undefined) {
    return around.depth + session.extents.measure(value).depth > MAX_DEPTH
      ? { kind: 'problem', problem: tooDeep }
      : { kind: 'value', value: { kind: 'variable', name, value } };
  }
  if (session.context.environment.has(name)) return { kind: 'value', value: variable(name) };
  // The message does not repeat the word, because it may be a password that begins with `$`.
  const known = [...session.context.environment].map((each) => `\`$${each}\``);
  const says = `got \`$\` and a name that nothing above defines, expected ${['a name defined above', ...known].join(', ')}`;
  const fix =
    'define the variable before it is used; insert a secret with an expression of the workflow, for example `"${{ secrets.NAME }}"`; put any other text in double quotes';
  return { kind: 'problem', problem: { says, fix } };
}
