import type { Decoded } from '../nats/mesh/decoded.ts';
import { connectServer, type ServerConnection, type SignIn } from './connection.ts';
import { fail, type ServerResult, succeed } from './failure.ts';
import { fetchSystem, type SystemQuery } from './system.ts';
import type { ServerTarget } from './target.ts';

/** One verified connection to one server, opened when it is needed, and again after a failure. */
export type KeptConnection = {
  readonly connected: () => Promise<ServerResult<ServerConnection>>;
  /** Returns the decoded answer of the server itself. */
  readonly ask: <Value>(query: SystemQuery, decode: Decoder<Value>) => Promise<ServerResult<Value>>;
  /** Sends a request over the connection and returns the decoded answer. */
  readonly over: <Value>(
    what: string,
    request: (connection: ServerConnection) => Promise<ServerResult<unknown>>,
    decode: Decoder<Value>,
  ) => Promise<ServerResult<Value>>;
  readonly close: () => Promise<void>;
};

type Decoder<Value> = (answer: unknown) => Decoded<Value>;

export function keptConnection(target: ServerTarget & SignIn): KeptConnection {
  let connection: ServerConnection | undefined;
  const close = async (): Promise<void> => {
    const closing = connection;
    connection = undefined;
    await closing?.close();
  };
  const connected = async (): Promise<ServerResult<ServerConnection>> => {
    if (connection !== undefined) {
      return succeed(connection);
    }
    const opened = await connectServer(target);
    if (opened.ok) {
      connection = opened.value;
    }
    return opened;
  };
  const over: KeptConnection['over'] = async (what, request, decode) => {
    const opened = await connected();
    if (!opened.ok) {
      return opened;
    }
    const answer = await request(opened.value);
    if (!answer.ok) {
      await close();
      return answer;
    }
    const decoded = decode(answer.value);
    return decoded.kind === 'decoded'
      ? succeed(decoded.value)
      : fail('ProtocolError', `${what}: ${decoded.path}: ${decoded.message}`);
  };
  return {
    connected,
    over,
    ask: async (query, decode) =>
      await over(query, async (opened) => await fetchSystem(opened, query, target.timeoutMs), decode),
    close,
  };
}
