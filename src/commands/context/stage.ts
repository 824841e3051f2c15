import { ActionError, hasCode, isActionError } from '../../errors/action-error.ts';

/** The progress of a run, by its effect on the cluster. */
export type Stage = 'preflight' | 'lock' | 'apply' | 'wait' | 'prove' | 'smoke-test' | 'delete' | 'rollback';

/** The state in which a run leaves the cluster if it is stopped in a stage. */
const STATES: Readonly<Record<Stage, string>> = {
  preflight: 'before anything was changed',
  lock: 'while it waited for the lock of another run; nothing was changed',
  apply: 'while it applied objects; no server was reloaded or restarted yet',
  wait: 'during the rollout; some servers may not run the new revision yet',
  prove: 'after every server reached the new revision; only the security checks are missing',
  'smoke-test': 'during the smoke test; every server passed its checks before',
  delete: 'while it deleted objects; the next run deletes the rest',
  rollback: 'during the rollback to the last verified state',
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
      return 'security checks';
    case 'smoke-test':
      return 'smoke test';
  }
}

const PHASES: Readonly<Record<Stage, string>> = {
  preflight: 'preflight',
  lock: 'wait for the lock',
  apply: 'apply',
  wait: 'wait for the servers',
  prove: 'security checks',
  'smoke-test': 'smoke test',
  delete: 'delete',
  rollback: 'roll back',
};

/** Returns the name of a stage in the report. */
export function namePhase(stage: Stage): string {
  return PHASES[stage];
}

const ENDS: Readonly<Record<Stage, string>> = {
  preflight: 'before it changed anything',
  lock: 'while it waited for the lock',
  apply: 'while it applied objects',
  wait: 'while it waited for the servers',
  prove: 'during the security checks',
  'smoke-test': 'during the smoke test',
  delete: 'while it deleted objects',
  rollback: 'after it began a rollback',
};

/** Returns a sentence about the stage in which a run ended. */
export function describeEnd(stage: Stage): string {
  return `The run ended ${ENDS[stage]}.`;
}

/** Whether the cluster can stay as a cancelled run left it. */
const SAFETY: Readonly<Record<Stage, string>> = {
  preflight: 'yes. Nothing was changed.',
  lock: 'yes. Nothing was changed.',
  apply: 'yes. No server was restarted, but some objects may have their new content.',
  wait: 'yes. Servers of both revisions work together, but the rollout is not finished.',
  prove: 'yes. Every server runs the new revision, but the security checks are missing.',
  'smoke-test': 'yes. Every server passed its checks, but the smoke test did not end.',
  delete: 'yes. Some objects are deleted, and the rest is still there.',
  rollback: 'no. Servers may still run the revision that failed.',
};

/** Returns whether the cluster can stay as a cancelled run left it, with the state of the lock where the run had it. */
export function describeSafety(stage: Stage, command: string): string {
  const hadLock = stage !== 'preflight' && stage !== 'lock' && command !== 'verify' && command !== 'plan';
  return `${SAFETY[stage]}${hadLock ? ' The lock is released, or expires within 30 s.' : ''}`;
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
