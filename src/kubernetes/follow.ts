import type { ActionError } from '../errors/action-error.ts';
import { pause } from '../time/pause.ts';
import type { CredentialSource } from './credentials.ts';
import { createStatusError } from './http-error.ts';
import { createNetworkError } from './network-error.ts';
import { recordFailure } from './request.ts';
import { buildCollectionPath } from './resources.ts';
import { canRetry, decodeStatus, type Failure, isRefusal, raceAbort, selectRetryDelayMs } from './retry.ts';
import type { Transport } from './transport.ts';
import { type ObjectList, type WatchEvent, WatchFailure, type Watching, watch } from './watch.ts';

/**
 * A change of the followed objects. `listed` replaces everything known before: an object that is not in the list is
 * gone.
 */
export type FollowEvent =
  | ({ readonly kind: 'listed' } & ObjectList)
  | Exclude<WatchEvent, { readonly kind: 'bookmark' | 'opened' }>;

/** Takes the changes of followed objects in the background, until it is closed or fails. */
export class BackgroundWatch {
  readonly #closing = new AbortController();
  readonly #ended: Promise<void>;

  /** Starts at once. `fail` gets the error that ends the watch. */
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

/** The longest time without a watch that opens; longer than the restart of an API server takes. */
const OUTAGE_MS = 60_000;

/**
 * The pause after a watch that was closed in order, so that a server that closes at once is not asked in a tight loop.
 */
const REOPEN_MS = 200;

/**
 * Lists, unless the objects of some version are `known`, then watches until `signal` is aborted. It continues after
 * closed connections, a restart of the API server, refused credentials that can be read again, and expired resource
 * versions (410, after which it lists again).
 *
 * @throws ActionError when that cannot help, such as FORBIDDEN; the reason of `signal`.
 */
export async function* follow(
  server: string,
  transport: Transport,
  source: CredentialSource,
  watching: Watching,
  list: () => Promise<ObjectList>,
  known?: ObjectList,
): AsyncGenerator<FollowEvent, void, undefined> {
  const trouble = createTrouble(server, transport, source, watching);
  let start = known;
  for (let version: string | undefined; ; ) {
    if (version === undefined) {
      const listed = start ?? (await list());
      start = undefined;
      version = listed.resourceVersion;
      yield { kind: 'listed', ...listed };
    }
    try {
      for await (const event of watch(server, transport, watching, version)) {
        if (event.kind === 'opened') {
          trouble.opened();
          continue;
        }
        trouble.told();
        version = event.kind === 'bookmark' ? event.resourceVersion : event.object.metadata.resourceVersion;
        if (event.kind !== 'bookmark') yield event;
      }
      await pause(REOPEN_MS, watching.signal);
    } catch (error) {
      if (!(error instanceof WatchFailure)) throw error;
      if (isExpired(error.failure)) version = undefined;
      await trouble.survive(error);
    }
  }
}

type Trouble = {
  readonly opened: () => void;
  readonly told: () => void;
  /** Waits until another attempt makes sense, or throws the error that no further attempt can fix. */
  readonly survive: (failure: WatchFailure) => Promise<void>;
};

function createTrouble(server: string, transport: Transport, source: CredentialSource, watching: Watching): Trouble {
  const { signal } = watching;
  const { health } = transport;
  let failures = 0;
  let since: number | undefined;
  let hasRenewed = false;
  return {
    opened: () => {
      health.recordAnswer();
      since = undefined;
      hasRenewed = false;
    },
    told: () => {
      failures = 0;
    },
    survive: async ({ failure, identity }) => {
      recordFailure(health, failure);
      since ??= performance.now();
      if (failure.kind === 'status' && failure.status === 401 && identity !== undefined && !hasRenewed) {
        hasRenewed = true;
        if (await raceAbort(transport.renew(identity), signal)) return;
      }
      const mayPass = isRefusal(failure) ? health.isRecovering() : canRetry(failure, true) || isExpired(failure);
      if (!mayPass || performance.now() - since > OUTAGE_MS)
        throw createFailureError(server, source, watching, failure);
      await pause(selectRetryDelayMs(failure, failures), signal);
      failures += 1;
    },
  };
}

function isExpired(failure: Failure): boolean {
  if (failure.kind !== 'status') return false;
  return failure.status === 410 || decodeStatus(failure.body)?.reason === 'Expired';
}

function createFailureError(
  server: string,
  credentials: CredentialSource,
  { kind, selection }: Watching,
  failure: Failure,
): ActionError {
  if (failure.kind === 'network') return createNetworkError(server, failure.error);
  const path = buildCollectionPath(kind, selection.namespace);
  return createStatusError({ server, method: 'GET', path, object: `watch of ${path}`, credentials }, failure);
}
