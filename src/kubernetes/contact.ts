/** What requests, watches and port-forwards of one connection know together of the API server's health. */
export type Contact = {
  /** A Kubernetes API server answered, whatever it answered. */
  readonly answered: () => void;
  /** No answer, or one of an API server that is not ready. */
  readonly failed: () => void;
  readonly isMade: () => boolean;
  /**
   * Whether it failed a moment ago after having answered before. For some 50 ms after its start an API server knows
   * no Role yet and forbids what is granted (measured on 1.36), and no service account, whose token it then refuses.
   */
  readonly isRecovering: () => boolean;
};

const RECOVERY_MS = 10_000;

/** `now` in milliseconds, monotonic. */
export function createContact(now: () => number): Contact {
  let isMade = false;
  let failedAt: number | undefined;
  return {
    answered: () => {
      isMade = true;
    },
    failed: () => {
      failedAt = now();
    },
    isMade: () => isMade,
    isRecovering: () => isMade && failedAt !== undefined && now() - failedAt < RECOVERY_MS,
  };
}
