import { hasCode } from '../../errors.ts';

/** What may not be read was not made by this Action: who does not use an option need not have the right to it. */
export async function permitted<Value>(reading: Promise<Value | undefined>): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (hasCode(error, 'FORBIDDEN')) {
      return undefined;
    }
    throw error;
  }
}
