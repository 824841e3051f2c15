import { CLIENT_PORT, ROUTE_PORT } from '../cluster/addresses.ts';
import { type Dial, dialStream, type ServerPort } from './dial.ts';
import { fail, runWithDeadline, type ServerResult, succeed } from './failure.ts';
import { readGreeting, type ServerInfo } from './server-info.ts';

type SourceServer = { readonly dial: Dial; readonly signal: AbortSignal; readonly timeoutMs: number };

/** Reads the greeting that a server sends on the port for clients before the client sends any bytes. */
export async function readServerGreeting({ dial, signal, timeoutMs }: SourceServer): Promise<ServerResult<ServerInfo>> {
  return await readPortGreeting(dial, CLIENT_PORT, signal, timeoutMs);
}

/**
 * The time to wait for a greeting, in milliseconds. A server with plaintext routes sends it at once; a server with TLS
 * waits for the handshake (`createRoute`).
 */
const SILENCE_MS = 1500;

export async function detectRouteSecurity({ dial, signal }: SourceServer): Promise<'plaintext' | 'tls' | 'none'> {
  const greeted = await readPortGreeting(dial, ROUTE_PORT, signal, SILENCE_MS);
  if (greeted.ok) return 'plaintext';
  return greeted.failure.reason === 'Timeout' ? 'tls' : 'none';
}

async function readPortGreeting(
  dial: Dial,
  port: ServerPort,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<ServerResult<ServerInfo>> {
  return await runWithDeadline(signal, timeoutMs, `the greeting on port ${port}`, async (ended) => {
    const dialled = await dialStream(dial, port, ended);
    if (!dialled.ok) return dialled;
    const greeted = await readGreeting(dialled.value);
    dialled.value.destroy();
    return greeted.ok ? succeed(greeted.value.info) : fail(greeted.failure.reason, greeted.failure.message);
  });
}
