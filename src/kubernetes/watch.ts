import { type Dispatcher, request as send } from 'undici';
import { ActionError } from '../errors/action-error.ts';
import { parseJson, recordOf, textOf } from '../objects/json.ts';
import { createInvalidResponseError, decodeObject, type KubernetesObject } from '../objects/object.ts';
import { buildUrl, readBody } from './request.ts';
import { apiVersionOf, buildCollectionPath, type ResourceKind } from './resources.ts';
import { decodeStatus, type Failure, raceAbort } from './retry.ts';
import type { Transport } from './transport.ts';

export type Selection = {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Requests only the metadata of objects. It applies to lists; a watch always has whole objects. */
  readonly metadataOnly?: true;
};

export type ObjectList = { readonly objects: readonly KubernetesObject[]; readonly resourceVersion: string };

export type WatchEvent =
  | { readonly kind: 'added' | 'modified' | 'deleted'; readonly object: KubernetesObject }
  | { readonly kind: 'bookmark'; readonly resourceVersion: string }
  /** The API server accepted the watch: it reports every change after `resourceVersion`. */
  | { readonly kind: 'opened' };

/**
 * A change of the followed objects. `listed` replaces everything known before: an object that is not in the list does
 * not exist any more.
 */
export type FollowEvent =
  | ({ readonly kind: 'listed' } & ObjectList)
  | Exclude<WatchEvent, { readonly kind: 'bookmark' | 'opened' }>;

/** The duration of a watch. The API server is asked to end it at 60 s; silence beyond that is a dead connection. */
const WATCH_SECONDS = 60;
const SILENCE_MS = (WATCH_SECONDS + 10) * 1000;
const MAX_LINE_CHARS = 16 * 1024 * 1024;
export type Watching = { readonly kind: ResourceKind; readonly selection: Selection; readonly signal: AbortSignal };

/**
 * Opens one watch request (Kubernetes API concepts, "Efficient detection of changes"). It ends when the API server
 * closes it.
 *
 * @throws WatchFailure when the watch breaks; ActionError (`InvalidResponse`); the reason of `signal`.
 */
export async function* watch(
  server: string,
  transport: Transport,
  { kind, selection, signal }: Watching,
  resourceVersion: string,
): AsyncGenerator<WatchEvent, void, undefined> {
  signal.throwIfAborted();
  const path = buildCollectionPath(kind, selection.namespace);
  try {
    const answer = await openWatch(server, transport, path, { kind, selection, signal }, resourceVersion);
    yield { kind: 'opened' };
    for await (const line of splitLines(answer.body)) yield decodeEvent(kind, line);
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof WatchFailure || error instanceof ActionError
      ? error
      : new WatchFailure({ kind: 'network', error });
  }
}

/** Takes the changes of followed objects in the background, until it is closed or fails. */
export class BackgroundWatch {
  readonly #closing = new AbortController();
  readonly #ended: Promise<void>;

  /** Starts at once. `fail` receives the error that ends the watch. */
  constructor(
    signal: AbortSignal,
    open: (ended: AbortSignal) => AsyncIterable<FollowEvent>,
    take: (event: FollowEvent) => void,
    fail: (error: unknown) => void,
  ) {
    const run = async (): Promise<void> => {
      for await (const event of open(AbortSignal.any([signal, this.#closing.signal]))) take(event);
    };
    this.#ended = run().catch(fail);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#ended;
  }
}

/** A broken watch that may be resumed, or must start from a new list (410). */
export class WatchFailure extends Error {
  override readonly name = 'WatchFailure';
  readonly failure: Failure;
  /** The identity of the credentials with which the watch was opened. */
  readonly identity: string | undefined;

  constructor(failure: Failure, identity?: string) {
    super(failure.kind === 'status' ? `watch answered ${failure.status}` : 'watch broke');
    this.failure = failure;
    this.identity = identity;
  }
}

async function openWatch(
  server: string,
  transport: Transport,
  path: string,
  { selection, signal }: Watching,
  resourceVersion: string,
): Promise<Dispatcher.ResponseData> {
  const { dispatcher, headers, identity } = await raceAbort(transport.route('watch'), signal);
  const query = {
    watch: 'true',
    allowWatchBookmarks: 'true',
    timeoutSeconds: String(WATCH_SECONDS),
    resourceVersion,
    labelSelector: selection.labelSelector,
    fieldSelector: selection.fieldSelector,
  };
  const answer = await send(buildUrl(server, path, query), {
    headers: { ...headers, accept: 'application/json', 'user-agent': 'nats-cluster-action' },
    dispatcher,
    signal,
    headersTimeout: 15_000,
    bodyTimeout: SILENCE_MS,
  });
  if (answer.statusCode === 200) return answer;
  const retryAfter = answer.headers['retry-after'];
  const text = await readBody(answer.body);
  const failure = {
    kind: 'status',
    status: answer.statusCode,
    body: parseJson(text, text),
    retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
  } as const;
  throw new WatchFailure(failure, identity);
}

async function* splitLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let begun: string[] = [];
  let length = 0;
  for await (const chunk of body) {
    // The search covers only new text, so that a long line is not searched again with each of its parts.
    const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n');
    begun.push(first);
    length += first.length;
    if (length > MAX_LINE_CHARS) throw createInvalidResponseError('a watch event of less than 16 MiB');
    const rest = others.pop();
    if (rest === undefined) continue;
    yield* [begun.join(''), ...others].filter((line) => line.trim() !== '');
    begun = [rest];
    length = rest.length;
  }
  // The rest has no newline: it is a cut-off event, which the next watch sends again.
}

function decodeEvent(kind: ResourceKind, line: string): WatchEvent {
  const event = recordOf(parseJson(line));
  const { type, object } = event;
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED': {
      const events = { ADDED: 'added', MODIFIED: 'modified', DELETED: 'deleted' } as const;
      return { kind: events[type], object: decodeObject(object, { kind, apiVersion: apiVersionOf(kind) }) };
    }
    case 'BOOKMARK': {
      const resourceVersion = textOf(recordOf(recordOf(object)['metadata'])['resourceVersion']);
      if (resourceVersion === undefined) throw createInvalidResponseError('a bookmark with a resourceVersion');
      return { kind: 'bookmark', resourceVersion };
    }
    case 'ERROR': {
      const status = decodeStatus(object)?.code ?? 500;
      throw new WatchFailure({ kind: 'status', status, body: object, retryAfter: undefined });
    }
    default:
      throw createInvalidResponseError('a watch event of a known type');
  }
}
