import type { Duplex } from 'node:stream';
import { ActionError } from '../errors.ts';
import { type ServerResult, socketFailure, succeed } from './failure.ts';

/** A port of a server: 4222 serves clients, 6222 serves routes. */
type ServerPort = 4222 | 6222;

/** Opens a byte stream to one port of one server; in production a Kubernetes port-forward. */
export type Dial = (port: ServerPort, signal: AbortSignal) => Promise<Duplex>;

/** Opens a stream. The stream is destroyed as soon as `signal` aborts, also if the dialer answers only after that. */
export async function dialStream(dial: Dial, port: ServerPort, signal: AbortSignal): Promise<ServerResult<Duplex>> {
  let stream: Duplex;
  try {
    stream = await dial(port, signal);
  } catch (error) {
    if (error instanceof ActionError) {
      throw error; // Its hint already states what to do next, for example about a missing permission.
    }
    return socketFailure(error);
  }
  // Errors reach the current reader; this listener only prevents that an error between two readers is thrown.
  stream.on('error', () => {});
  if (signal.aborted) {
    stream.destroy();
    if (signal.reason instanceof ActionError) {
      throw signal.reason;
    }
    return socketFailure(signal.reason);
  }
  const close = () => stream.destroy();
  signal.addEventListener('abort', close, { once: true });
  stream.once('close', () => signal.removeEventListener('abort', close));
  return succeed(stream);
}
