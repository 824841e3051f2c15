import { integerOf, isRecord, recordOf, recordsOf, textOf } from '../objects/json.ts';
import { markForeignText } from '../secrets/likely-secrets.ts';
import { classifyNetworkFailure } from './network-error.ts';

/**
 * Returns the result of work that cannot be aborted, or throws the reason of `signal` at once. The work then continues,
 * and its result is dropped.
 */
export async function raceAbort<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return await work;
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

export type StatusCause = { readonly reason: string; readonly message: string; readonly field: string };

/** The length at which a message is cut. An admission webhook may quote the whole object that it refuses. */
const MAX_MESSAGE = 8192;
const MAX_CAUSES = 100;

/** The API server's error body (Kubernetes API reference, meta/v1 Status). */
export type Status = {
  readonly code: number | undefined;
  readonly reason: string;
  readonly message: string;
  readonly details: {
    readonly name: string | undefined;
    readonly group: string;
    /** The field is named kind on the wire, though it usually holds the plural resource: `namespaces`. */
    readonly kind: string | undefined;
    readonly causes: readonly StatusCause[];
    readonly retryAfterSeconds: number | undefined;
  };
};

/** Decodes a Status; undefined for any other body, such as a proxy's HTML page. */
export function decodeStatus(body: unknown): Status | undefined {
  if (!isRecord(body) || body['kind'] !== 'Status') return undefined;
  const details = recordOf(body['details']);
  return {
    code: integerOf(body['code']),
    reason: textOf(body['reason']) ?? '',
    message: markForeignText(textOf(body['message']) ?? '', MAX_MESSAGE),
    details: {
      name: textOf(details['name']),
      group: textOf(details['group']) ?? '',
      kind: textOf(details['kind']),
      causes: recordsOf(details['causes'])
        .slice(0, MAX_CAUSES)
        .map((cause) => ({
          reason: textOf(cause['reason']) ?? '',
          message: markForeignText(textOf(cause['message']) ?? ''),
          field: textOf(cause['field']) ?? '',
        })),
      retryAfterSeconds: integerOf(details['retryAfterSeconds']),
    },
  };
}

/**
 * Checks whether a manifest does not fit its schema. Server-side apply then answers 500 (measured on 1.36), which is
 * final, unlike other 500s.
 */
export function isSchemaMismatch(status: Status | undefined): boolean {
  return (
    status !== undefined && /failed to create typed patch object|field not declared in schema/.test(status.message)
  );
}

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
 * server asked the client to try again later (429).
 */
export function canRetry(failure: Failure, idempotent: boolean): boolean {
  switch (failure.kind) {
    case 'status':
      if (failure.status === 500 && isSchemaMismatch(decodeStatus(failure.body))) return false;
      return failure.status === 429 || (idempotent && [500, 502, 503, 504].includes(failure.status));
    case 'network': {
      const cause = classifyNetworkFailure(failure.error);
      if (cause === 'refused' || cause === 'unroutable') return true;
      // EAI_AGAIN is a temporary failure of the resolver; ENOTFOUND is an answer.
      if (cause === 'name') return JSON.stringify(codesOf(failure.error)).includes('EAI_AGAIN');
      return idempotent && (cause === 'reset' || cause === 'timeout');
    }
  }
}

/**
 * The time to repeat requests to an address that has never answered. Such an address is more likely wrong than
 * restarting.
 */
const FIRST_CONTACT_MS = 4_000;
/** The time to repeat requests to an API server that answered before: enough for its restart or failover. */
const OUTAGE_MS = 60_000;
/**
 * The time to repeat requests after an error inside of the API server, or in a webhook without a running pod. It is
 * short, because such a fault may be permanent.
 */
const FAULT_MS = 4_000;
/**
 * The messages with which the API server answers 500 while its store elects a leader or the connection to the store is
 * lost.
 */
const STORE = /etcdserver|etcd|leader changed|rpc error|deadline exceeded|timeout|connection (refused|reset)/i;

/** Returns the time for repeating a request, from its first attempt on, after a failure that is retryable. */
export function selectRetryBudgetMs(failure: Failure, isContactMade: boolean): number {
  if (failure.kind === 'network') return isContactMade ? OUTAGE_MS : FIRST_CONTACT_MS;
  if (failure.status !== 500) return OUTAGE_MS;
  const message = decodeStatus(failure.body)?.message ?? '';
  return STORE.test(message) && !/webhook/.test(message) ? OUTAGE_MS : FAULT_MS;
}

/**
 * Checks whether the API server refused the request (401 or 403). An API server that has just started may refuse a
 * request that it grants a moment later (`ApiHealth`).
 */
export function isRefusal(failure: Failure): boolean {
  return failure.kind === 'status' && (failure.status === 401 || failure.status === 403);
}

const MAX_DELAY_MS = 30_000;

/**
 * Returns the delay before the next attempt. It doubles from 200 ms to 3.2 s, unless the API server sets it
 * (Retry-After, RFC 9110 section 10.2.3, seconds).
 */
export function selectRetryDelayMs(failure: Failure, attempt: number): number {
  if (failure.kind === 'status') {
    const stated = decodeStatus(failure.body)?.details.retryAfterSeconds;
    const seconds = /^\d{1,4}$/.test(failure.retryAfter ?? '') ? Number(failure.retryAfter) : stated;
    if (seconds !== undefined && seconds >= 0) return Math.min(seconds * 1000, MAX_DELAY_MS);
  }
  return 200 * 2 ** Math.min(attempt, 4);
}

function codesOf(error: unknown): readonly unknown[] {
  if (!Error.isError(error)) return [];
  return ['code' in error ? error.code : '', ...(Error.isError(error.cause) ? codesOf(error.cause) : [])];
}
