import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionError } from '../errors.ts';
import { statusError } from './http-error.ts';
import { networkError } from './network-error.ts';
import { collectionPath } from './resources.ts';
import { type Failure, retryable, retryDelayMs } from './retry.ts';
import { decodeStatus } from './status.ts';
import type { Transport } from './transport.ts';
import { type ObjectList, type WatchEvent, WatchFailure, type Watching, watch } from './watch.ts';

/** `listed` replaces all that was known before: what it lacks is gone. */
export type FollowEvent =
  | ({ readonly kind: 'listed' } & ObjectList)
  | Exclude<WatchEvent, { readonly kind: 'bookmark' }>;

/** Failures in a row before a watch gives up; with the growing pauses about a minute. */
const MAX_FAILURES = 20;

/** After a watch that was closed in order, so that a server that closes at once is not asked in a tight loop. */
const REOPEN_MS = 200;

/**
 * Lists, then watches, for as long as `signal` lets it: through closed connections, a restarting API server and
 * expired resource versions (410, after which it lists anew).
 *
 * @throws ActionError when that cannot help, such as FORBIDDEN; the reason of `signal`.
 */
export async function* follow(
  server: string,
  transport: Transport,
  watching: Watching,
  list: () => Promise<ObjectList>,
): AsyncGenerator<FollowEvent, void, undefined> {
  let version: string | undefined;
  for (let failures = 0; ; ) {
    if (version === undefined) {
      const listed = await list();
      version = listed.resourceVersion;
      yield { kind: 'listed', ...listed };
    }
    try {
      for await (const event of watch(server, transport, watching, version)) {
        failures = 0;
        version = event.kind === 'bookmark' ? event.resourceVersion : event.object.metadata.resourceVersion;
        if (event.kind !== 'bookmark') yield event;
      }
      await pause(REOPEN_MS, watching.signal);
    } catch (error) {
      if (!(error instanceof WatchFailure)) throw error;
      if (isExpired(error.failure)) version = undefined;
      else if (++failures > MAX_FAILURES || !retryable(error.failure, true)) {
        throw failureError(server, watching, error.failure);
      }
      await pause(retryDelayMs(error.failure, failures), watching.signal);
    }
  }
}

function isExpired(failure: Failure): boolean {
  if (failure.kind !== 'status') return false;
  return failure.status === 410 || decodeStatus(failure.body)?.reason === 'Expired';
}

function failureError(server: string, { kind, selection }: Watching, failure: Failure): ActionError {
  if (failure.kind === 'network') return networkError(server, failure.error);
  const path = collectionPath(kind, selection.namespace);
  return statusError({ server, method: 'GET', path, object: `watch of ${path}` }, failure);
}

async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(delayMs, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
