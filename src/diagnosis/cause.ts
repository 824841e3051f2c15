import type { ErrorCode } from '../errors.ts';

export type CauseCode = Extract<ErrorCode, 'ROLLOUT_STALLED' | 'APPLY_REJECTED' | 'PKI_INVALID' | 'MESH_INCOMPLETE'>;

/** Why a deployment does not get on. */
export type Cause = {
  readonly code: CauseCode;
  /** In CamelCase, for example `ImageNotFound`. */
  readonly reason: string;
  /** `Pod/nats-1`, or `nats-0 → nats-1`. */
  readonly object: string;
  /** What, where, got and expected. */
  readonly message: string;
  /** Lines of logs, events and statuses as they were. */
  readonly evidence: readonly string[];
  /** The next action. */
  readonly hint: string;
  /** Waiting cannot heal it. */
  readonly fatal: boolean;
  /** How long it must have been seen before that is certain. */
  readonly patienceMs: number;
};

const LINE_CHARS = 700;

/** One line, not longer than a reader takes in. */
export function brief(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= LINE_CHARS ? line : `${line.slice(0, LINE_CHARS - 1)}…`;
}
