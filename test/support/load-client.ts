import { setTimeout as sleep } from 'node:timers/promises';
import { type LoadTarget, openSession, type Session, type SessionEvents } from './load-session.ts';

/** The pause before a reconnect. The library waits 2 s. With a shorter pause, fewer messages are lost. */
const RECONNECT_PAUSE_MS = 50;

/**
 * A NATS client without the client library. The library makes all transports of a process by one global factory, so
 * other connections would affect its reconnects. Like the library, this client reconnects until it is closed, and keeps
 * the messages that are published while it is disconnected.
 */
export class LoadClient {
  readonly #target: LoadTarget;
  readonly #events: SessionEvents;
  readonly #running: Promise<void>;
  readonly #flushes: (() => void)[] = [];
  #kept = '';
  #session: Session | undefined;
  #isClosed = false;
  #disconnects = 0;
  #failure = 'it never connected';

  constructor(
    target: LoadTarget,
    receiving?: { readonly subject: string; readonly onMessage: (body: string) => void },
  ) {
    this.#target = target;
    const onPong = () => this.#flushes.shift()?.();
    this.#events = { onMessage: () => {}, ...receiving, onPong };
    this.#running = this.#run();
  }

  /** Counts the authenticated connections that ended before `close`. */
  get disconnects(): number {
    return this.#disconnects;
  }

  /** Returns the reason why the last connection ended or the last attempt failed. */
  get failure(): string {
    return this.#failure;
  }

  get isConnected(): boolean {
    return this.#session !== undefined;
  }

  publish(subject: string, body: string): void {
    this.#send(`PUB ${subject} ${Buffer.byteLength(body)}\r\n${body}\r\n`);
  }

  /** Waits until a server has processed all messages that were sent before, except those lost with a connection. */
  async flush(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#flushes.push(resolve);
    this.#session?.send('PING\r\n');
    await promise;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#session?.close();
    await this.#running;
  }

  #send(text: string): void {
    if (this.#session === undefined) {
      this.#kept += text;
    } else {
      this.#session.send(text);
    }
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      try {
        const session = await openSession(this.#target, this.#events);
        await this.#hold(session);
      } catch (error) {
        this.#failure = Error.isError(error) ? error.message : String(error);
      }
      if (!this.#isClosed) {
        await sleep(RECONNECT_PAUSE_MS);
      }
    }
  }

  async #hold(session: Session): Promise<void> {
    if (this.#isClosed) {
      session.close();
      return;
    }
    // Flushes whose answers were lost with the last connection are sent again.
    session.send(`${this.#kept}${'PING\r\n'.repeat(this.#flushes.length)}`);
    this.#kept = '';
    this.#session = session;
    const { message } = await session.ended;
    this.#session = undefined;
    if (!this.#isClosed) {
      this.#disconnects += 1;
      this.#failure = message;
    }
  }
}
