import { type Decoded, decodeAnswer, type FieldReader } from './decoded.ts';

/** A stream of which one server holds a replica, its consumers with it. */
export type StoredStream = {
  /** The account as requests name it: in operator mode its key. */
  readonly account: string;
  readonly name: string;
  /** `num_replicas`: how many servers are to hold it. */
  readonly replicas: number;
  /** Its servers are being changed, so that it takes no other move yet. */
  readonly isMoving: boolean;
};

/** What one server holds (nats-server `server/monitor.go`, `type JSInfo`). */
export type StreamStore = {
  /** The server turned its JetStream off, as one does that was removed from the meta group. */
  readonly isDisabled: boolean;
  readonly streams: readonly StoredStream[];
};

/** Everything, as accounts beyond `limit` (1024 unless asked otherwise) would be left out without a word. */
export const EVERY_STREAM = { accounts: true, streams: true, config: true, limit: -1 } as const;

/** The answer of `$SYS.REQ.SERVER.<id>.JSZ` to `EVERY_STREAM`. Streams of an account left out are no answer. */
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
 * While a stream moves, releases before 2.15 list the servers it goes to beside those it comes from; later ones say
 * where it is `desired`. The server that answers isn't listed.
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

/** `account/stream`, the first few of them. */
export function streamsSaid(streams: readonly StoredStream[], named = NAMED): string {
  const names = [...new Set(streams.map(({ account, name }) => `${account}/${name}`))].toSorted();
  const others = names.length - named;
  return [...names.slice(0, named), ...(others > 0 ? [`and ${others} more`] : [])].join(', ');
}
