import { networkFailure } from './network-error.ts';
import { decodeStatus, isSchemaMismatch } from './status.ts';

/** The failure of one attempt: an answer with an error status, or no answer at all. */
export type Failure =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfter: string | undefined;
      readonly body: unknown;
    }
  | { readonly kind: 'network'; readonly error: unknown };

/**
 * Checks whether the same request may succeed if sent again. A request that is not idempotent is only sent again if the
 * API server cannot have acted on it: the connection was refused or had no route, the name was not resolved, or the API
 * server asked to come back (429).
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

/** The time for an address that never answered, which is more likely wrong than restarting. */
const FIRST_CONTACT_MS = 4_000;
/** The time for an API server that answered before: that of a restart or failover. */
const OUTAGE_MS = 60_000;
/**
 * The time for a webhook without a running pod, or an error inside of the API server: short, because such a fault may
 * be permanent.
 */
const FAULT_MS = 4_000;
/**
 * The messages with which the API server answers 500 while its store elects a leader or the connection to the store is
 * lost.
 */
const STORE = /etcdserver|etcd|leader changed|rpc error|deadline exceeded|timeout|connection (refused|reset)/i;

/** Returns the time for repeating a request, from its first attempt on, after a failure that is retryable. */
export function retryBudgetMs(failure: Failure, isContactMade: boolean): number {
  if (failure.kind === 'network') return isContactMade ? OUTAGE_MS : FIRST_CONTACT_MS;
  if (failure.status !== 500) return OUTAGE_MS;
  const said = decodeStatus(failure.body)?.message ?? '';
  return STORE.test(said) && !/webhook/.test(said) ? OUTAGE_MS : FAULT_MS;
}

/**
 * Checks whether the API server refused the request (401 or 403). One that has just started may refuse a request that
 * it grants a moment later (`Contact`).
 */
export function isRefusal(failure: Failure): boolean {
  return failure.kind === 'status' && (failure.status === 401 || failure.status === 403);
}

const MAX_DELAY_MS = 30_000;

/**
 * Returns the delay before the next attempt. It doubles from 200 ms to 3.2 s, unless the API server sets it
 * (Retry-After, RFC 9110 section 10.2.3, seconds).
 */
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
