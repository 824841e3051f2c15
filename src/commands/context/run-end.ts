import { ActionError, hasCode, isActionError } from '../../errors/action-error.ts';
import { PLUGIN_HINT } from '../../kubernetes/credential-plugin.ts';
import type { CredentialSource } from '../../kubernetes/credentials.ts';
import type { Stage } from './waiting.ts';

/** The state in which a run leaves the cluster if it is stopped in a stage. */
const STATES: Readonly<Record<Stage, string>> = {
  preflight: 'before anything was changed',
  lock: 'while it waited for the lock of another run; nothing was changed',
  apply: 'while it applied objects; no server was reloaded or restarted yet',
  wait: 'during the rollout; some servers may not run the new revision yet',
  verify: 'after every server reached the new revision; only the security checks are missing',
  'smoke-test': 'during the smoke test; every server passed its checks before',
  delete: 'while it deleted objects; the next run deletes the rest',
  rollback: 'during the rollback to the last verified state',
};

const ENDS: Readonly<Record<Stage, string>> = {
  preflight: 'before it changed anything',
  lock: 'while it waited for the lock',
  apply: 'while it applied objects',
  wait: 'while it waited for the servers',
  verify: 'during the security checks',
  'smoke-test': 'during the smoke test',
  delete: 'while it deleted objects',
  rollback: 'after it began a rollback',
};

/** Returns a sentence about the stage in which a run ended. */
export function describeEnd(stage: Stage, changed: readonly string[]): string {
  return `The run ended ${describeEarlyEnd(stage, changed) ?? ENDS[stage]}.`;
}

/** Checks whether the run created its namespace, which comes before the lock, and changed nothing else. */
function hasCreatedOnly(stage: Stage, changed: readonly string[]): boolean {
  return (stage === 'preflight' || stage === 'lock') && changed.length > 0;
}

function describeEarlyEnd(stage: Stage, changed: readonly string[]): string | undefined {
  if (!hasCreatedOnly(stage, changed)) return undefined;
  return `after it created ${changed.join(', ')} and before it changed anything else`;
}

/** Whether the cluster can stay as a cancelled run left it. */
const SAFETY: Readonly<Record<Stage, string>> = {
  preflight: 'yes. Nothing was changed.',
  lock: 'yes. Nothing was changed.',
  apply: 'yes. No server was restarted, but some objects may have their new content.',
  wait: 'yes. Servers of both revisions work together, but the rollout is not finished.',
  verify: 'yes. Every server runs the new revision, but the security checks are missing.',
  'smoke-test': 'yes. Every server passed its checks, but the smoke test did not end.',
  delete: 'yes. Some objects are deleted, and the rest is still there.',
  rollback: 'no. Servers may still run the revision that failed.',
};

/** The answers that differ from `SAFETY` in a first deployment, in which only one revision runs. */
const FIRST_SAFETY: Readonly<Partial<Record<Stage, string>>> = {
  apply: 'yes. This is the first deployment, and some objects may be missing.',
  wait: 'yes. This is the first deployment, so only one revision runs, but the rollout is not finished.',
};

/** The parts of a run that decide whether the cluster can stay as the run left it. */
type LeftBehind = {
  readonly command: string;
  /** Whether no server ran before the run. */
  readonly isFirst: boolean;
  /** The objects that the run changed, as `Kind/name`. */
  readonly changed: readonly string[];
};

/**
 * Returns a sentence about whether the cluster can stay as a cancelled run left it. The sentence mentions the lock if
 * the run held it.
 */
export function describeSafety(stage: Stage, { command, isFirst, changed }: LeftBehind): string {
  if (hasCreatedOnly(stage, changed)) return `yes. The run created ${changed.join(', ')} and changed nothing else.`;
  const hadLock = stage !== 'preflight' && stage !== 'lock' && command !== 'verify' && command !== 'plan';
  const safety = (isFirst ? FIRST_SAFETY[stage] : undefined) ?? SAFETY[stage];
  return `${safety}${hadLock ? ' The lock is released, or expires within 30 s.' : ''}`;
}

/** Returns the state in which a run leaves the cluster if it is stopped in a stage; `changed` lists `Kind/name`. */
function describeState(stage: Stage, changed: readonly string[]): string {
  return describeEarlyEnd(stage, changed) ?? STATES[stage];
}

/** The signals that end a run, and the stage in which it ended. */
type End = {
  readonly cancelled: AbortSignal;
  readonly deadline: AbortSignal;
  readonly timeoutMs: number;
  readonly stage: Stage;
  /** The objects that the run changed, as `Kind/name`. */
  readonly changed: readonly string[];
  readonly credentials: CredentialSource;
};

/** Returns the cancellation error, extended by the state in which the run left the cluster. */
function explainCancellation({ stage, changed }: Pick<End, 'stage' | 'changed'>, reason: unknown): unknown {
  if (!hasCode(reason, 'CANCELLED')) {
    return reason;
  }
  const { message, hint, details } = reason;
  return new ActionError('CANCELLED', `${message} ${describeState(stage, changed)}`, { hint, details, cause: reason });
}

/**
 * Returns the reason of an abort instead of the error that the abort caused in a pending request. At the deadline, an
 * ActionError is kept, because the mesh gate builds its own error for the deadline. WAIT_TIMEOUT is replaced while a
 * credential plugin still runs, because no request can be sent without its credentials.
 */
export function explainAbort(error: unknown, { cancelled, deadline, timeoutMs, credentials, ...end }: End): unknown {
  if (cancelled.aborted) {
    return explainCancellation(end, cancelled.reason);
  }
  if (!deadline.aborted || (isActionError(error) && error.code !== 'WAIT_TIMEOUT')) {
    return error;
  }
  if (credentials.kind === 'plugin' && credentials.isRunning()) {
    return createPluginError(credentials.command, timeoutMs, error);
  }
  if (isActionError(error)) {
    return error;
  }
  return new ActionError('WAIT_TIMEOUT', `the deadline of ${timeoutMs / 1000} s passed before every check had passed`, {
    hint: 'Set a longer `timeout`, or find out why the API server is slow, and run the job again.',
    details: { problems: [] },
    cause: error,
  });
}

function createPluginError(command: string, timeoutMs: number, cause: unknown): ActionError<'WAIT_TIMEOUT'> {
  const message = `the deadline of ${timeoutMs / 1000} s passed while the credential plugin ${command} of the kubeconfig was running`;
  return new ActionError('WAIT_TIMEOUT', message, {
    reason: 'CredentialPlugin',
    hint: PLUGIN_HINT,
    details: { problems: [] },
    cause,
  });
}
