import { EVERY_STREAM, encodeJetStreamRequest, type JetStreamRequest } from '../nats/mesh/jetstream.ts';
import { isRecord } from '../objects/json.ts';
import type { ServerConnection } from './connection.ts';
import { fail, type ServerResult, succeed } from './failure.ts';

/** The monitoring answers that the `$SYS` account gives (nats-server `server/events.go`, `serverDirectReqSubj`). */
export type SystemQuery = 'VARZ' | 'ROUTEZ' | 'HEALTHZ' | 'JSZ';

/**
 * Returns the whole envelope of the answer, `{ server: {…}, data: {…} }`, for the decoders of `nats/mesh`. `connection`
 * must belong to a user of the system account; other users get `NoResponders`.
 */
export async function fetchSystem(
  connection: ServerConnection,
  query: SystemQuery,
  timeoutMs: number,
): Promise<ServerResult<unknown>> {
  return await askServer(connection, query, timeoutMs);
}

/**
 * Makes the server read its configuration again (nats-server ≥ 2.10, `reloadConfig` in `server/events.go`). A refused
 * reload changes nothing and fails as `RequestRefused` with the server's own words.
 */
export async function reloadServer(connection: ServerConnection, timeoutMs: number): Promise<ServerResult<undefined>> {
  const answer = await askServer(connection, 'RELOAD', timeoutMs);
  return answer.ok ? succeed(undefined) : answer;
}

async function askServer(
  connection: ServerConnection,
  verb: SystemQuery | 'RELOAD',
  timeoutMs: number,
): Promise<ServerResult<unknown>> {
  const { serverId, serverName } = connection.info;
  const body = verb === 'JSZ' ? JSON.stringify(EVERY_STREAM) : '';
  const answer = await connection.request(`$SYS.REQ.SERVER.${serverId}.${verb}`, body, timeoutMs);
  return answer.ok ? decodeSystemAnswer(answer.value, `${verb} answer of ${serverName}`) : answer;
}

/**
 * Returns the answer of the meta leader, for the decoder of `nats/mesh/jetstream.ts`. Without a meta leader, no server
 * answers. `connection` must belong to a user of the system account, on any server.
 */
export async function askJetStream(
  connection: ServerConnection,
  request: JetStreamRequest,
  timeoutMs: number,
): Promise<ServerResult<unknown>> {
  const { subject, body } = encodeJetStreamRequest(request);
  const answer = await connection.request(subject, body, timeoutMs);
  return answer.ok ? parseObject(answer.value, `answer to ${request.kind}`) : answer;
}

/** Decodes `ServerAPIResponse` of `server/events.go`: an object with `data`, or with `error: { code, description }`. */
export function decodeSystemAnswer(text: string, name: string): ServerResult<unknown> {
  const parsed = parseObject(text, name);
  if (!parsed.ok) {
    return parsed;
  }
  const error: unknown = 'error' in parsed.value ? parsed.value.error : undefined;
  if (error === undefined || error === null) {
    return parsed;
  }
  const description: unknown = typeof error === 'object' && 'description' in error ? error.description : undefined;
  return fail(
    'RequestRefused',
    typeof description === 'string' ? description : `the ${name} is an error without a description`,
  );
}

function parseObject(text: string, name: string): ServerResult<object> {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (error) {
    return fail('ProtocolError', `the ${name} is not JSON`, error);
  }
  return isRecord(answer) ? succeed(answer) : fail('ProtocolError', `the ${name} is not a JSON object`);
}
