import type { InputViolation } from '../errors.ts';
import { type Inputs, readers } from './inputs.ts';
import type { Row, ValueOf } from './row.ts';
import { targetRows } from './rows/target.ts';
import { closest } from './spelling.ts';
import { inputTable } from './table.ts';
import { contradictions, inputInvalid, misspeltName, refusedValue, unusedInput } from './violations.ts';

/** Texts as the workflow gave them, by lower-case input name. */
export type RawInputs = ReadonlyMap<string, string>;

/**
 * Strings → typed inputs. The empty string means absent. Names that resemble none of ours are not looked at.
 * @throws ActionError INPUT_INVALID with every violation
 */
export function parseInputs(raw: RawInputs): Inputs {
  const given = trimmed(raw);
  const valueOf: ValueOf = (row) => {
    const text = given.get(row.name);
    const parsed = text === undefined ? undefined : row.grammar.parse(text);
    return parsed?.kind === 'accepted' ? parsed.value : row.absent;
  };
  const inputs = readers[valueOf(targetRows.command)](valueOf);

  const single = [...misspeltNames(given), ...inputTable.flatMap((row) => violationOf(row, given, inputs))];
  const wrong = new Set(single.map(({ input }) => input));
  const combined = contradictions(inputs)
    .filter(({ involves }) => !involves.some((name) => wrong.has(name)))
    .map(({ input, message, correction }) => ({ input, message, correction }));
  const violations = [...single, ...combined];
  if (violations.length > 0) throw inputInvalid(violations);
  return inputs;
}

/** Every secret among the inputs, valid or not, so that it can be masked before anything is printed. */
export function secretsIn(raw: RawInputs): readonly string[] {
  const given = trimmed(raw);
  return inputTable.flatMap((row) => {
    const text = given.get(row.name);
    return text === undefined ? [] : (row.grammar.secrets?.(text) ?? []);
  });
}

function trimmed(raw: RawInputs): RawInputs {
  return new Map([...raw].map(([name, text]) => [name, text.trim()] as const).filter(([, text]) => text !== ''));
}

function violationOf(row: Row<unknown>, given: RawInputs, inputs: Inputs): readonly InputViolation[] {
  const text = given.get(row.name);
  if (text === undefined || text === row.default) return [];
  const parsed = row.grammar.parse(text);
  if (parsed.kind === 'refused') return [refusedValue(row, text, parsed)];
  return row.commands.includes(inputs.command) ? [] : [unusedInput(row, inputs.command)];
}

function misspeltNames(given: RawInputs): readonly InputViolation[] {
  const names = inputTable.map(({ name }) => name);
  return [...given].flatMap(([written, value]) => {
    if (names.includes(written)) return [];
    const meant = closest(written, names);
    const row = inputTable.find(({ name }) => name === meant);
    return row === undefined ? [] : [misspeltName(written, value, row)];
  });
}
