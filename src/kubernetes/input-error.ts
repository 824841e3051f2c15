import { ActionError } from '../errors.ts';

/** One violated input, found only when its content was used. `expected` is what to write instead. */
export function inputError(
  input: string,
  message: string,
  expected: string,
  cause?: unknown,
): ActionError<'INPUT_INVALID'> {
  return new ActionError('INPUT_INVALID', `${message}.`, {
    hint: `Expected ${expected}.`,
    details: { violations: [{ input, message, correction: expected }] },
    cause,
  });
}
