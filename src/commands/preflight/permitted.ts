import { hasCode } from '../../errors.ts';

/**
 * Returns undefined when reading is forbidden. An object that may not be read was not made by this Action: credentials
 * need rights only for the options in use.
 */
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
