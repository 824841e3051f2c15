import { dirname, isAbsolute, join } from 'node:path';
import { hasCode, type InputViolation } from '../errors/action-error.ts';
import { createInputError } from '../inputs/grammar/violations.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { insertNamedTexts, listNamedFiles, type NamedFile } from '../inputs/named-files.ts';
import { findInputSecrets, parseInputs, type RawInputs } from '../inputs/parse.ts';
import type { UserConfiguration } from '../nats/conf/settings/merge.ts';
import { collectSecrets, findSecretsInText } from '../nats/conf/settings/secrets.ts';
import { readTexts } from '../nats/conf/settings/sources.ts';
import type { KnownSecret } from '../secrets/masks.ts';
import { type Environment, readTextFile, readWorkspace, type Workspace } from './workspace.ts';

const INPUT = 'config-file';

/** The largest size of a file that fits into a Secret. */
const MAX_BYTES = 2 ** 20;

/**
 * Replaces `config` in the inputs with the content of `config-file`. `hide` receives the secrets of the file before any
 * message about it.
 * @throws ActionError INPUT_INVALID for a file that cannot be read, or lies outside of the workspace
 */
export async function readConfigurationFile(
  inputs: Inputs,
  environment: Environment,
  hide: (secret: KnownSecret) => void,
): Promise<Inputs> {
  if (!('configFile' in inputs) || inputs.configFile === undefined) return inputs;
  const hideText = (text: string): void => hide({ text, source: INPUT });
  const config = await readConfiguration(readWorkspace(environment), inputs.configFile, hideText);
  return { ...inputs, config };
}

/**
 * Reads a configuration file and its included files. Parsing shows which includes are missing; these are read, and the
 * file is parsed again.
 */
async function readConfiguration(
  workspace: Workspace,
  path: string,
  hide: (secret: string) => void,
): Promise<UserConfiguration> {
  const text = await readText(workspace, path, path);
  if (typeof text !== 'string') throw createInputError([text]);
  findSecretsInText(text).forEach(hide);
  const included = new RecordingMap();
  for (;;) {
    included.missing.clear();
    const read = tryReading({ input: INPUT, file: path, text, included });
    if ('tree' in read) {
      collectSecrets(read.tree).forEach(hide);
      return read;
    }
    const found = await Promise.all(
      [...included.missing].map(async (name) => await readIncluded(workspace, path, name)),
    );
    const texts = found.filter((each) => each.text !== undefined);
    if (texts.length === 0) throw createInputError(read);
    for (const { name, text: inner = '' } of texts) {
      findSecretsInText(inner).forEach(hide);
      included.set(name, inner);
    }
  }
}

/** A map that records the missing names that were looked up. */
class RecordingMap extends Map<string, string> {
  readonly missing = new Set<string>();

  override get(name: string): string | undefined {
    const text = super.get(name);
    if (text === undefined) this.missing.add(name);
    return text;
  }
}

function tryReading(texts: Parameters<typeof readTexts>[0]): UserConfiguration | readonly InputViolation[] {
  try {
    return readTexts(texts);
  } catch (error) {
    if (hasCode(error, 'INPUT_INVALID')) return error.details.violations;
    throw error;
  }
}

/**
 * Returns the text of an included file; undefined text for a missing file. The parser then reports the include, with
 * its line.
 */
async function readIncluded(workspace: Workspace, path: string, name: string) {
  const text = await readText(workspace, isAbsolute(name) ? name : join(dirname(path), name), name);
  return { name, text: typeof text === 'string' ? text : undefined };
}

/** Returns the text, or a violation with the reason. `given` is the path as it is written. */
async function readText(workspace: Workspace, path: string, given: string): Promise<string | InputViolation> {
  const read = await readTextFile(workspace, path, MAX_BYTES);
  if (read.kind === 'text') return read.text;
  const message = `got ${JSON.stringify(given)}, which ${read.because}`;
  return { input: INPUT, message, correction: `${INPUT}: deploy/nats.conf` };
}

/**
 * Reads the inputs, and the files of the workspace that they name. `hide` receives every secret before any message
 * about it.
 * @throws ActionError INPUT_INVALID with every violation
 */
export async function readGivenInputs(
  raw: RawInputs,
  environment: Environment,
  hide: (secret: KnownSecret) => void,
): Promise<Inputs> {
  findInputSecrets(raw).forEach(hide);
  const given = await insertFiles(raw, environment);
  if (given !== raw) findInputSecrets(given).forEach(hide);
  return await readConfigurationFile(parseInputs(given), environment, hide);
}

async function insertFiles(raw: RawInputs, environment: Environment): Promise<RawInputs> {
  const read = await Promise.all(listNamedFiles(raw).map(async (file) => await readNamed(file, environment)));
  const violations = read.flatMap((each) => ('violation' in each ? [each.violation] : []));
  if (violations.length > 0) throw createInputError(violations);
  const texts = read.flatMap((each) => ('text' in each ? [each] : []));
  return texts.length === 0 ? raw : insertNamedTexts(raw, texts);
}

type NamedText =
  | { readonly file: NamedFile; readonly text: string }
  | { readonly file: NamedFile; readonly violation: InputViolation };

async function readNamed(file: NamedFile, environment: Environment): Promise<NamedText> {
  const { input, path, entry } = file;
  const read = await readTextFile(readWorkspace(environment), path, MAX_BYTES);
  // An empty list of users would remove all users.
  const isEmpty = read.kind === 'text' && entry === undefined && read.text.trim() === '';
  if (read.kind === 'text' && !isEmpty) return { file, text: read.text };
  const because = read.kind === 'text' ? 'is empty' : read.because;
  const message = `got path ${JSON.stringify(path)}${entry === undefined ? '' : ` for \`${entry.slice(0, 100)}\``}, which ${because}`;
  const example = entry === undefined ? '{path: deploy/users.yaml}' : '{accounts.conf: {path: deploy/accounts.conf}}';
  return { file, violation: { input, message, correction: `${input}: '${example}'` } };
}
