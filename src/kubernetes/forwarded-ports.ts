import { Duplex } from 'node:stream';
import { ActionError } from '../errors/action-error.ts';
import type { WebSocket } from './transport.ts';

/** The port that a stream connects to. */
export type PortTarget = { readonly namespace: string; readonly pod: string; readonly port: number };

const ERROR = 1;
const LAST_LIVE_STATE = 1; // ws.CONNECTING and ws.OPEN

/**
 * The streams of one port-forward, one for each requested port, over one WebSocket (`v4.channel.k8s.io`; kubelet,
 * `k8s.io/kubelet/pkg/cri/streaming/portforward/websocket.go`). The channels 2n and 2n + 1 carry bytes and an error
 * text of the nth port; the first two bytes of each are the port. The protocol has no half-close, and reports the end
 * of a stream only when all streams have ended.
 */
export class ForwardedPorts {
  readonly streams: readonly ForwardedPort[];
  readonly #headersSeen = new Set<number>();
  readonly #paused = new Set<ForwardedPort>();
  readonly #ended = new Set<ForwardedPort>();
  readonly #destroyed = new Set<ForwardedPort>();
  #socket: WebSocket | undefined;

  constructor(targets: readonly PortTarget[]) {
    this.streams = targets.map((target, index) => new ForwardedPort(target, 2 * index, this));
  }

  attach(socket: WebSocket, signal: AbortSignal): void {
    this.#socket = socket;
    const abort = (): void => this.#destroyAll(Error.isError(signal.reason) ? signal.reason : undefined);
    signal.addEventListener('abort', abort, { once: true });
    socket.on('close', () => signal.removeEventListener('abort', abort));
    socket.on('error', (error: Error) => {
      for (const stream of this.streams) stream.destroy(createPortForwardError(stream.target, error.message, error));
    });
    socket.on('close', (code: number) => this.#closed(code));
    if (socket.readyState > LAST_LIVE_STATE) this.#closed(1006);
    if (this.#paused.size > 0) socket.pause();
    if (signal.aborted) abort();
  }

  /** Handles one message of the WebSocket; true keeps the connection open. */
  receive(channel: number, bytes: Buffer): boolean {
    const isFirst = !this.#headersSeen.has(channel);
    this.#headersSeen.add(channel);
    const payload = isFirst ? bytes.subarray(2) : bytes;
    const stream = this.streams[channel >> 1];
    if (payload.length === 0 || stream === undefined || stream.destroyed) return true;
    if ((channel & 1) === ERROR) stream.trouble(payload.toString('utf8').slice(0, 1000));
    else if (!stream.push(payload)) this.#pause(stream);
    return true;
  }

  /**
   * Sends a frame; returns false before the connection is open. Fast writers are slowed down because `done` is called
   * only when the bytes are in the kernel.
   */
  send(frame: Buffer, done: (error?: Error | null) => void): boolean {
    this.#socket?.send(frame, done);
    return this.#socket !== undefined;
  }

  /** Pauses the WebSocket. A slow reader holds up the other streams, because only the WebSocket itself can wait. */
  #pause(stream: ForwardedPort): void {
    this.#paused.add(stream);
    this.#socket?.pause();
  }

  resume(stream: ForwardedPort): void {
    if (this.#paused.delete(stream) && this.#paused.size === 0) this.#socket?.resume();
  }

  end(stream: ForwardedPort): void {
    this.#ended.add(stream);
    if (this.#ended.size === this.streams.length) this.#socket?.close();
  }

  destroy(stream: ForwardedPort): void {
    this.resume(stream);
    this.#destroyed.add(stream);
    if (this.#destroyed.size === this.streams.length) this.#socket?.terminate();
  }

  #closed(code: number): void {
    // 1000 and 1005: the pod closed its side; anything else is a connection that broke (RFC 6455 section 7.4.1).
    for (const stream of this.streams) stream.close(code === 1000 || code === 1005 ? undefined : code);
  }

  #destroyAll(reason: Error | undefined): void {
    for (const stream of this.streams) stream.destroy(reason);
  }
}

/** The length at which the error text of a runtime is cut. */
const MAX_TROUBLE_CHARS = 4096;

/** One connection to one port of one pod; a live resource, hence a class. */
class ForwardedPort extends Duplex {
  readonly target: PortTarget;
  readonly #channel: number;
  readonly #carrier: ForwardedPorts;
  #trouble = '';

  constructor(target: PortTarget, channel: number, carrier: ForwardedPorts) {
    super({ allowHalfOpen: false });
    this.target = target;
    this.#channel = channel;
    this.#carrier = carrier;
    this.on('error', ignore); // An error before the caller listens must not end the process; 'close' still reports it.
  }

  trouble(text: string): void {
    this.#trouble = `${this.#trouble}${text}`.slice(0, MAX_TROUBLE_CHARS);
    this.destroy(createPortForwardError(this.target, this.#trouble));
  }

  /** Handles the end of the WebSocket; without a code, it closed normally. */
  close(brokenBy: number | undefined): void {
    if (this.destroyed) return;
    if (brokenBy === undefined || this.writableEnded) this.push(null);
    else this.destroy(createPortForwardError(this.target, `the connection broke (${brokenBy})`));
  }

  override _read(): void {
    this.#carrier.resume(this);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const frame = Buffer.allocUnsafe(chunk.length + 1);
    frame[0] = this.#channel;
    chunk.copy(frame, 1);
    if (!this.#carrier.send(frame, done))
      done(createPortForwardError(this.target, 'data was written before the connection was open'));
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#carrier.end(this);
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#carrier.destroy(this);
    done(error);
  }
}

export function createPortForwardError(
  { namespace, pod, port }: PortTarget,
  text: string,
  cause?: unknown,
): ActionError {
  const server = `${namespace}/${pod}:${port}`;
  return new ActionError('CLUSTER_UNREACHABLE', `The port-forward to ${server} ended: ${text.trim()}.`, {
    reason: 'PortForward',
    hint: `Check that the pod runs and listens: \`kubectl -n ${namespace} get pod ${pod}\``,
    details: { server },
    cause,
  });
}

function ignore(): void {}
