import { setTimeout as sleep } from 'node:timers/promises';
import { type Dispatcher, request as send } from 'undici';
import { ActionError } from '../errors.ts';
import { statusError } from './http-error.ts';
import { networkError } from './network-error.ts';
import { type Failure, retryable, retryDelayMs } from './retry.ts';
import type { Transport } from './transport.ts';

export type ApiRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the server's root, without the query: `/api/v1/namespaces/nats/pods`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly contentType?: string;
  /** Whether sending it twice does what sending it once does; default: every method but POST and PATCH. */
  readonly idempotent?: boolean;
  /** Statuses of 400 and above that are answers, not errors. */
  readonly accept?: readonly number[];
  /** Names what the request is about in errors: `StatefulSet nats/nats`. */
  readonly object?: string;
  /** Ends the request and its retries; its reason is thrown as it is. */
  readonly signal?: AbortSignal;
  /** For one attempt. */
  readonly timeoutMs?: number;
};

/** `body` is parsed JSON, or text when the answer is none. */
export type ApiResponse = { readonly status: number; readonly body: unknown };

/** Sends requests to one API server, again while `retryable` says so. */
export type Requester = (request: ApiRequest) => Promise<ApiResponse>;

const TIMEOUT_MS = 15_000;
const USER_AGENT = 'nats-cluster-action';
const STATUS_RETRIES = 6;
/** An address that never answered is more likely wrong than restarting. */
const FIRST_CONTACT_MS = 4_000;
/** An API server that answered before gets the time of a restart or failover. */
const OUTAGE_MS = 60_000;

export function createRequester(server: string, transport: Transport): Requester {
  let contacted = false;

  return async (request) => {
    const idempotent = request.idempotent ?? !['POST', 'PATCH'].includes(request.method);
    const started = performance.now();
    for (let attempt = 0; ; attempt++) {
      const outcome = await attemptOnce(server, transport, request);
      if (outcome.kind === 'answer') {
        contacted = true;
        return outcome.response;
      }
      if (outcome.kind === 'status') contacted = true;
      const delayMs = retryDelayMs(outcome, attempt);
      const elapsedMs = performance.now() - started + delayMs;
      const spent =
        outcome.kind === 'status' ? attempt >= STATUS_RETRIES : elapsedMs > (contacted ? OUTAGE_MS : FIRST_CONTACT_MS);
      if (spent || !retryable(outcome, idempotent)) throw failureError(server, request, outcome);
      await pause(delayMs, request.signal);
    }
  };
}

type Outcome = { readonly kind: 'answer'; readonly response: ApiResponse } | Failure;

async function attemptOnce(server: string, transport: Transport, request: ApiRequest): Promise<Outcome> {
  request.signal?.throwIfAborted();
  const { dispatcher, headers } = await transport.route('request');
  const timeout = AbortSignal.timeout(request.timeoutMs ?? TIMEOUT_MS);
  const signal = request.signal === undefined ? timeout : AbortSignal.any([request.signal, timeout]);
  try {
    const answer = await send(requestUrl(server, request.path, request.query), {
      method: request.method,
      headers: requestHeaders(request, headers),
      body: request.body === undefined ? null : JSON.stringify(request.body),
      dispatcher,
      signal,
    });
    const body = parseBody(await answer.body.text(), answer.headers['content-type']);
    const status = answer.statusCode;
    // A redirect leads to a login page: no API server sends one.
    if (status < 300 || request.accept?.includes(status) === true)
      return { kind: 'answer', response: { status, body } };
    const retryAfter = answer.headers['retry-after'];
    return { kind: 'status', status, body, retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined };
  } catch (error) {
    request.signal?.throwIfAborted();
    return { kind: 'network', error };
  }
}

function failureError(server: string, request: ApiRequest, failure: Failure): ActionError {
  if (failure.kind === 'network') return networkError(server, failure.error);
  const { method, path, object = `${method} ${path}` } = request;
  return statusError({ server, method, path, object }, failure);
}

async function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(delayMs, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/** A kubeconfig's `server` may have a path of its own, as behind Rancher; ours follows it. */
export function requestUrl(server: string, path: string, query: ApiRequest['query'] = {}): string {
  const entries = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `${server}${path}${entries.length === 0 ? '' : `?${new URLSearchParams(entries).toString()}`}`;
}

function requestHeaders(request: ApiRequest, credentials: Readonly<Record<string, string>>): Record<string, string> {
  return {
    ...credentials,
    accept: 'application/json, */*',
    'user-agent': USER_AGENT,
    ...(request.body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' }),
  };
}

function parseBody(text: string, contentType: Dispatcher.ResponseData['headers'][string]): unknown {
  if (typeof contentType !== 'string' || !contentType.includes('json')) return text;
  try {
    const body: unknown = JSON.parse(text);
    return body;
  } catch {
    // Not the JSON it claims to be; the decoders say so, with what they expected.
    return text;
  }
}
