import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Dial } from '../../../src/servers/dial.ts';

/** A stream that is not a socket, like a port-forward. */
class ForwardedStream extends Duplex {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on('data', (chunk) => {
      if (!this.push(chunk)) {
        socket.pause();
      }
    });
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}

export type TestDialer = { readonly dial: Dial; readonly open: () => number };

/** Dials local ports in place of 4222 and 6222 and counts the sockets that are still open. */
export function testDialer(
  ports: { readonly client: number; readonly route: number },
  kind: 'socket' | 'stream',
): TestDialer {
  const sockets = new Set<Socket>();
  const dial: Dial = async (port) => {
    const socket = connect(port === 4222 ? ports.client : ports.route, '127.0.0.1');
    sockets.add(socket);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.once('close', () => sockets.delete(socket));
    socket.once('connect', resolve).once('error', reject);
    await promise;
    socket.off('error', reject);
    return kind === 'socket' ? socket : new ForwardedStream(socket);
  };
  return { dial, open: () => sockets.size };
}
