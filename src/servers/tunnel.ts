import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Dial } from './dial.ts';

/** A port of this machine that leads to servers. TLS is between the client and the server. */
export type Tunnel = { readonly port: number; readonly close: () => Promise<void> };

const CLIENT_PORT = 4222;

/** Opens a tunnel that listens on 127.0.0.1 only. Each connection leads to the next reachable server. */
export async function openTunnel(servers: readonly Dial[], signal: AbortSignal): Promise<Tunnel> {
  const open = new Set<Duplex>();
  let next = 0;
  const carry = async (socket: Socket): Promise<void> => {
    open.add(socket);
    const turn = next % servers.length;
    next += 1;
    try {
      const stream = await firstReached([...servers.slice(turn), ...servers.slice(0, turn)], signal);
      open.add(stream);
      await Promise.all([pipeline(socket, stream, { signal }), pipeline(stream, socket, { signal })]);
      open.delete(stream);
    } catch {
      // The client sees a connection that ends, as if the server had ended it.
    } finally {
      socket.destroy();
      open.delete(socket);
    }
  };
  const listener = createServer((socket) => void carry(socket));
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  const address = listener.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: async () => {
      const closed = once(listener, 'close');
      listener.close();
      open.forEach((stream) => stream.destroy());
      await closed;
    },
  };
}

/**
 * Opens a stream to the first reachable server.
 * @throws the error of the last server
 */
async function firstReached([first, ...others]: readonly Dial[], signal: AbortSignal): Promise<Duplex> {
  if (first === undefined) throw new Error('no server to connect to');
  try {
    return await first(CLIENT_PORT, signal);
  } catch (error) {
    if (others.length === 0 || signal.aborted) throw error;
    return await firstReached(others, signal);
  }
}
