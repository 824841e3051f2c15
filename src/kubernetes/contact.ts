/** What requests, watches and port-forwards of one connection know together of the API server's health. */
export type Contact = {
  /** A Kubernetes API server answered, whatever it answered. */
  readonly answered: () => void;
  /** No answer, or one of an API server that is not ready. */
  readonly failed: () => void;
  /** No answer at all. */
  readonly lost: () => void;
  readonly isMade: () => boolean;
  /**
   * Whether it failed a moment ago after having answered before. For some 50 ms after its start an API server knows
   * no Role yet and forbids what is granted (measured on 1.36), and no service account, whose token it then refuses.
   */
  readonly isRecovering: () => boolean;
  /** How long ago it last gave no answer, after having given one; undefined when it always did. */
  readonly lostAgoMs: () => number | undefined;
};

const RECOVERY_MS = 10_000;

/** `now` in milliseconds, monotonic. */
export function createContact(now: () => number): Contact {
  let isMade = false;
  let failedAt: number | undefined;
  let lostAt: number | undefined;
  return {
    answered: () => {
      isMade = true;
    },
    failed: () => {
      failedAt = now();
    },
    lost: () => {
      failedAt = now();
      if (isMade) lostAt = failedAt;
    },
    isMade: () => isMade,
    isRecovering: () => isMade && failedAt !== undefined && now() - failedAt < RECOVERY_MS,
    lostAgoMs: () => (lostAt === undefined ? undefined : now() - lostAt),
  };
}
