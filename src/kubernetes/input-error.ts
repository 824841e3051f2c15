import { ActionError } from '../errors.ts';

/**
 * Builds the error for one invalid input, found only when its content was used. `expected` is the text to write
 * instead.
 */
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
