import { TLSSocket } from 'node:tls';
import type { ConnectionOptions, Server, Transport } from '@nats-io/nats-core/internal';
import { pause } from '../time/pause.ts';

/**
 * The options of one connection, with the socket that it must use. The library creates every transport with one global
 * factory that has no arguments. It then passes the options of the connection to the transport, so each connection gets
 * its own socket.
 */
export type SocketOptions = ConnectionOptions & { readonly socket: TLSSocket; readonly greeting: Uint8Array };

/**
 * The maximum time to send the last bytes, in milliseconds. A peer that does not read must not delay the caller of
 * `close` for longer.
 */
const FAREWELL_MS = 500;

/**
 * A NATS transport over a socket that is already dialled, greeted, encrypted and verified. `@nats-io/transport-node`
 * dials itself and accepts no stream, and a port-forward is a stream.
 */
export class SocketTransport implements Transport {
  readonly lang = 'nodejs';
  readonly version = '1.0.0';
  isClosed = false;
  closeError?: Error;
  #carried: SocketOptions | undefined;
  readonly #closed = Promise.withResolvers<void | Error>();

  async connect(_server: Server, options: ConnectionOptions): Promise<void> {
    if (!hasSocket(options)) {
      throw new TypeError('the connection options hold no socket');
    }
    this.#carried = options;
    options.socket.on('error', (error: Error) => {
      this.closeError = error;
    });
  }

  /**
   * Reads the greeting, then the bytes of the socket. The close is reported only after the last byte, which may be an
   * -ERR.
   */
  async *[Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    try {
      if (this.#carried !== undefined) {
        yield this.#carried.greeting;
        yield* this.#carried.socket;
      }
    } catch {
      // The error event has kept the cause in closeError; the library would only print an error that is thrown here.
    } finally {
      this.discard();
    }
  }

  isEncrypted(): boolean {
    return true;
  }

  send(frame: Uint8Array): void {
    if (this.#carried?.socket.writable) {
      this.#carried.socket.write(frame);
    }
  }

  async close(error?: Error): Promise<void> {
    if (error !== undefined) {
      this.closeError ??= error;
    } else {
      await this.#farewell();
    }
    this.discard();
  }

  /**
   * Tells the server that the connection ends. A port-forward that is only cut closes the connection at the pod about a
   * second later, and a server in lame duck mode would wait for this client until the end of its grace period.
   */
  async #farewell(): Promise<void> {
    const socket = this.#carried?.socket;
    if (socket?.writable) {
      const ended = new Promise<void>((resolve) => {
        socket.once('close', () => resolve()).end(() => resolve());
      });
      await Promise.race([ended, pause(FAREWELL_MS, undefined, { keepsAlive: false })]);
    }
  }

  disconnect(): void {
    this.discard();
  }

  closed(): Promise<void | Error> {
    return this.#closed.promise;
  }

  discard(): void {
    this.isClosed = true;
    this.#carried?.socket.destroy();
    this.#closed.resolve(this.closeError);
  }
}

function hasSocket(options: ConnectionOptions): options is SocketOptions {
  return 'socket' in options && options.socket instanceof TLSSocket && 'greeting' in options;
}
