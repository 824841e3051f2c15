import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type Dial, dialStream } from './dial.ts';
import { fail, type ServerResult, succeed } from './failure.ts';
import { decodeRefusal, readGreeting, type ServerInfo } from './server-info.ts';
import { openTls, type TlsConnection, type TlsTerms } from './tls.ts';

type ClientPort = TlsConnection & {
  readonly info: ServerInfo;
  /** The INFO line as it came. */
  readonly greeting: Uint8Array;
};

/** Dials 4222, reads INFO in plaintext, upgrades to TLS, verifies. Aborting `signal` closes what is open. */
export async function openClientPort(
  dial: Dial,
  terms: TlsTerms,
  signal: AbortSignal,
): Promise<ServerResult<ClientPort>> {
  const dialled = await dialStream(dial, 4222, signal);
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
  const refusal = isCutOff ? await refusalBeforeTls(dial, signal) : undefined;
  return refusal ?? (reason === 'Unreachable' ? fail('HandshakeBroken', message, cause) : opened);
}

/** A server that refuses a connection says so within the same millisecond as its INFO line. */
const REFUSAL_MS = 300;

/**
 * Dials once more and listens. A handshake that meets the plaintext of a refusal knows only that it was no TLS, or that
 * the connection broke.
 */
async function refusalBeforeTls(dial: Dial, signal: AbortSignal): Promise<ServerResult<never> | undefined> {
  const dialled = await dialStream(dial, 4222, signal);
  if (!dialled.ok) {
    return undefined;
  }
  const stream = dialled.value;
  const greeting = await readGreeting(stream);
  const heard = greeting.ok
    ? await Promise.race([nextBytes(stream), delay(REFUSAL_MS, undefined, { ref: false })])
    : undefined;
  stream.destroy();
  if (!greeting.ok) {
    return greeting.failure.reason === 'ConnectionRefused' ? greeting : undefined;
  }
  return heard === undefined ? undefined : decodeRefusal(heard);
}

async function nextBytes(stream: Duplex): Promise<Uint8Array | undefined> {
  const { promise, resolve } = Promise.withResolvers<Uint8Array | undefined>();
  stream.once('data', resolve);
  stream.once('close', () => resolve(undefined));
  stream.resume();
  return await promise;
}

/** Dials 6222: TLS at once, verified. Aborting `signal` closes what is open. */
export async function openRoutePort(
  dial: Dial,
  terms: TlsTerms,
  signal: AbortSignal,
): Promise<ServerResult<TlsConnection>> {
  const dialled = await dialStream(dial, 6222, signal);
  return dialled.ok ? await openTls(dialled.value, terms) : dialled;
}
