import type { InputViolation } from '../errors.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { type NamedFile, namedFiles, withNamedTexts } from '../inputs/named-files.ts';
import { parseInputs, type RawInputs, secretsIn } from '../inputs/parse.ts';
import { inputInvalid } from '../inputs/violations.ts';
import type { KnownSecret } from '../secrets/known-secret.ts';
import { withConfigurationFile } from './configuration-file.ts';
import type { Environment } from './environment.ts';
import { readTextFile, workspaceOf } from './workspace.ts';

/** The largest size of a text that fits into a Secret. */
const MOST_BYTES = 2 ** 20;

/**
 * Reads the inputs, and the files of the workspace that they name. `hide` receives every secret before any message
 * about it.
 * @throws ActionError INPUT_INVALID with every violation
 */
export async function givenInputs(
  raw: RawInputs,
  environment: Environment,
  hide: (secret: KnownSecret) => void,
): Promise<Inputs> {
  secretsIn(raw).forEach(hide);
  const given = await withFiles(raw, environment);
  if (given !== raw) secretsIn(given).forEach(hide);
  return await withConfigurationFile(parseInputs(given), environment, hide);
}

async function withFiles(raw: RawInputs, environment: Environment): Promise<RawInputs> {
  const read = await Promise.all(namedFiles(raw).map(async (file) => await readNamed(file, environment)));
  const violations = read.flatMap((each) => ('violation' in each ? [each.violation] : []));
  if (violations.length > 0) throw inputInvalid(violations);
  const texts = read.flatMap((each) => ('text' in each ? [each] : []));
  return texts.length === 0 ? raw : withNamedTexts(raw, texts);
}

type Named =
  | { readonly file: NamedFile; readonly text: string }
  | { readonly file: NamedFile; readonly violation: InputViolation };

async function readNamed(file: NamedFile, environment: Environment): Promise<Named> {
  const { input, path, entry } = file;
  const read = await readTextFile(workspaceOf(environment), path, MOST_BYTES);
  // An empty list of users would remove all users.
  const isEmpty = read.kind === 'text' && entry === undefined && read.text.trim() === '';
  if (read.kind === 'text' && !isEmpty) return { file, text: read.text };
  const because = read.kind === 'text' ? 'is empty' : read.because;
  const message = `got path ${JSON.stringify(path)}${entry === undefined ? '' : ` for \`${entry.slice(0, 100)}\``}, which ${because}`;
  const example = entry === undefined ? '{path: deploy/users.yaml}' : '{accounts.conf: {path: deploy/accounts.conf}}';
  return { file, violation: { input, message, correction: `${input}: '${example}'` } };
}
