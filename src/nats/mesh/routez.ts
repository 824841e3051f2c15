import { type Decoded, decodeAnswer, type FieldReader } from './decoded.ts';

/** The part of ROUTEZ that the gate reads (nats-server `server/monitor.go`, `type Routez`). */
export type Routez = {
  readonly serverId: string;
  readonly routes: readonly Route[];
};

/** One connection to a peer: there are several per peer. */
export type Route = {
  /** The id of this connection at this server; the server never uses it again while it lives. */
  readonly routeId: number;
  /** The id of the peer's process, which changes with every start. */
  readonly remoteId: string;
  /** The age of the connection, in milliseconds by the server's clock. */
  readonly ageMs: number;
  /** The peer's `server_name`; absent before 2.9.16. */
  readonly remoteName: string | undefined;
  /** The account that has this connection of its own; undefined on connections of the pool. */
  readonly account: string | undefined;
};

/** Decodes the answer of `$SYS.REQ.SERVER.<id>.ROUTEZ` or `/routez`. */
export function decodeRoutez(answer: unknown): Decoded<Routez> {
  return decodeAnswer(answer, (fields) => ({
    serverId: fields.text('server_id'),
    routes: routesOf(fields.objects('routes'), fields.time('now')),
  }));
}

function routesOf(routes: readonly FieldReader[], now: number): readonly Route[] {
  return routes.map((fields) => ({
    routeId: fields.integer('rid'),
    remoteId: fields.text('remote_id'),
    ageMs: now - fields.time('start'),
    remoteName: fields.optionalText('remote_name'),
    account: fields.optionalText('account'),
  }));
}
