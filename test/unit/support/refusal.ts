import { hasCode } from '../../../src/errors/action-error.ts';

/** Returns the field named by the PKI_INVALID with which `work` must fail; any other result fails the test. */
export async function refusedField(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (hasCode(error, 'PKI_INVALID')) return error.details.field;
    throw error;
  }
  return 'nothing refused';
}

/** Returns the name of the error that `work` throws: `Error` for a plain one, `TypeError` for a mistake of the code. */
export function errorNameOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return Error.isError(error) ? error.name : 'not an error';
  }
  return 'nothing refused';
}
