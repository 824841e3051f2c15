import type { InputViolation } from '../errors.ts';
import { inputTable } from './table.ts';
import { exampleOf } from './violations.ts';
import { workflowLine } from './workflow-line.ts';

/** Returns the same violation without the value that it quotes. A violation without a quote stays unchanged. */
export function unquoted(violation: InputViolation): InputViolation {
  const row = inputTable.find(({ name }) => name === violation.input);
  if (row === undefined || !violation.message.startsWith('got "')) return violation;
  return {
    ...violation,
    message: `got a value that holds a secret, which is not shown here, expected ${row.grammar.expected}`,
    correction: workflowLine(row.name, exampleOf(row)),
  };
}
