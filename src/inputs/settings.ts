import { ActionError, hasCode } from '../errors.ts';
import type { DeployInputs } from './inputs.ts';
import { givenText, parseDeployInputs, type RawInputs } from './parse.ts';
import { isKept } from './row.ts';
import { inputTable } from './table.ts';

const keptRows = inputTable.filter(isKept);

/**
 * What the other commands have to know of a `deploy`: the text of each input that describes the cluster and is not
 * its default, as JSON on one line, by name in alphabetical order. No secret is among them.
 */
export function settingsOf(raw: RawInputs): string {
  return kept(new Map(), raw);
}

/**
 * The settings of a deployment after a command that was given other ones.
 * @throws ActionError DRIFT as `deployInputsFrom`
 */
export function settingsWith(settings: string, given: RawInputs): string {
  return kept(storedTexts(settings), given);
}

function kept(known: ReadonlyMap<string, string>, given: RawInputs): string {
  const texts = keptRows.map((row) => [row.name, givenText(row, given) ?? known.get(row.name)] as const);
  const present = texts.filter(([, text]) => text !== undefined);
  return JSON.stringify(Object.fromEntries(present.toSorted(([left], [right]) => (left < right ? -1 : 1))));
}

/**
 * What `deploy` would be given to make the deployment as it is to be: the settings it keeps, and over them the texts
 * of the running command. Which cluster, how long, and what is allowed is said by the running command alone.
 * @throws ActionError DRIFT, reason SettingsUnreadable, when the settings are not what `settingsOf` writes
 * @throws ActionError INPUT_INVALID when what is given contradicts them
 */
export function deployInputsFrom(settings: string, given: RawInputs): DeployInputs {
  const texts = storedTexts(settings);
  for (const row of inputTable) {
    const text = givenText(row, given);
    if (text !== undefined && row.name !== 'command' && row.commands.includes('deploy')) texts.set(row.name, text);
  }
  return parseDeployInputs(texts);
}

export type StatedDeployment = {
  readonly inputs: DeployInputs;
  /** The text of each input that is not its default, by name. */
  readonly texts: Readonly<Record<string, string>>;
};

/**
 * What the settings of a deployment say.
 * @throws ActionError DRIFT as `deployInputsFrom`
 */
export function statedDeployment(settings: string): StatedDeployment {
  return { inputs: deployInputsFrom(settings, new Map()), texts: Object.fromEntries(storedTexts(settings)) };
}

function storedTexts(settings: string): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [name, text] of Object.entries(parsedObject(settings))) {
    const shown = JSON.stringify(name.slice(0, 80));
    if (!keptRows.some((row) => row.name === name)) throw unreadable([`${shown} is no input that a deployment keeps`]);
    if (typeof text !== 'string') throw unreadable([`${shown} holds ${typeof text}, expected text`]);
    texts.set(name, text);
  }
  try {
    parseDeployInputs(texts);
  } catch (error) {
    if (!hasCode(error, 'INPUT_INVALID')) throw error;
    throw unreadable(error.details.violations.map(({ input, message }) => `${input}: ${message}`));
  }
  return texts;
}

function parsedObject(settings: string): object {
  let value: unknown;
  try {
    value = JSON.parse(settings);
  } catch {
    // The parser's own message quotes the text, of which nothing is known.
    throw unreadable(['not JSON']);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable(['not a JSON object']);
  return value;
}

function unreadable(messages: readonly string[]): ActionError<'DRIFT'> {
  const reason = 'SettingsUnreadable';
  return new ActionError('DRIFT', `the settings kept with the deployment are unreadable: ${messages.join('; ')}`, {
    reason,
    hint: 'Run `command: deploy` again with the inputs of this deployment: it writes them anew.',
    details: { problems: messages.map((message) => ({ object: 'settings', reason, message })) },
  });
}
