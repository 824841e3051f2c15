import { derivePreviewName, isDeploymentName } from '../cluster/preview.ts';
import type { InputViolation } from '../errors/action-error.ts';
import type { KnownSecret } from '../secrets/masks.ts';
import { findContradictions } from './contradictions.ts';
import { type Command, isKept, type Row, type ValueOf } from './grammar/row.ts';
import {
  createInputError,
  findClosest,
  findExample,
  formatWorkflowLine,
  refuseMisspeltName,
  refuseUnusedInput,
  refuseValue,
} from './grammar/violations.ts';
import { type DeployInputs, type Inputs, inputTable, readers } from './inputs.ts';
import { previewRows } from './rows/preview.ts';
import { reportRows } from './rows/report.ts';
import { targetRows } from './rows/target.ts';

/** The texts from the workflow, by lower-case input name. */
export type RawInputs = ReadonlyMap<string, string>;

/**
 * Parses strings to typed inputs. The empty string means absent. Unknown names are ignored, unless they resemble the
 * name of an input.
 * @throws ActionError INPUT_INVALID with every violation
 */
export function parseInputs(raw: RawInputs): Inputs {
  const given = trimTexts(raw);
  const valueOf = createValueReader(given);
  return checkInputs(readers[valueOf(targetRows.command)](valueOf), given);
}

/**
 * Parses the inputs as those of `deploy`, independent of `command`.
 * @throws ActionError INPUT_INVALID with every violation
 */
export function parseDeployInputs(raw: RawInputs): DeployInputs {
  const given = trimTexts(raw);
  return checkInputs(readers.deploy(createValueReader(given)), given);
}

/**
 * Checks whether the run writes a job summary. If the input `summary` is invalid, its default counts, because a run
 * with invalid inputs writes a summary too.
 */
export function wantsSummary(raw: RawInputs): boolean {
  return createValueReader(trimTexts(raw))(reportRows.summary);
}

/**
 * Returns the text of a given input. An input that is empty or equal to its default counts as absent, because the
 * runner passes every default of action.yml.
 */
export function readGivenText(row: Row<unknown>, raw: RawInputs): string | undefined {
  const text = raw.get(row.name)?.trim() ?? '';
  return text === '' || text === row.default ? undefined : text;
}

function createValueReader(given: RawInputs): ValueOf {
  return (row) => {
    const text = given.get(row.name);
    const parsed = text === undefined ? undefined : row.grammar.parse(text);
    return parsed?.kind === 'accepted' ? parsed.value : row.absent;
  };
}

function checkInputs<Read extends Inputs>(inputs: Read, given: RawInputs): Read {
  const single = [...findMisspeltNames(given), ...inputTable.flatMap((row) => checkRow(row, given, inputs.command))];
  const wrong = new Set(single.map(({ input }) => input));
  const isGiven = (row: Row<unknown>): boolean => readGivenText(row, given) !== undefined;
  // If the command did not get an input that is stored with the deployment, its value is not known yet. The
  // contradiction is checked later, with the stored settings.
  const isKnown = (row: Row<unknown>): boolean => 'replicas' in inputs || isGiven(row) || !isKept(row);
  const combined = findContradictions(inputs, isGiven)
    .filter(({ involves }) => involves.every((row) => isKnown(row) && !wrong.has(row.name)))
    .map(({ violation }) => violation);
  const violations = [...single, ...combined];
  if (violations.length > 0) throw createInputError(violations);
  return inputs;
}

/**
 * Returns every secret among the inputs, valid or not, so that the caller can mask it before anything is printed. It
 * also finds secrets of inputs with a misspelt name.
 */
export function findInputSecrets(raw: RawInputs): readonly KnownSecret[] {
  return [...trimTexts(raw)].flatMap(([name, text]) => {
    const secrets = findMeantRow(name)?.grammar.secrets?.(text) ?? [];
    return secrets.map((secret) => ({ text: secret, source: name }));
  });
}

function trimTexts(raw: RawInputs): RawInputs {
  return new Map([...raw].map(([name, text]) => [name, text.trim()] as const).filter(([, text]) => text !== ''));
}

function checkRow(row: Row<unknown>, given: RawInputs, command: Command): readonly InputViolation[] {
  const text = readGivenText(row, given);
  if (text === undefined) return [];
  const parsed = row.grammar.parse(text);
  if (parsed.kind === 'refused') return parsed.violations ?? [refuseValue(row, text, parsed)];
  return row.commands.includes(command) ? [] : [refuseUnusedInput(row, command)];
}

function findMisspeltNames(given: RawInputs): readonly InputViolation[] {
  return [...given].flatMap(([written, value]) => {
    const row = findMeantRow(written);
    return row === undefined || row.name === written ? [] : [refuseMisspeltName(written, value, row)];
  });
}

/** Returns the input with this name, or else the input with a similar name. */
function findMeantRow(written: string): Row<unknown> | undefined {
  const names = inputTable.map(({ name }) => name);
  const meant = names.find((name) => name === written) ?? findClosest(written, names);
  return inputTable.find(({ name }) => name === meant);
}

/** The commands that accept the same `name` as `deploy` did, even if it is not a valid object name. */
const FINDING: readonly string[] = ['verify', 'rotate', 'delete'];

/**
 * Returns the inputs with the name of a preview in place of an invalid `name`. `deploy` can use such a name only with
 * `ttl`: otherwise the name stays unchanged, and is refused later.
 */
export function deriveName(raw: RawInputs): RawInputs {
  const text = raw.get(targetRows.name.name)?.trim() ?? '';
  const isPreview = (raw.get(previewRows.ttl.name)?.trim() ?? '') !== '';
  const isFinding = FINDING.includes(raw.get(targetRows.command.name)?.trim() ?? '');
  const derived =
    text !== '' && !isDeploymentName(text) && (isPreview || isFinding) ? derivePreviewName(text) : undefined;
  return derived === undefined ? raw : new Map([...raw, [targetRows.name.name, derived]]);
}

/** Returns the same violation without the value that it quotes. A violation without a quote stays unchanged. */
export function hideQuotedValue(violation: InputViolation): InputViolation {
  const row = inputTable.find(({ name }) => name === violation.input);
  if (row === undefined || !violation.message.startsWith('got "')) return violation;
  return {
    ...violation,
    message: `got a value that holds a secret, which is not shown here, expected ${row.grammar.expected}`,
    correction: formatWorkflowLine(row.name, findExample(row)),
  };
}
