import { setTimeout as sleep } from 'node:timers/promises';
import { type LoadTarget, openSession, type Session, type SessionEvents } from './load-session.ts';

/** The library waits 2 s; the shorter the pause, the fewer messages an avoidable disconnect costs. */
const RECONNECT_PAUSE_MS = 50;

/**
 * A NATS client that knows neither the library nor the connections under test: an independent observer, whose
 * reconnects no other connection of the process disturbs (the library makes all transports by one global factory).
 * As the library does, it connects again until it is closed, and keeps what is published meanwhile.
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

  /** How often a connection that was signed in ended before `close`. */
  get disconnects(): number {
    return this.#disconnects;
  }

  /** Why the last connection ended or the last attempt failed. */
  get failure(): string {
    return this.#failure;
  }

  get isConnected(): boolean {
    return this.#session !== undefined;
  }

  publish(subject: string, body: string): void {
    this.#send(`PUB ${subject} ${Buffer.byteLength(body)}\r\n${body}\r\n`);
  }

  /** Resolves when a server has processed all that was sent before, as far as it was not lost with a connection. */
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
    // Flushes whose answers went down with the last connection are asked for again.
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
