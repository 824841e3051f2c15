import { type Decoded, decodeAnswer, type FieldReader } from './decoded.ts';

/** A stream, with its consumers, of which one server holds a replica. */
export type StoredStream = {
  /** The account as requests name it: in operator mode its public key. */
  readonly account: string;
  readonly name: string;
  /** The number of servers that have to hold the stream (`num_replicas`). */
  readonly replicas: number;
  /** Whether the servers of the stream are being changed, so that it accepts no other move yet. */
  readonly isMoving: boolean;
};

/** The streams that one server holds (nats-server `server/monitor.go`, `type JSInfo`). */
export type StreamStore = {
  /** Whether the server turned its JetStream off, as a server does that was removed from the meta group. */
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
        account.optionalObjects('stream_detail').map((stream) => storedStream(id, stream)),
      ),
      told: accounts.length,
      total: fields.integer('total'),
    };
  });
  if (decoded.kind === 'malformed') {
    return decoded;
  }
  const { told, total, ...value } = decoded.value;
  return told === total
    ? { kind: 'decoded', value }
    : { kind: 'malformed', path: 'account_details', message: `expected ${total} accounts, got ${told}` };
}

/**
 * Reads one stream. While a stream moves, releases before 2.15 list both the servers that it moves to and the servers
 * that it comes from; later releases report the `desired` servers. The list leaves out the server that answers.
 */
function storedStream(account: string, stream: FieldReader): StoredStream {
  const replicas = stream.object('config').integer('num_replicas');
  const cluster = stream.optionalObject('cluster');
  const listed = cluster?.optionalObjects('replicas').length ?? 0;
  const isMoving = listed + 1 > replicas || cluster?.optionalObject('desired') !== undefined;
  return { account, name: stream.text('name'), replicas, isMoving };
}

const NAMED = 3;

export function streamsWiderThan(servers: number, streams: readonly StoredStream[]): readonly StoredStream[] {
  return streams.filter(({ replicas }) => replicas > servers);
}

/** Formats the first few streams as `account/stream`, and the number of the others. */
export function streamsSaid(streams: readonly StoredStream[], named = NAMED): string {
  const names = [...new Set(streams.map(({ account, name }) => `${account}/${name}`))].toSorted();
  const others = names.length - named;
  return [...names.slice(0, named), ...(others > 0 ? [`and ${others} more`] : [])].join(', ');
}
