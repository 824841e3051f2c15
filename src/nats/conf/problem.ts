import type { ActionError, InputViolation } from '../../errors.ts';
import { inputInvalid } from '../../inputs/violations.ts';
import type { Position } from './value.ts';

/** `file:line:column`, as editors and compilers write it. */
function placeText({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

/** What is wrong at a place of the user's configuration. Neither text may repeat a value: it can be a password. */
export type Problem = {
  /** What is there and what was expected. */
  readonly says: string;
  /** What to write instead. */
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

/** For what ends the reading of a file. */
export function unreadable(input: string, position: Position, problem: Problem): ActionError<'INPUT_INVALID'> {
  return inputInvalid([violationAt(input, position, problem)]);
}
