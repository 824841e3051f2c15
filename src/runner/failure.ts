import { ActionError, isActionError } from '../errors.ts';
import type { Runner } from './runner.ts';

const BUG_HINT =
  'This is a defect of the action. Run the job again with debug logging and report the stack trace of the debug log.';

/** Tells of a failed run: `result`, and one titled annotation with the cause and the next action. */
export function reportFailure(error: unknown, runner: Runner): void {
  const failure = isActionError(error) ? error : internal(error);
  for (let cause = failure.cause; Error.isError(cause); cause = cause.cause) {
    runner.debug(cause.stack ?? cause.message);
  }
  const title = failure.reason === undefined ? failure.code : `${failure.code} (${failure.reason})`;
  runner.error(title, `${failure.message}\n${failure.hint}`);
  runner.setOutput('result', failure.code === 'CANCELLED' ? 'cancelled' : 'failed');
}

function internal(cause: unknown): ActionError<'INTERNAL'> {
  const message = Error.isError(cause) ? `${cause.name}: ${cause.message}` : 'something that is no error was thrown';
  return new ActionError('INTERNAL', message, { hint: BUG_HINT, details: {}, cause });
}
