import process from 'node:process';
import { ActionError } from '../errors.ts';

/** The runner sends SIGINT, SIGTERM 7.5 s later, and kills after another 2.5 s (actions/runner, `ProcessInvoker.cs`). */
const GRACE_MS = 4_500;

/**
 * Aborts with CANCELLED when the process is told to stop. Whoever listens has a few seconds to reach a safe point;
 * then, or when it is told once more, the process ends by `stop`.
 */
export function cancellationSignal(stop: (reason: unknown) => void): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) return stop(controller.signal.reason);
      controller.abort(cancelled(signal));
      setTimeout(stop, GRACE_MS, controller.signal.reason).unref();
    });
  }
  return controller.signal;
}

function cancelled(signal: string): ActionError<'CANCELLED'> {
  return new ActionError('CANCELLED', `the run was cancelled by ${signal}`, {
    hint: 'Run the workflow again: a run that was stopped half-way is finished by the next one.',
    details: { signal },
  });
}
