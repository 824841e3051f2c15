import { ActionError, type ObjectProblem } from '../../errors/action-error.ts';
import type { PostponedIssue } from './issuance.ts';

/**
 * Returns the error about certificates that cannot be issued as the inputs ask before `computeNextPhaseTime`: the key of their CA
 * is not available, and clients do not trust the next CA yet.
 */
export function postponedError(
  postponed: readonly PostponedIssue[],
  goesOnAt: Date | undefined,
): ActionError<'CHANGE_FORBIDDEN'> {
  const problems = listPostponed(postponed);
  const until = goesOnAt === undefined ? 'before the new CA signs' : `before ${goesOnAt.toISOString()}`;
  const message = `${problems.map((problem) => problem.message).join('; ')}. It cannot be issued ${until}: the key of the present CA is not available, and clients are still learning to trust the new CA (rotation phase trust-both)`;
  return new ActionError('CHANGE_FORBIDDEN', message, {
    reason: 'CertificatePostponed',
    hint: HINT,
    details: { problems },
  });
}

/** Returns one problem for each certificate that is kept although the inputs ask for another one. */
export function listPostponed(postponed: readonly PostponedIssue[]): readonly ObjectProblem[] {
  return postponed.map(({ name, message }) => {
    return { object: name, reason: 'CertificatePostponed', message: `${name} ${message}` };
  });
}

const HINT =
  'Nothing was changed. Choose one: run the job again after that time; or, if the present CA is your own, give its `ca-certificate` and `ca-private-key`; or run the job with `ca-overlap: 0s` (and with `ca-certificate` and `ca-private-key` of the new CA, if that one is your own), which disconnects clients that have not read the new `ca.crt` from the client Secret yet.';
