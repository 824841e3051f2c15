import type { JetStreamAccounts } from '../conf/settings/jetstream-accounts.ts';
import { type Decoded, decodeAnswer, type FieldReader } from './decoder.ts';

/** The requests that are reserved for users of the system account; the meta leader answers them. */
export type JetStreamRequest =
  /** Moves the replica that `from` holds to another server. */
  | { readonly kind: 'move'; readonly account: string; readonly stream: string; readonly from: string }
  | { readonly kind: 'step-down' }
  /**
   * Removes a server from the meta group. The server then turns its JetStream off and forgets the data that it received
   * from the group.
   */
  | { readonly kind: 'remove'; readonly server: string };

/**
 * Returns the subject and the body of a request: `JSApiServerStreamMove`, `JSApiLeaderStepDown` and `JSApiRemoveServer`
 * of nats-server `server/jetstream_api.go`.
 */
export function encodeJetStreamRequest(request: JetStreamRequest): { readonly subject: string; readonly body: string } {
  switch (request.kind) {
    case 'move': {
      const { account, stream, from } = request;
      return { subject: `$JS.API.ACCOUNT.STREAM.MOVE.${account}.${stream}`, body: JSON.stringify({ server: from }) };
    }
    case 'step-down':
      return { subject: '$JS.API.META.LEADER.STEPDOWN', body: '' };
    case 'remove':
      return { subject: '$JS.API.SERVER.REMOVE', body: JSON.stringify({ peer: request.server }) };
  }
}

/**
 * Checks whether a request can contain the name. The name of a configured account can be invalid as a token of a
 * subject.
 */
export function isSubjectToken(name: string): boolean {
  return /^[^\s.*>]+$/u.test(name);
}

/** The answer of JetStream's own API to a request of the system account. */
export type JetStreamAnswer =
  | { readonly kind: 'accepted' }
  /** A refusal. `isUnderWay` means that the requested change is in progress or done. */
  | { readonly kind: 'refused'; readonly isUnderWay: boolean; readonly words: string };

/**
 * The codes in `server/errors.json` that mean "in progress or done": a move (10124), another change of the stream
 * (10226) or of the meta group (10202) is in progress, the server no longer belongs to the stream (10040) or to the
 * meta group (10044), the stream no longer exists (10059).
 */
const UNDER_WAY: readonly number[] = [10124, 10226, 10202, 10040, 10044, 10059];

const SHOWN_LENGTH = 200;

/**
 * Decodes `ApiResponse` of nats-server `server/jetstream_api.go`: `{ type, error: { code, err_code, description } }`.
 */
export function decodeJetStreamAnswer(answer: unknown): Decoded<JetStreamAnswer> {
  return decodeAnswer(wrapAnswer(answer), (fields): JetStreamAnswer => {
    const error = fields.object('answer').optionalObject('error');
    if (error === undefined) {
      return { kind: 'accepted' };
    }
    const isUnderWay = UNDER_WAY.includes(error.optionalInteger('err_code') ?? 0);
    const words = error.optionalText('description')?.slice(0, SHOWN_LENGTH) ?? 'an error without a description';
    return { kind: 'refused', isUnderWay, words };
  });
}

/**
 * Wraps the answer, because this API answers with an `error` at the top level, which `decodeAnswer` treats as a
 * failure.
 */
function wrapAnswer(answer: unknown): unknown {
  return { answer };
}

/** A stream, with its consumers, of which one server holds a replica. */
export type StoredStream = {
  /** The account as requests name it: in operator mode its public key. */
  readonly account: string;
  readonly name: string;
  /** The number of servers that have to hold the stream (`num_replicas`). */
  readonly replicas: number;
  /** Whether the servers hold the messages in memory only (`storage`). */
  readonly isInMemory: boolean;
  /** Whether the servers of the stream are being changed, so that it accepts no other move yet. */
  readonly isMoving: boolean;
};

/** The streams that one server holds (nats-server `server/monitor.go`, `type JSInfo`). */
export type StreamStore = {
  /** Whether the server turned its JetStream off, for example because it was removed from the meta group. */
  readonly isDisabled: boolean;
  readonly streams: readonly StoredStream[];
};

/** The request for all streams. The default `limit` of 1024 would silently leave out the accounts beyond it. */
export const EVERY_STREAM = { accounts: true, streams: true, config: true, limit: -1 } as const;

/**
 * Decodes the answer of `$SYS.REQ.SERVER.<id>.JSZ` to `EVERY_STREAM`. An answer that leaves out an account is
 * malformed.
 */
export function decodeJsz(answer: unknown): Decoded<StreamStore> {
  const decoded = decodeAnswer(answer, (fields) => {
    const accounts = fields.optionalObjects('account_details').map((account) => ({ id: account.text('id'), account }));
    return {
      isDisabled: fields.flag('disabled'),
      streams: accounts.flatMap(({ id, account }) =>
        account.optionalObjects('stream_detail').map((stream) => decodeStream(id, stream)),
      ),
      received: accounts.length,
      total: fields.integer('total'),
    };
  });
  if (decoded.kind === 'malformed') {
    return decoded;
  }
  const { received, total, ...value } = decoded.value;
  return received === total
    ? { kind: 'decoded', value }
    : { kind: 'malformed', path: 'account_details', message: `expected ${total} accounts, got ${received}` };
}

/**
 * Reads one stream. While a stream moves, releases before 2.15 list both the servers that it moves to and the servers
 * that it comes from; later releases report the `desired` servers. The list leaves out the server that answers.
 */
function decodeStream(account: string, stream: FieldReader): StoredStream {
  const config = stream.object('config');
  const replicas = config.integer('num_replicas');
  const cluster = stream.optionalObject('cluster');
  const listed = cluster?.optionalObjects('replicas').length ?? 0;
  const isMoving = listed + 1 > replicas || cluster?.optionalObject('desired') !== undefined;
  const isInMemory = config.optionalText('storage') === 'memory';
  return { account, name: stream.text('name'), replicas, isInMemory, isMoving };
}

const NAMED = 3;

export function findStreamsWiderThan(servers: number, streams: readonly StoredStream[]): readonly StoredStream[] {
  return streams.filter(({ replicas }) => replicas > servers);
}

/** Formats the first few streams as `account/stream`, and the number of the others. */
export function formatStreams(streams: readonly StoredStream[], named = NAMED): string {
  const names = [...new Set(streams.map(({ account, name }) => `${account}/${name}`))].toSorted();
  const others = names.length - named;
  return [...names.slice(0, named), ...(others > 0 ? [`and ${others} more`] : [])].join(', ');
}

/** Returns the streams whose messages are lost when their server restarts: no other server and no disk has them. */
export function findEmptiedStreams(streams: readonly StoredStream[]): readonly StoredStream[] {
  return streams.filter(({ replicas, isInMemory }) => isInMemory && replicas === 1);
}

/** Returns, by account, the streams that no server serves after it has started with these accounts. */
export function findLostStreams(
  streams: readonly StoredStream[],
  accounts: JetStreamAccounts,
): ReadonlyMap<string, readonly StoredStream[]> {
  const lost = streams.filter(({ account }) => !isServed(account, accounts));
  return Map.groupBy(lost, ({ account }) => account);
}

function isServed(account: string, accounts: JetStreamAccounts): boolean {
  switch (accounts.kind) {
    case 'global':
      return account === '$G';
    case 'named':
      return accounts.accounts.some(({ name }) => name === account);
    case 'operator':
      return true;
  }
}
