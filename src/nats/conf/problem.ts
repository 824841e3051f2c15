import type { ActionError, InputViolation } from '../../errors.ts';
import { inputInvalid } from '../../inputs/violations.ts';
import type { Position } from './value.ts';

/** Formats a position as `file:line:column`, as editors and compilers write it. */
function placeText({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

/** A problem at a place of the user's configuration. Neither text may repeat a value, because it can be a password. */
export type Problem = {
  /** The unexpected content, and what was expected. */
  readonly says: string;
  /** The instruction what to write instead. */
  readonly fix: string;
};

export function violationAt(input: string, position: Position, { says, fix }: Problem): InputViolation {
  const place = placeText(position);
  const { file, line, column } = position;
  return {
    input,
    message: `${place}: ${says}`,
    correction: `# ${place}: ${fix}`,
    at: { file, line, column },
  };
}

/** Builds the error for a problem that stops the reading of a file. */
export function unreadable(input: string, position: Position, problem: Problem): ActionError<'INPUT_INVALID'> {
  return inputInvalid([violationAt(input, position, problem)]);
}
