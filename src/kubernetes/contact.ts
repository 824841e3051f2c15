/** The health of the API server, shared by the requests, watches and port-forwards of one connection. */
export type Contact = {
  /** Records that a Kubernetes API server answered, with any answer. */
  readonly answered: () => void;
  /** Records a missing answer, or the answer of an API server that is not ready. */
  readonly failed: () => void;
  readonly isMade: () => boolean;
  /**
   * Returns whether the API server failed a moment ago after it had answered before. During some 50 ms after its start,
   * an API server knows no Role and forbids granted requests (measured on 1.36). It also knows no service account and
   * refuses the account's token.
   */
  readonly isRecovering: () => boolean;
};

const RECOVERY_MS = 10_000;

/** Makes a contact without any answer yet. `now` returns monotonic milliseconds. */
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
