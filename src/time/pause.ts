type PauseOptions = {
  /** Whether the timer keeps the process alive; true by default. */
  readonly keepsAlive?: boolean;
};

/**
 * Waits. If `signal` is aborted, the wait ends and throws the signal's reason. It calls the global `setTimeout`, which
 * a test can replace.
 */
export async function pause(
  delayMs: number,
  signal?: AbortSignal,
  { keepsAlive = true }: PauseOptions = {},
): Promise<void> {
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = (): void => reject(signal?.reason);
  const timer = setTimeout(resolve, delayMs);
  if (!keepsAlive) timer.unref();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}
