import { ActionError, isActionError } from '../../errors.ts';

/**
 * Returns the failure with the outcome of undoing its cause. Returns an error that is not an `ActionError` as it is.
 */
export function withOutcome<Failure>(failure: Failure, outcome: string): Failure | ActionError {
  if (!isActionError(failure)) return failure;
  const { code, message, reason, hint, details, cause } = failure;
  const fields = { hint, details, cause, ...(reason === undefined ? {} : { reason }) };
  return new ActionError(code, `${message}; ${outcome}`, fields);
}
