import { hasCode } from '../../../src/errors.ts';

/** The field named by the PKI_INVALID that `work` must fail with; anything else is a failed test. */
export async function refusedField(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (hasCode(error, 'PKI_INVALID')) return error.details.field;
    throw error;
  }
  return 'nothing refused';
}
