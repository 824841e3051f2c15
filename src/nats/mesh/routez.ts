import { type Decoded, decodeAnswer, type FieldReader } from './decoded.ts';

/** What the gate reads of ROUTEZ (nats-server `server/monitor.go`, `type Routez`). */
export type Routez = {
  readonly serverId: string;
  readonly routes: readonly Route[];
};

/** One connection to a peer: there are several per peer. */
export type Route = {
  /** Of this connection at this server; never used again while the server lives. */
  readonly routeId: number;
  /** Of the peer's process: another one after every start. */
  readonly remoteId: string;
  /** For how long it has been there, in milliseconds by the server's clock. */
  readonly ageMs: number;
  /** The peer's `server_name`; absent before 2.9.16. */
  readonly remoteName: string | undefined;
  /** Set on the connection of its own an account has; undefined on those of the pool. */
  readonly account: string | undefined;
};

/** The answer of `$SYS.REQ.SERVER.<id>.ROUTEZ` or `/routez`. */
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
