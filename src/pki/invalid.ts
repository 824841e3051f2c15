import { ActionError } from '../errors.ts';

/** A PKI_INVALID error about one field: an input, a Secret's key, or a part of a certificate to be issued. */
export function pkiInvalid(field: string, problem: string, hint: string, cause?: unknown): ActionError<'PKI_INVALID'> {
  return new ActionError('PKI_INVALID', `${field}: ${problem}`, { hint, details: { field }, cause });
}
