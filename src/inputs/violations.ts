import { ActionError, type InputViolation } from '../errors.ts';
import type { Parsed } from './grammar.ts';
import type { Command, Row } from './row.ts';
import { closest } from './spelling.ts';
import { workflowLine } from './workflow-line.ts';

/** Builds the violation for a value that breaks the row's grammar. The value of a secret is never shown. */
export function refusedValue(
  row: Row<unknown>,
  text: string,
  parsed: Parsed<unknown> & { kind: 'refused' },
): InputViolation {
  const secret = row.grammar.secrets !== undefined;
  const got = secret ? 'a value not shown here' : quoted(text);
  const meant = secret ? undefined : parsed.suggestion;
  const misspelt = meant !== undefined && /^[a-z]/i.test(meant) && closest(text, [meant]) !== undefined;
  const hint = misspelt ? `; did you mean \`${meant}\`?` : '';
  return {
    input: row.name,
    message: `got ${got}, expected ${parsed.expected ?? row.grammar.expected}${hint}`,
    correction: workflowLine(row.name, meant ?? exampleOf(row)),
  };
}

/** Builds the violation for an input that the command does not read and whose value is not its default. */
export function unusedInput(row: Row<unknown>, command: Command): InputViolation {
  const owners = row.commands.map((owner) => `\`${owner}\``).join(', ');
  return {
    input: row.name,
    message: `\`command: ${command}\` does not use it; it belongs to ${owners}`,
    correction: `# remove \`${row.name}\``,
  };
}

/** Builds the violation for an unknown name that is spelt nearly like an input. */
export function misspeltName(written: string, value: string, row: Row<unknown>): InputViolation {
  const secret = row.grammar.secrets !== undefined;
  return {
    input: written,
    message: `unknown input; did you mean \`${row.name}\`?`,
    correction: workflowLine(row.name, secret ? exampleOf(row) : value),
  };
}

/** Builds one error for all violations; its hint is ready to paste below `with:`. */
export function inputInvalid(violations: readonly InputViolation[]): ActionError<'INPUT_INVALID'> {
  const count = violations.length === 1 ? '1 input is' : `${violations.length} inputs are`;
  const lines = violations.map(({ input, message }) => `  ${input}: ${message}`);
  const corrections = violations.flatMap(({ correction }) => correction.split('\n')).map((line) => `    ${line}`);
  return new ActionError('INPUT_INVALID', [`${count} invalid:`, ...lines].join('\n'), {
    hint: ['Correct the step:', '  with:', ...corrections].join('\n'),
    details: { violations },
  });
}

/** Returns the example for an input whose value cannot be guessed; for a secret, it is only a reference. */
export function exampleOf(row: Row<unknown>): string {
  if (row.grammar.secrets !== undefined) return `\${{ secrets.${row.name.toUpperCase().replaceAll('-', '_')} }}`;
  return row.default === '' ? row.grammar.example : row.default;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
