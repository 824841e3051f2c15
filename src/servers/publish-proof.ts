import { randomUUID } from 'node:crypto';
import { pause } from '../time/pause.ts';
import type { ServerConnection } from './connection.ts';
import type { ServerFailure } from './failure.ts';
import { createFailedCheck, createUnknown, type Proof } from './knock.ts';

type PublishTarget = {
  /** The connections, one per server, of a user that may publish and subscribe below `subjectPrefix`. */
  readonly connections: readonly ServerConnection[];
  /** The prefix without a final dot. */
  readonly subjectPrefix: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
};

/**
 * The pauses between publications, in milliseconds. The subscription reaches the other servers only after the
 * subscriber's flush, so each message is published again until it arrives.
 */
const PUBLISH_PAUSES_MS = [20, 40, 80, 160, 320, 500] as const;

/** Verifies that messages published on each server are received on every server, its own included. */
export async function verifyPublish(target: PublishTarget): Promise<Proof> {
  const { connections, signal, timeoutMs } = target;
  if (connections.length === 0) {
    return createFailedCheck('MessagesMissing', 'expected at least one server to publish on');
  }
  const subject = `${target.subjectPrefix}.${randomUUID()}`;
  const missing = listDirections(connections);
  const complete = Promise.withResolvers<ServerFailure | undefined>();
  const unsubscribe = connections.map((connection, to) =>
    connection.subscribe(subject, (message) => {
      if (!message.ok) {
        complete.resolve(message.failure);
      } else if (missing.delete(`${message.value} ${to}`) && missing.size === 0) {
        complete.resolve(undefined);
      }
    }),
  );
  const received = new AbortController();
  const ended = AbortSignal.any([signal, received.signal]);
  const publishing = publishUntil(connections, subject, performance.now() + timeoutMs, ended);
  const failure = await Promise.race([complete.promise, publishing]).finally(() => received.abort());
  await publishing;
  for (const end of unsubscribe) {
    end();
  }
  signal.throwIfAborted();
  return judgeMessages(missing, failure);
}

/** Maps `<from> <to>` to the direction in words. */
function listDirections(connections: readonly ServerConnection[]): Map<string, string> {
  const names = connections.map(({ info }) => info.serverName);
  return new Map(names.flatMap((from, i) => names.map((to, j) => [`${i} ${j}`, `${from} → ${to}`] as const)));
}

function judgeMessages(missing: ReadonlyMap<string, string>, failure: ServerFailure | undefined): Proof {
  if (failure?.reason === 'PermissionsViolation') {
    return createFailedCheck('PublishForbidden', failure.message);
  }
  if (failure !== undefined) {
    return createUnknown(failure);
  }
  return missing.size === 0
    ? { kind: 'verified' }
    : createFailedCheck('MessagesMissing', `messages didn't arrive: ${[...missing.values()].join(', ')}`);
}

/**
 * Publishes the index of each connection over that connection, again and again until `endMs`, an abort or a failure.
 */
async function publishUntil(
  connections: readonly ServerConnection[],
  subject: string,
  endMs: number,
  ended: AbortSignal,
): Promise<ServerFailure | undefined> {
  for (let round = 0; !ended.aborted && performance.now() < endMs; round += 1) {
    for (const [from, connection] of connections.entries()) {
      connection.publish(subject, String(from));
    }
    for (const connection of connections) {
      const flushed = await connection.flush(Math.max(1, endMs - performance.now()));
      if (!flushed.ok) {
        return flushed.failure;
      }
    }
    // The sleep rejects when the check is complete or cancelled; the condition of the loop handles both.
    await pause(PUBLISH_PAUSES_MS[round] ?? 500, ended).catch(() => undefined);
  }
  return undefined;
}
