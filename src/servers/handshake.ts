import type { Duplex } from 'node:stream';
import { CLIENT_PORT, ROUTE_PORT } from '../cluster/addresses.ts';
import { pause } from '../time/pause.ts';
import { type Dial, dialStream, openTls, type TlsConnection, type TlsSettings } from './dial.ts';
import { fail, type ServerResult, succeed } from './failure.ts';
import { decodeRefusal, readGreeting, type ServerInfo } from './server-info.ts';

type ClientPort = TlsConnection & {
  readonly info: ServerInfo;
  /** The INFO line as received. */
  readonly greeting: Uint8Array;
};

/**
 * Opens the client port: dials 4222, reads INFO in plaintext, upgrades to TLS, verifies. Aborting `signal` closes the
 * open stream.
 */
export async function openClientPort(
  dial: Dial,
  terms: TlsSettings,
  signal: AbortSignal,
): Promise<ServerResult<ClientPort>> {
  const dialled = await dialStream(dial, CLIENT_PORT, signal);
  if (!dialled.ok) {
    return dialled;
  }
  const stream = dialled.value;
  const greeting = await readGreeting(stream);
  if (!greeting.ok) {
    stream.destroy();
    return greeting;
  }
  const { info, line } = greeting.value;
  if (!info.tlsRequired) {
    stream.destroy();
    return fail('TlsNotOffered', `server ${info.serverName} doesn't require TLS on its client port`);
  }
  const opened = await openTls(stream, terms);
  if (opened.ok) {
    return succeed({ ...opened.value, info, greeting: line });
  }
  const { reason, message, cause } = opened.failure;
  const isCutOff = reason === 'ProtocolError' || reason === 'Unreachable';
  const refusal = isCutOff ? await readRefusalBeforeTls(dial, signal) : undefined;
  return refusal ?? (reason === 'Unreachable' ? fail('HandshakeBroken', message, cause) : opened);
}

/**
 * The time to wait for a refusal, in milliseconds. A server that refuses a connection sends it within the same
 * millisecond as its INFO line.
 */
const REFUSAL_MS = 300;

/**
 * Opens a second connection to read the reason of a refusal. The TLS handshake of the first connection reports only
 * that the bytes are not TLS, or that the connection broke, because the server refuses in plaintext.
 */
async function readRefusalBeforeTls(dial: Dial, signal: AbortSignal): Promise<ServerResult<never> | undefined> {
  const dialled = await dialStream(dial, CLIENT_PORT, signal);
  if (!dialled.ok) {
    return undefined;
  }
  const stream = dialled.value;
  const greeting = await readGreeting(stream);
  const heard = greeting.ok
    ? await Promise.race([readNextBytes(stream), pause(REFUSAL_MS, undefined, { keepsAlive: false })])
    : undefined;
  stream.destroy();
  if (!greeting.ok) {
    return greeting.failure.reason === 'ConnectionRefused' ? greeting : undefined;
  }
  return heard === undefined ? undefined : decodeRefusal(heard);
}

async function readNextBytes(stream: Duplex): Promise<Uint8Array | undefined> {
  const { promise, resolve } = Promise.withResolvers<Uint8Array | undefined>();
  stream.once('data', resolve);
  stream.once('close', () => resolve(undefined));
  stream.resume();
  return await promise;
}

/** Opens the route port: dials 6222 and starts TLS at once, verified. Aborting `signal` closes the open stream. */
export async function openRoutePort(
  dial: Dial,
  terms: TlsSettings,
  signal: AbortSignal,
): Promise<ServerResult<TlsConnection>> {
  const dialled = await dialStream(dial, ROUTE_PORT, signal);
  return dialled.ok ? await openTls(dialled.value, terms) : dialled;
}
