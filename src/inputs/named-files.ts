import { parse } from 'yaml';
import { recordOf } from '../objects/json.ts';
import type { RawInputs } from './parse.ts';
import { fileRows } from './rows/configuration.ts';
import { credentialRows } from './rows/credentials.ts';
import { targetRows } from './rows/target.ts';

/**
 * A file that an input names as `{path: deploy/users.yaml}` instead of containing its text. Linux limits one
 * environment variable to 128 KiB (`MAX_ARG_STRLEN`), and a runner passes each input in one variable, so longer texts
 * have to be in files.
 */
export type NamedFile = {
  readonly input: string;
  readonly path: string;
  /** The name in the mapping of `files`; undefined if the file holds the whole input. */
  readonly entry: string | undefined;
};

const USERS = credentialRows.users;
const FILES = fileRows.files;

/** Returns the files that the inputs of the running command name. */
export function listNamedFiles(raw: RawInputs): readonly NamedFile[] {
  const command = raw.get(targetRows.command.name)?.trim() || targetRows.command.default;
  const isUsed = (row: typeof USERS | typeof FILES) => row.commands.some((each) => each === command);
  const users = isUsed(USERS) ? readPath(tryReadYaml(raw.get(USERS.name))) : undefined;
  const files = isUsed(FILES) ? listEntries(tryReadYaml(raw.get(FILES.name))) : [];
  return [
    ...(users === undefined ? [] : [{ input: USERS.name, path: users, entry: undefined }]),
    ...files.flatMap(([entry, value]) => {
      const path = readPath(value);
      return path === undefined ? [] : [{ input: FILES.name, path, entry }];
    }),
  ];
}

/** Returns the inputs with each path replaced by the text of the file. */
export function insertNamedTexts(
  raw: RawInputs,
  texts: readonly { readonly file: NamedFile; readonly text: string }[],
): RawInputs {
  const users = texts.find(({ file }) => file.input === USERS.name);
  const files = new Map(texts.flatMap(({ file, text }) => (file.entry === undefined ? [] : [[file.entry, text]])));
  const entries = listEntries(tryReadYaml(raw.get(FILES.name))).map(([name, value]) => [
    name,
    files.get(name) ?? value,
  ]);
  return new Map([
    ...raw,
    ...(users === undefined ? [] : ([[USERS.name, users.text]] as const)),
    // JSON is YAML. A value that is not text stays unchanged, and is refused later.
    ...(files.size === 0 ? [] : ([[FILES.name, JSON.stringify(Object.fromEntries(entries))]] as const)),
  ]);
}

/** Returns the path of `{path: …}`, without a check of the path; undefined for everything else. */
function readPath(value: unknown): string | undefined {
  const [[key, path] = [], ...others] = listEntries(value);
  return key === 'path' && typeof path === 'string' && others.length === 0 ? path : undefined;
}

function listEntries(value: unknown): readonly (readonly [string, unknown])[] {
  return Object.entries(recordOf(value));
}

function tryReadYaml(text: string | undefined): unknown {
  if (text === undefined || !/\bpath\b/.test(text)) return undefined;
  try {
    return parse(text, { logLevel: 'error', maxAliasCount: 0 });
  } catch {
    return undefined; // The grammar of the input reports the problem.
  }
}
