import { ActionError } from '../errors/action-error.ts';
import { findClosest } from '../inputs/grammar/violations.ts';
import { isRecord, type JsonRecord } from '../objects/json.ts';

/**
 * Builds the error for an input whose problem is found only when its content is used. `expected` is the text to write
 * instead.
 */
export function createInputError(
  input: string,
  message: string,
  expected: string,
  cause?: unknown,
): ActionError<'INPUT_INVALID'> {
  return new ActionError('INPUT_INVALID', `${message}.`, {
    hint: `Expected ${expected}.`,
    details: { violations: [{ input, message, correction: expected }] },
    cause,
  });
}

/** A receiver of warnings about a kubeconfig that works nevertheless. */
export type Trouble = { readonly warn: (text: string) => void };

/** A mapping as messages name it: the file, and the part of the file. */
export type Place = { readonly where: string; readonly of: string };

/**
 * The typed fields of one mapping of a kubeconfig. Null and the empty text count as absent, as in Go. Every getter
 * throws ActionError INPUT_INVALID, naming the field, when the value has another type; it never quotes the value.
 */
export type Fields = {
  readonly text: (name: string) => string | undefined;
  readonly flag: (name: string) => boolean;
  readonly texts: (name: string) => readonly string[];
  /** Reads a mapping of lists of texts. */
  readonly textLists: (name: string) => Readonly<Record<string, readonly string[]>>;
  readonly record: (name: string) => JsonRecord | undefined;
  readonly list: (name: string) => readonly unknown[] | undefined;
  /** Makes the error for a field whose value is not acceptable. */
  readonly refuse: (name: string, problem: string, expected: string, cause?: unknown) => ActionError;
};

/**
 * The number of names that are compared. A mapping of a kubeconfig has a dozen fields, and thousands of names would
 * take long to compare.
 */
const MAX_COMPARED = 100;

/**
 * Reads a mapping. `known` holds all fields that client-go knows of it. Other fields are ignored, as in client-go;
 * `trouble` receives a warning for each one that looks like a misspelt known field.
 */
export function readFields(
  record: JsonRecord,
  known: readonly string[],
  { where, of }: Place,
  trouble: Trouble,
): Fields {
  for (const key of Object.keys(record).slice(0, MAX_COMPARED)) {
    const suggestion = known.includes(key) ? undefined : findClosest(key, known);
    if (suggestion !== undefined)
      trouble.warn(`${where}: \`${key}\` of ${of} is ignored; did you mean \`${suggestion}\`?`);
  }
  const refuse = (name: string, problem: string, expected: string, cause?: unknown): ActionError =>
    createInputError('kubeconfig', `${where}: \`${name}\` of ${of} ${problem}`, expected, cause);
  const read = <Value>(name: string, kind: string, isKind: (value: unknown) => value is Value): Value | undefined => {
    const value = Object.hasOwn(record, name) ? record[name] : undefined;
    if (value === undefined || value === null || value === '') return undefined;
    if (isKind(value)) return value;
    throw refuse(name, `has the wrong type`, kind);
  };
  return {
    text: (name) => read(name, 'a text (in quotes, if it looks like a number)', isText),
    flag: (name) => read(name, '`true` or `false`, without quotes', isFlag) ?? false,
    texts: (name) => read(name, 'a list of texts', isTexts) ?? [],
    textLists: (name) => read(name, 'a mapping of lists of texts', isTextLists) ?? {},
    record: (name) => read(name, 'a mapping', isRecord),
    list: (name) => read(name, 'a list', isList),
    refuse,
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return isList(value) && value.every(isText);
}

function isTextLists(value: unknown): value is Readonly<Record<string, readonly string[]>> {
  return isRecord(value) && Object.values(value).every(isTexts);
}
