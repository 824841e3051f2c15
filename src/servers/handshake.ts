import { type Dial, dialStream } from './dial.ts';
import { fail, type ServerResult, succeed } from './failure.ts';
import { readGreeting, type ServerInfo } from './server-info.ts';
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
  return opened.ok ? succeed({ ...opened.value, info, greeting: line }) : opened;
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
