import process from 'node:process';
import { ActionError } from '../errors/action-error.ts';

/**
 * The time for a clean stop. The runner sends SIGINT, sends SIGTERM 7.5 s later, and kills after another 2.5 s
 * (actions/runner, `ProcessInvoker.cs`).
 */
const GRACE_MS = 4_500;

/**
 * Returns a signal that is aborted with CANCELLED when the process receives SIGINT or SIGTERM. Listeners have a few
 * seconds to reach a safe point. After that time, or at a second signal, `stop` ends the process.
 */
export function createCancellationSignal(stop: (reason: unknown) => void): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) return stop(controller.signal.reason);
      controller.abort(createCancelledError(signal));
      setTimeout(stop, GRACE_MS, controller.signal.reason).unref();
    });
  }
  return controller.signal;
}

function createCancelledError(signal: string): ActionError<'CANCELLED'> {
  return new ActionError('CANCELLED', `the run was cancelled by ${signal}`, {
    hint: 'Run the workflow again: a run that was stopped half-way is finished by the next one.',
    details: { signal },
  });
}
