import { fail, type ServerResult } from './failure.ts';

/**
 * Runs `work` until it answers, `timeoutMs` pass (a `Timeout` failure) or `signal` aborts (its reason is thrown). In
 * the last two cases the signal given to `work` is aborted, and `work` closes what it opened. The timer keeps the
 * process alive: a stream that never answers must end in an error, not in a silent exit.
 */
export async function withDeadline<Value>(
  signal: AbortSignal,
  timeoutMs: number,
  what: string,
  work: (signal: AbortSignal) => Promise<ServerResult<Value>>,
): Promise<ServerResult<Value>> {
  signal.throwIfAborted();
  const ended = new AbortController();
  const { promise: interrupted, resolve, reject } = Promise.withResolvers<ServerResult<never>>();
  const cancel = () => {
    reject(signal.reason);
    ended.abort(signal.reason);
  };
  const timer = setTimeout(() => {
    resolve(fail('Timeout', `${what} took longer than ${timeoutMs} ms`));
    ended.abort(new DOMException(what, 'TimeoutError'));
  }, timeoutMs);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await Promise.race([interrupted, work(ended.signal)]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  }
}
