import { ActionError, type InputViolation } from '../../errors/action-error.ts';
import type { Command, Parsed, Row } from './row.ts';

/**
 * Returns the candidate that `word` was probably meant to be: at most one edit away for short words, two for longer
 * ones (an edit inserts, drops, replaces or swaps neighbouring characters), case and `_` for `-` not counted.
 */
export function findClosest<Word extends string>(word: string, candidates: readonly Word[]): Word | undefined {
  const written = normalizeWord(word);
  const allowed = written.length <= 5 ? 1 : 2;
  let best: { readonly candidate: Word; readonly edits: number } | undefined;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - written.length) > allowed) continue;
    const edits = measureEditDistance(written, normalizeWord(candidate));
    if (edits <= allowed && (best === undefined || edits < best.edits)) best = { candidate, edits };
  }
  return best?.candidate;
}

function normalizeWord(word: string): string {
  return word.toLowerCase().replaceAll('_', '-');
}

/** Computes the optimal string alignment distance. */
function measureEditDistance(left: string, right: string): number {
  let beforePrevious: readonly number[] = [];
  let previous: readonly number[] = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      const swapped = row > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      current.push(
        Math.min(
          readCell(previous, column) + 1,
          readCell(current, column - 1) + 1,
          readCell(previous, column - 1) + (same ? 0 : 1),
          swapped ? readCell(beforePrevious, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    beforePrevious = previous;
    previous = current;
  }
  return readCell(previous, right.length);
}

function readCell(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}

/** Formats a line of a workflow's `with:`, quoted only where YAML needs it; several lines of text become a block. */
export function formatWorkflowLine(name: string, value: string): string {
  if (value.includes('\n')) return [`${name}: |`, ...value.split('\n').map((line) => `  ${line}`)].join('\n');
  const plain = /^[A-Za-z0-9/][\w./:+,@ -]*$/.test(value) && !/: |:$| $/.test(value);
  const expression = /^\$\{\{[^{}]*\}\}$/.test(value);
  return `${name}: ${plain || expression ? value : `'${value.replaceAll("'", "''")}'`}`;
}

/** Builds the violation for a value that breaks the row's grammar. The value of a secret is never shown. */
export function refuseValue(
  row: Row<unknown>,
  text: string,
  parsed: Parsed<unknown> & { kind: 'refused' },
): InputViolation {
  const secret = row.grammar.secrets !== undefined;
  const got = secret ? 'a value not shown here' : quoteText(text);
  const meant = secret ? undefined : parsed.suggestion;
  const misspelt = meant !== undefined && /^[a-z]/i.test(meant) && findClosest(text, [meant]) !== undefined;
  const hint = misspelt ? `; did you mean \`${meant}\`?` : '';
  return {
    input: row.name,
    message: `got ${got}, expected ${parsed.expected ?? row.grammar.expected}${hint}`,
    correction: formatWorkflowLine(row.name, meant ?? findExample(row)),
  };
}

/** Builds the violation for an input that the command does not read and whose value is not its default. */
export function refuseUnusedInput(row: Row<unknown>, command: Command): InputViolation {
  const owners = row.commands.map((owner) => `\`${owner}\``).join(', ');
  return {
    input: row.name,
    message: `\`command: ${command}\` does not use it; it belongs to ${owners}`,
    correction: `# remove \`${row.name}\``,
  };
}

/** Builds the violation for an unknown name that is spelt nearly like an input. */
export function refuseMisspeltName(written: string, value: string, row: Row<unknown>): InputViolation {
  const secret = row.grammar.secrets !== undefined;
  return {
    input: written,
    message: `unknown input; did you mean \`${row.name}\`?`,
    correction: formatWorkflowLine(row.name, secret ? findExample(row) : value),
  };
}

/** Builds one error for all violations; its hint is ready to paste below `with:`. */
export function createInputError(violations: readonly InputViolation[]): ActionError<'INPUT_INVALID'> {
  const count = violations.length === 1 ? '1 input is' : `${violations.length} inputs are`;
  const lines = violations.map(({ input, message }) => `  ${input}: ${message}`);
  // Two inputs that contradict each other can have the same correction.
  const corrections = [...new Set(violations.map(({ correction }) => correction))]
    .flatMap((correction) => correction.split('\n'))
    .map((line) => `    ${line}`);
  return new ActionError('INPUT_INVALID', [`${count} invalid:`, ...lines].join('\n'), {
    hint: ['Correct the step:', '  with:', ...corrections].join('\n'),
    details: { violations },
  });
}

/** Returns the example for an input whose value cannot be guessed; for a secret, it is only a reference. */
export function findExample(row: Row<unknown>): string {
  if (row.grammar.secrets !== undefined) return `\${{ secrets.${row.name.toUpperCase().replaceAll('-', '_')} }}`;
  return row.default === '' ? row.grammar.example : row.default;
}

function quoteText(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
