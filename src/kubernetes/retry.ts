import { networkFailure } from './network-error.ts';
import { decodeStatus, isSchemaMismatch } from './status.ts';

/** How one attempt failed: an answer to come back later, or no answer at all. */
export type Failure =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfter: string | undefined;
      readonly body: unknown;
    }
  | { readonly kind: 'network'; readonly error: unknown };

/**
 * Whether the same request may succeed if sent again. A request that is not idempotent is only sent again when the
 * API server cannot have acted on it: it refused the connection or asked to come back (429).
 */
export function retryable(failure: Failure, idempotent: boolean): boolean {
  switch (failure.kind) {
    case 'status':
      if (failure.status === 500 && isSchemaMismatch(decodeStatus(failure.body))) return false;
      return failure.status === 429 || (idempotent && [500, 502, 503, 504].includes(failure.status));
    case 'network': {
      const cause = networkFailure(failure.error);
      if (cause === 'refused' || cause === 'unroutable') return true;
      // A resolver asks to come back with EAI_AGAIN; ENOTFOUND is an answer.
      if (cause === 'name') return JSON.stringify(codesOf(failure.error)).includes('EAI_AGAIN');
      return idempotent && (cause === 'reset' || cause === 'timeout');
    }
  }
}

const MAX_DELAY_MS = 30_000;

/** Doubles from 200 ms to 3.2 s, unless the API server says how long (Retry-After, RFC 9110 section 10.2.3, seconds). */
export function retryDelayMs(failure: Failure, attempt: number): number {
  if (failure.kind === 'status') {
    const told = decodeStatus(failure.body)?.details.retryAfterSeconds;
    const seconds = /^\d{1,4}$/.test(failure.retryAfter ?? '') ? Number(failure.retryAfter) : told;
    if (seconds !== undefined && seconds >= 0) return Math.min(seconds * 1000, MAX_DELAY_MS);
  }
  return 200 * 2 ** Math.min(attempt, 4);
}

function codesOf(error: unknown): readonly unknown[] {
  if (!Error.isError(error)) return [];
  return ['code' in error ? error.code : '', ...(Error.isError(error.cause) ? codesOf(error.cause) : [])];
}
