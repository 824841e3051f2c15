import { ActionError } from '../../errors.ts';
import type { Diagnosis } from './diagnoser.ts';

/** Adds the root cause to the error of a deadline that passed. Every other failure states its own cause. */
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
        // Another deploy would meet the same cause.
        hint: code === 'DRIFT' ? root.hint : `${root.hint} ${hint}`,
        details,
        cause: failure,
      });
}

/**
 * The codes and reasons of a deadline that passed. `verify` also looks for a while, and then reports that servers
 * differ.
 */
const DEADLINES: readonly string[] = ['WAIT_TIMEOUT', 'MESH_INCOMPLETE', 'ServersDiffer', 'ServersSilent'];
