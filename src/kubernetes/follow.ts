import type { ActionError } from '../errors/action-error.ts';
import { pause } from '../time/pause.ts';
import type { CredentialSource } from './credentials.ts';
import { createStatusError } from './http-error.ts';
import { createNetworkError } from './network-error.ts';
import { recordFailure } from './request.ts';
import { buildCollectionPath } from './resources.ts';
import { canRetry, decodeStatus, type Failure, isRefusal, raceAbort, selectRetryDelayMs } from './retry.ts';
import type { Transport } from './transport.ts';
import { type FollowEvent, type ObjectList, WatchFailure, type Watching, watch } from './watch.ts';

/** The time after which failed attempts to open a watch end. It is longer than the restart of an API server. */
const OUTAGE_MS = 60_000;

/**
 * The pause after a watch that ended without an error. Without it, a server that ends each watch at once would be asked
 * in a tight loop.
 */
const REOPEN_MS = 200;

/**
 * Lists, unless the objects of some version are `known`, then watches until `signal` is aborted. It continues after
 * closed connections, a restart of the API server, refused credentials that can be read again, and expired resource
 * versions (410, after which it lists again).
 *
 * @throws ActionError when another attempt cannot help, such as FORBIDDEN; the reason of `signal`.
 */
export async function* follow(
  server: string,
  transport: Transport,
  source: CredentialSource,
  watching: Watching,
  list: () => Promise<ObjectList>,
  known?: ObjectList,
): AsyncGenerator<FollowEvent, void, undefined> {
  const recovery = new WatchRecovery(server, transport, source, watching);
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
          recovery.recordOpened();
          continue;
        }
        recovery.recordEvent();
        version = event.kind === 'bookmark' ? event.resourceVersion : event.object.metadata.resourceVersion;
        if (event.kind !== 'bookmark') yield event;
      }
      await pause(REOPEN_MS, watching.signal);
    } catch (error) {
      if (!(error instanceof WatchFailure)) throw error;
      if (isExpired(error.failure)) version = undefined;
      await recovery.recover(error);
    }
  }
}

/** The failures of a watch since it last worked. */
class WatchRecovery {
  readonly #server: string;
  readonly #transport: Transport;
  readonly #source: CredentialSource;
  readonly #watching: Watching;
  #failures = 0;
  #since: number | undefined;
  #hasRenewed = false;

  constructor(server: string, transport: Transport, source: CredentialSource, watching: Watching) {
    this.#server = server;
    this.#transport = transport;
    this.#source = source;
    this.#watching = watching;
  }

  recordOpened(): void {
    this.#transport.health.recordAnswer();
    this.#since = undefined;
    this.#hasRenewed = false;
  }

  recordEvent(): void {
    this.#failures = 0;
  }

  /** Waits until another attempt makes sense, or throws the error that no further attempt can fix. */
  async recover({ failure, identity }: WatchFailure): Promise<void> {
    const { signal } = this.#watching;
    const { health } = this.#transport;
    recordFailure(health, failure);
    this.#since ??= performance.now();
    if (failure.kind === 'status' && failure.status === 401 && identity !== undefined && !this.#hasRenewed) {
      this.#hasRenewed = true;
      if (await raceAbort(this.#transport.renew(identity), signal)) return;
    }
    const mayPass = isRefusal(failure) ? health.isRecovering() : canRetry(failure, true) || isExpired(failure);
    if (!mayPass || performance.now() - this.#since > OUTAGE_MS)
      throw createFailureError(this.#server, this.#source, this.#watching, failure);
    await pause(selectRetryDelayMs(failure, this.#failures), signal);
    this.#failures += 1;
  }
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
