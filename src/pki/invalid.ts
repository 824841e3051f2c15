import { ActionError } from '../errors.ts';

/** A weakness of a readable certificate or key, because of which no TLS peer should accept it. */
export type Weakness = 'WeakSignature' | 'WeakKey';

/** Builds a PKI_INVALID error about one field: an input, a Secret's key, or a part of a certificate to be issued. */
export function pkiInvalid(
  field: string,
  problem: string,
  hint: string,
  cause?: unknown,
  reason?: Weakness,
): ActionError<'PKI_INVALID'> {
  const fields = { hint, details: { field }, cause };
  return new ActionError('PKI_INVALID', `${field}: ${problem}`, reason === undefined ? fields : { ...fields, reason });
}
