import type { Duplex } from 'node:stream';
import { convertSocketError, fail, type ServerResult, succeed } from './failure.ts';

/** The part of a server's INFO line that is read (nats-server `server/server.go`, `type Info`). */
export type ServerInfo = {
  readonly serverId: string;
  readonly serverName: string;
  readonly version: string;
  readonly cluster: string | undefined;
  readonly tlsRequired: boolean;
  /** Whether the server requests a certificate from clients. */
  readonly tlsVerify: boolean;
  readonly jetstream: boolean;
};

type Greeting = { readonly info: ServerInfo; readonly line: Uint8Array };

/**
 * The maximum length of INFO. It lists the addresses of the whole cluster, a few dozen bytes each; a far longer line is
 * not from a NATS server.
 */
const MAX_INFO_BYTES = 64 * 1024;

const [CR, LF] = [0x0d, 0x0a] as const;

/**
 * Reads the INFO line and nothing else. Bytes after it are an error, because the client sends next: before TLS, such
 * bytes could inject commands in front of the handshake.
 */
export async function readGreeting(stream: Duplex): Promise<ServerResult<Greeting>> {
  const line = await readLine(stream);
  if (!line.ok) {
    return line;
  }
  const info = decodeServerInfo(line.value.toString('utf8'));
  return info.ok ? succeed({ info: info.value, line: line.value }) : info;
}

/** Decodes `INFO {…}\r\n`; returns a `ProtocolError` for any other line. */
export function decodeServerInfo(line: string): ServerResult<ServerInfo> {
  const json = /^INFO\s+(\{.*\})\s*\r\n$/.exec(line)?.[1];
  if (json === undefined) {
    const start = JSON.stringify(line.slice(0, 40));
    return fail('ProtocolError', `expected an INFO line of a NATS server, got ${start}`);
  }
  let info: unknown;
  try {
    info = JSON.parse(json);
  } catch (error) {
    return fail('ProtocolError', 'the INFO line of the server is not JSON', error);
  }
  if (typeof info !== 'object' || info === null) {
    return fail('ProtocolError', 'the INFO line of the server holds no object');
  }
  const field = (name: string): unknown => Reflect.get(info, name);
  const [serverId, serverName, version, cluster] = [
    field('server_id'),
    field('server_name'),
    field('version'),
    field('cluster'),
  ];
  // The id becomes part of request subjects, so only the alphabet of a public nkey is allowed.
  if (typeof serverId !== 'string' || !/^[A-Z0-9]{10,80}$/.test(serverId)) {
    return fail('ProtocolError', 'the INFO line of the server holds no valid server_id');
  }
  if (typeof serverName !== 'string' || typeof version !== 'string') {
    return fail('ProtocolError', 'the INFO line of the server lacks server_name or version');
  }
  const tlsRequired = field('tls_required') === true;
  return succeed({
    serverId,
    serverName,
    version,
    cluster: typeof cluster === 'string' ? cluster : undefined,
    tlsRequired,
    tlsVerify: field('tls_verify') === true,
    jetstream: field('jetstream') === true,
  });
}

/**
 * Reads the text of the `-ERR '…'` that a server sends when it refuses a connection (`maxConnExceeded`, connection
 * throttling: nats-server `createClientEx` in `server/server.go`). The server sends it in plaintext, after INFO and
 * before TLS.
 */
export function decodeRefusal(bytes: Uint8Array): ServerResult<never> | undefined {
  const text = Buffer.from(bytes).toString('latin1', 0, MAX_REFUSAL_BYTES);
  const words = /^-ERR\s+'?([^'\r\n]*)/.exec(text)?.[1];
  return words === undefined ? undefined : fail('ConnectionRefused', `the server takes no connection: -ERR '${words}'`);
}

const MAX_REFUSAL_BYTES = 200;

async function readLine(stream: Duplex): Promise<ServerResult<Buffer>> {
  const { promise, resolve } = Promise.withResolvers<ServerResult<Buffer>>();
  const received: Buffer[] = [];
  let [length, last] = [0, -1];
  const onData = (chunk: Buffer) => {
    // Only this chunk is searched for the end of the line.
    const at = last === CR && chunk[0] === LF ? -1 : chunk.indexOf('\r\n');
    const isEnd = at >= 0 || (last === CR && chunk[0] === LF);
    const end = at + 2;
    received.push(chunk);
    length += chunk.length;
    last = chunk.at(-1) ?? last;
    if (isEnd && end === chunk.length) {
      resolve(succeed(Buffer.concat(received)));
    } else if (isEnd) {
      const failure = fail('ProtocolError', 'the server sent bytes after its INFO line, before the client spoke');
      resolve(decodeRefusal(chunk.subarray(end)) ?? failure);
    } else if (length > MAX_INFO_BYTES) {
      resolve(fail('ProtocolError', `the server sent more than ${MAX_INFO_BYTES} bytes without ending a line`));
    }
  };
  const onError = (error: unknown) => resolve(convertSocketError(error));
  const onEnd = () => resolve(fail('Unreachable', 'the connection closed before the server sent its INFO line'));
  stream.on('data', onData).on('error', onError).on('end', onEnd).on('close', onEnd);
  if (stream.errored !== null) {
    onError(stream.errored); // It failed before the listeners were added, so no event follows.
  } else if (stream.destroyed) {
    onEnd();
  }
  const result = await promise;
  stream.pause();
  stream.off('data', onData).off('error', onError).off('end', onEnd).off('close', onEnd);
  return result;
}
