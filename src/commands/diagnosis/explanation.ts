import { ActionError } from '../../errors.ts';
import type { Diagnosis } from './diagnoser.ts';

/** A deadline that passed, with what was in the way then; every other failure tells its own cause. */
export function explained(failure: ActionError, server: string, diagnosis: Diagnosis | undefined): ActionError {
  if (diagnosis === undefined || ![failure.code, failure.reason ?? ''].some((each) => DEADLINES.includes(each))) {
    return failure;
  }
  const { code, message, reason, hint, details } = failure;
  if (diagnosis.isBlind) {
    return new ActionError('CLUSTER_UNREACHABLE', `${server} no longer answers: ${message}`, {
      reason: 'NoAnswer',
      hint: 'See whether the API server runs and is reached from here, then run the job again: it goes on where this one stopped.',
      details: { server },
      cause: failure,
    });
  }
  const [root] = diagnosis.causes;
  const isToldAlready = root === undefined || root.reason === reason;
  return isToldAlready
    ? failure
    : new ActionError(code, `${message}; in the way: ${root.message}`, {
        ...(reason === undefined ? {} : { reason }),
        // What is in the way now, another deploy would meet as well.
        hint: code === 'DRIFT' ? root.hint : `${root.hint} ${hint}`,
        details,
        cause: failure,
      });
}

/** `verify` looks for a while, too, and then says that servers differ. */
const DEADLINES: readonly string[] = ['WAIT_TIMEOUT', 'MESH_INCOMPLETE', 'ServersDiffer', 'ServersSilent'];
