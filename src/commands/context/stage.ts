import { ActionError, hasCode, isActionError } from '../../errors/action-error.ts';

/** The progress of a run, by its effect on the cluster. */
export type Stage = 'preflight' | 'lock' | 'apply' | 'wait' | 'prove' | 'smoke-test' | 'delete' | 'rollback';

/** The state in which a run leaves the cluster if it is stopped in a stage. */
const STATES: Readonly<Record<Stage, string>> = {
  preflight: 'before anything was changed',
  lock: 'while it waited for another run; nothing was changed',
  apply: 'while objects were applied; no server was reloaded or replaced by them yet',
  wait: 'while servers were brought to what is applied; every one runs either that or what it ran before',
  prove: 'when every server ran what is applied; only the last proofs are missing',
  'smoke-test': 'while the smoke test ran; every server was proved before',
  delete: 'while objects were deleted; what is left of them is deleted by the next run',
  rollback: 'while what was proved last was brought back',
};

/** Returns the title of the log section of a stage; undefined for lines that every reader should see. */
export function titleSection(stage: Stage): string | undefined {
  switch (stage) {
    case 'preflight':
    case 'lock':
    case 'delete':
    case 'rollback':
      return undefined;
    case 'apply':
      return 'apply';
    case 'wait':
      return 'wait for the servers';
    case 'prove':
      return 'prove from outside';
    case 'smoke-test':
      return 'smoke test';
  }
}

const PHASES: Readonly<Record<Stage, string>> = {
  preflight: 'look at what is there',
  lock: 'wait for the lock',
  apply: 'apply',
  wait: 'wait for the servers',
  prove: 'prove from outside',
  'smoke-test': 'smoke test',
  delete: 'delete',
  rollback: 'roll back',
};

/** Returns the name of a stage in the report. */
export function namePhase(stage: Stage): string {
  return PHASES[stage];
}

/** The signals that end a run, and the stage in which it ended. */
type End = {
  readonly cancelled: AbortSignal;
  readonly deadline: AbortSignal;
  readonly timeoutMs: number;
  readonly stage: Stage;
};

/** Returns the cancellation error, extended by the state in which the run left the cluster. */
function explainCancellation(stage: Stage, reason: unknown): unknown {
  if (!hasCode(reason, 'CANCELLED')) {
    return reason;
  }
  const { message, hint, details } = reason;
  return new ActionError('CANCELLED', `${message} ${STATES[stage]}`, { hint, details, cause: reason });
}

/**
 * Returns the reason of an abort instead of the error that the abort caused in the work in flight. An ActionError at
 * the deadline is kept, because the mesh gate has its own error for the deadline.
 */
export function explainAbort(error: unknown, { cancelled, deadline, timeoutMs, stage }: End): unknown {
  if (cancelled.aborted) {
    return explainCancellation(stage, cancelled.reason);
  }
  if (!deadline.aborted || isActionError(error)) {
    return error;
  }
  return new ActionError('WAIT_TIMEOUT', `the deadline of ${timeoutMs / 1000} s passed before all was proved`, {
    hint: 'Give a longer timeout, or look at why the API server is slow, and run the job again.',
    details: { problems: [] },
    cause: error,
  });
}
