import type { ErrorCode } from '../errors.ts';

export type CauseCode = Extract<ErrorCode, 'ROLLOUT_STALLED' | 'APPLY_REJECTED' | 'PKI_INVALID' | 'MESH_INCOMPLETE'>;

/** The reason why a deployment makes no progress. */
export type Cause = {
  readonly code: CauseCode;
  /** The reason in CamelCase, for example `ImageNotFound`. */
  readonly reason: string;
  /** The object, for example `Pod/nats-1` or `nats-0 → nats-1`. */
  readonly object: string;
  /** The problem, the place, the value and the expected value. */
  readonly message: string;
  /** The relevant lines of logs, events and statuses, as written. */
  readonly evidence: readonly string[];
  /** The next action. */
  readonly hint: string;
  /** Whether waiting cannot resolve the cause. */
  readonly fatal: boolean;
  /** The time in milliseconds for which the cause must be seen before it is certain. */
  readonly patienceMs: number;
};

const LINE_CHARS = 700;

/** Returns the text on one line, shortened to a length that a reader can take in. */
export function brief(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= LINE_CHARS ? line : `${line.slice(0, LINE_CHARS - 1)}…`;
}
