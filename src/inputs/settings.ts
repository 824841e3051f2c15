import { ActionError, hasCode } from '../errors/action-error.ts';
import { isRecord, type JsonRecord } from '../objects/json.ts';
import { isKept } from './grammar/row.ts';
import { type DeployInputs, inputTable } from './inputs.ts';
import { parseDeployInputs, type RawInputs, readGivenText } from './parse.ts';

const keptRows = inputTable.filter(isKept);

/**
 * Returns the settings of a `deploy` for the other commands: the text of each input that describes the cluster and is
 * not its default, as JSON on one line, by name in alphabetical order. It contains no secret.
 */
export function settingsOf(raw: RawInputs): string {
  return encodeSettings(new Map(), raw);
}

/**
 * Returns the stored settings of a deployment, updated with the inputs of a later command.
 * @throws ActionError DRIFT as `readDeployInputs`
 */
export function mergeSettings(settings: string, given: RawInputs): string {
  return encodeSettings(decodeSettings(settings), given);
}

function encodeSettings(known: ReadonlyMap<string, string>, given: RawInputs): string {
  const texts = keptRows.map((row) => [row.name, readGivenText(row, given) ?? known.get(row.name)] as const);
  const present = texts.filter(([, text]) => text !== undefined);
  return JSON.stringify(Object.fromEntries(present.toSorted(([left], [right]) => (left < right ? -1 : 1))));
}

/**
 * Returns the inputs of a `deploy` that produces the wanted state of the deployment: the stored settings, updated with
 * the inputs of the running command. Only the running command determines the Kubernetes cluster, the timeout and the
 * opt-ins.
 * @throws ActionError DRIFT, reason SettingsUnreadable, when the settings are not what `settingsOf` writes
 * @throws ActionError INPUT_INVALID when the given inputs contradict them
 */
export function readDeployInputs(settings: string, given: RawInputs): DeployInputs {
  const texts = decodeSettings(settings);
  for (const row of inputTable) {
    const text = readGivenText(row, given);
    if (text !== undefined && row.name !== 'command' && row.commands.includes('deploy')) texts.set(row.name, text);
  }
  return parseDeployInputs(texts);
}

/** Returns the effect of an input that is not set: its default, or a phrase, for example `no patches`. */
export function describeUnset(input: string): string {
  const { default: text = '', unset = '' } = keptRows.find(({ name }) => name === input) ?? {};
  const [phrase = ''] = unset.split(';');
  return text === '' ? phrase || 'default' : `${text} (default)`;
}

export type StatedDeployment = {
  readonly inputs: DeployInputs;
  /** The text of each input that is not its default, by name. */
  readonly texts: Readonly<Record<string, string>>;
};

/**
 * Reads the settings of a deployment.
 * @throws ActionError DRIFT as `readDeployInputs`
 */
export function readStatedDeployment(settings: string): StatedDeployment {
  return { inputs: readDeployInputs(settings, new Map()), texts: Object.fromEntries(decodeSettings(settings)) };
}

function decodeSettings(settings: string): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [name, text] of Object.entries(parseObject(settings))) {
    const shown = JSON.stringify(name.slice(0, 80));
    if (!keptRows.some((row) => row.name === name))
      throw createUnreadableError([`${shown} is not an input that is stored with a deployment`]);
    if (typeof text !== 'string') throw createUnreadableError([`${shown} holds ${typeof text}, expected text`]);
    texts.set(name, text);
  }
  try {
    parseDeployInputs(texts);
  } catch (error) {
    if (!hasCode(error, 'INPUT_INVALID')) throw error;
    throw createUnreadableError(error.details.violations.map(({ input, message }) => `${input}: ${message}`));
  }
  return texts;
}

function parseObject(settings: string): JsonRecord {
  let value: unknown;
  try {
    value = JSON.parse(settings);
  } catch {
    // The parser's own message quotes the text, whose content is unknown.
    throw createUnreadableError(['not JSON']);
  }
  if (!isRecord(value)) throw createUnreadableError(['not a JSON object']);
  return value;
}

function createUnreadableError(messages: readonly string[]): ActionError<'DRIFT'> {
  const reason = 'SettingsUnreadable';
  return new ActionError('DRIFT', `the settings stored with the deployment are unreadable: ${messages.join('; ')}`, {
    reason,
    hint: 'Run `command: deploy` with all inputs of this deployment. It stores the settings again.',
    details: { problems: messages.map((message) => ({ object: 'settings', reason, message })) },
  });
}
