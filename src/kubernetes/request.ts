import { type Dispatcher, request as send } from 'undici';
import { type ActionError, isActionError } from '../errors/action-error.ts';
import { parseJson } from '../objects/json.ts';
import { createInvalidResponseError } from '../objects/object.ts';
import { pause } from '../time/pause.ts';
import type { CredentialSource } from './credentials.ts';
import { createStatusError } from './http-error.ts';
import { createNetworkError } from './network-error.ts';
import {
  canRetry,
  decodeStatus,
  type Failure,
  isRefusal,
  raceAbort,
  selectRetryBudgetMs,
  selectRetryDelayMs,
} from './retry.ts';
import type { ApiHealth, Route, Transport } from './transport.ts';
import type { Headers } from './user-credentials.ts';

/** The longest answer in bytes. A list of the objects of one deployment has a few MiB. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Returns the body of an answer as text.
 * @throws ActionError CLUSTER_UNREACHABLE (`InvalidResponse`) when the body is too long to be an answer
 */
export async function readBody(body: AsyncIterable<Uint8Array>, mostBytes = MAX_BYTES): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw createInvalidResponseError(`an answer of at most ${mostBytes / 1024 / 1024} MiB`);
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

export type ApiRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** The path at the server's root, without the query: `/api/v1/namespaces/nats/pods`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** The body, which is sent as JSON. */
  readonly body?: unknown;
  readonly contentType?: string;
  /** The wanted media type of the answer; any JSON by default. */
  readonly mediaType?: string;
  /** Whether sending the request twice has the same effect as once; default: every method except POST and PATCH. */
  readonly idempotent?: boolean;
  /** The statuses of 400 and above that are answers, not errors. */
  readonly accept?: readonly number[];
  /** The name of the request's object in errors: `StatefulSet nats/nats`. */
  readonly object?: string;
  /** Ends the request and its retries; its reason is thrown unchanged. */
  readonly signal?: AbortSignal;
  /** The time limit of one attempt; 15 s by default. */
  readonly timeoutMs?: number;
  /** Runs before every attempt; an error that it throws ends the request. */
  readonly guard?: (() => Promise<void>) | undefined;
};

/** An answer; `body` is parsed JSON, or text if the answer is not JSON. */
export type ApiResponse = { readonly status: number; readonly body: unknown };

/** Sends requests to one API server, and repeats them while `canRetry` allows it. */
export type Requester = (request: ApiRequest) => Promise<ApiResponse>;

const TIMEOUT_MS = 15_000;
const USER_AGENT = 'nats-cluster-action';

/** One API server, with the connections and the credentials for it. */
type RequestTarget = {
  readonly server: string;
  readonly transport: Transport;
  readonly credentials: CredentialSource;
};

/**
 * Sends a request and returns the answer. All requests share one `ApiHealth`. After a 401, the request is repeated once
 * with credentials that are read again. One attempt ends after 15 s. Attempts end after 60 s without a good answer, and
 * sooner if the failure is not a temporary outage.
 */
export async function sendRequest(target: RequestTarget, request: ApiRequest): Promise<ApiResponse> {
  const { server, transport } = target;
  const { health } = transport;
  const idempotent = request.idempotent ?? !['POST', 'PATCH'].includes(request.method);
  const started = performance.now();
  let hasRenewed = false;
  for (let attempt = 0; ; attempt++) {
    await request.guard?.();
    request.signal?.throwIfAborted();
    const route = await raceAbort(transport.route('request'), request.signal);
    const outcome = await attemptOnce(server, route, request);
    if (outcome.kind === 'answer') {
      health.recordAnswer();
      return outcome.response;
    }
    recordFailure(health, outcome);
    if (outcome.kind === 'status' && outcome.status === 401 && !hasRenewed) {
      hasRenewed = true;
      if (await raceAbort(transport.renew(route.identity), request.signal)) continue;
    }
    const delayMs = selectRetryDelayMs(outcome, attempt);
    const mayPass = isRefusal(outcome) ? health.isRecovering() : canRetry(outcome, idempotent);
    const isSpent = performance.now() - started + delayMs > selectRetryBudgetMs(outcome, health.hasAnswered());
    if (!mayPass || isSpent) throw createFailureError(target, request, outcome);
    await pause(delayMs, request.signal);
  }
}

/**
 * Records a failure. A Status comes from an API server; any other 5xx may come from a load balancer that has no API
 * server behind it.
 */
export function recordFailure(health: ApiHealth, failure: Failure): void {
  if (failure.kind === 'status' && decodeStatus(failure.body) !== undefined) health.recordAnswer();
  if (failure.kind === 'network' || failure.status >= 500) health.recordFailure();
}

type Outcome = { readonly kind: 'answer'; readonly response: ApiResponse } | Failure;

async function attemptOnce(server: string, { dispatcher, headers }: Route, request: ApiRequest): Promise<Outcome> {
  const timeout = AbortSignal.timeout(request.timeoutMs ?? TIMEOUT_MS);
  const signal = request.signal === undefined ? timeout : AbortSignal.any([request.signal, timeout]);
  try {
    const answer = await send(buildUrl(server, request.path, request.query), {
      method: request.method,
      headers: buildHeaders(request, headers),
      body: request.body === undefined ? null : JSON.stringify(request.body),
      dispatcher,
      signal,
    });
    const body = parseBody(await readBody(answer.body), answer.headers['content-type']);
    const status = answer.statusCode;
    // A redirect leads to a login page: no API server sends one.
    if (status < 300 || request.accept?.includes(status) === true)
      return { kind: 'answer', response: { status, body } };
    const retryAfter = answer.headers['retry-after'];
    return { kind: 'status', status, body, retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined };
  } catch (error) {
    request.signal?.throwIfAborted();
    if (isActionError(error)) throw error;
    return { kind: 'network', error };
  }
}

function createFailureError(
  { server, credentials }: RequestTarget,
  request: ApiRequest,
  failure: Failure,
): ActionError {
  if (failure.kind === 'network') return createNetworkError(server, failure.error);
  const { method, path, object = `${method} ${path}` } = request;
  return createStatusError({ server, method, path, object, credentials }, failure);
}

/**
 * Builds the URL of a request. A kubeconfig's `server` may have its own path, as behind Rancher; the path of the
 * request follows it.
 */
export function buildUrl(server: string, path: string, query: ApiRequest['query'] = {}): string {
  const entries = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `${server}${path}${entries.length === 0 ? '' : `?${new URLSearchParams(entries).toString()}`}`;
}

function buildHeaders(request: ApiRequest, credentials: Headers): Record<string, string | string[]> {
  return {
    ...credentials,
    accept: request.mediaType ?? 'application/json, */*',
    'user-agent': USER_AGENT,
    ...(request.body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' }),
  };
}

function parseBody(text: string, contentType: Dispatcher.ResponseData['headers'][string]): unknown {
  // A body with invalid JSON stays text. The decoder of the answer reports it, together with the expected content.
  return typeof contentType === 'string' && contentType.includes('json') ? parseJson(text, text) : text;
}
