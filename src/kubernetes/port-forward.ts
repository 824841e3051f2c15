import { Duplex } from 'node:stream';
import { WebSocketHandler } from '@kubernetes/client-node/dist/web-socket-handler.js';
import { ActionError } from '../errors.ts';
import type { ClusterConnection } from './cluster-connection.ts';
import { unlessAborted } from './interruption.ts';
import { networkError } from './network-error.ts';
import type { Requester } from './request.ts';
import { objectPath } from './resources.ts';
import type { Transport } from './transport.ts';

export type Target = { readonly namespace: string; readonly pod: string; readonly port: number };

type WebSocket = Awaited<ReturnType<WebSocketHandler['connect']>>;

const DATA = 0;
const ERROR = 1;
const OPEN_TIMEOUT_MS = 15_000;
const LAST_LIVE_STATE = 1; // ws.CONNECTING and ws.OPEN

/**
 * A byte stream to a port of a pod, over one WebSocket (`v4.channel.k8s.io`; kubelet, `k8s.io/kubelet/pkg/cri/streaming/portforward/websocket.go`):
 * channel 0 carries bytes, channel 1 an error text; the first two bytes of each are the port. The protocol has no
 * half-close: ending the stream closes it. What the kubelet says about the port (nobody listens) destroys the stream.
 *
 * @throws ActionError FORBIDDEN, UNAUTHENTICATED, APPLY_REJECTED (`NotFound`), CLUSTER_UNREACHABLE; the reason of `signal`.
 */
export async function portForward(
  connection: ClusterConnection,
  transport: Transport,
  request: Requester,
  target: Target,
  signal: AbortSignal,
): Promise<Duplex> {
  const { identity } = await unlessAborted(transport.route('request'), signal);
  for (let hasRenewed = false; ; hasRenewed = true) {
    try {
      return await open(connection, target, signal);
    } catch (error) {
      signal.throwIfAborted();
      const isRefused = upgradeStatus(error) === '401' && !hasRenewed;
      if (!isRefused || !(await unlessAborted(transport.renew(identity), signal)))
        throw await refusal(connection, transport, request, target, error, signal);
    }
  }
}

/** One upgrade, within 15 s. */
async function open(connection: ClusterConnection, target: Target, signal: AbortSignal): Promise<Duplex> {
  const tunnel = new PortForward(target);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(OPEN_TIMEOUT_MS)]);
  const opening = new WebSocketHandler(connection.config).connect(
    `${pathOf(target)}?ports=${target.port}`,
    null,
    (channel, bytes) => tunnel.receive(channel, bytes),
  );
  try {
    const socket = await unlessAborted(opening, limit);
    tunnel.attach(socket, signal);
    return tunnel;
  } catch (error) {
    tunnel.destroy();
    // A socket that opens after all belongs to nobody; that it failed to open is told by who called.
    opening.then((late) => late.terminate(), ignore);
    throw error;
  }
}

function pathOf({ pod, namespace }: Target): string {
  return `${objectPath({ kind: 'Pod', name: pod, namespace })}/portforward`;
}

function ignore(): void {}

/** One port of one pod; a live resource, hence a class. */
class PortForward extends Duplex {
  readonly #target: Target;
  readonly #headersSeen = new Set<number>();
  #socket: WebSocket | undefined;
  #paused = false;
  #trouble = '';

  constructor(target: Target) {
    super({ allowHalfOpen: false });
    this.#target = target;
    this.on('error', ignore); // An error before the caller listens must not end the process; 'close' still tells.
  }

  attach(socket: WebSocket, signal: AbortSignal): void {
    this.#socket = socket;
    const abort = (): void => {
      this.destroy(Error.isError(signal.reason) ? signal.reason : undefined);
    };
    signal.addEventListener('abort', abort, { once: true });
    this.once('close', () => signal.removeEventListener('abort', abort));
    socket.on('error', (error: Error) => this.destroy(portForwardError(this.#target, error.message, error)));
    socket.on('close', (code: number) => this.#closed(code));
    if (socket.readyState > LAST_LIVE_STATE) this.#closed(1006);
    if (this.#paused) socket.pause();
    if (signal.aborted) abort();
  }

  /** Called by the handler for each message; true keeps the connection open. */
  receive(channel: number, bytes: Buffer): boolean {
    const first = !this.#headersSeen.has(channel);
    this.#headersSeen.add(channel);
    const payload = first ? bytes.subarray(2) : bytes;
    if (payload.length === 0 || this.destroyed) return true;
    if (channel === DATA && !this.push(payload)) {
      this.#paused = true;
      this.#socket?.pause();
    }
    if (channel === ERROR) {
      this.#trouble += payload.toString('utf8').slice(0, 1000);
      this.destroy(portForwardError(this.#target, this.#trouble));
    }
    return true;
  }

  override _read(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#socket?.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#socket === undefined) {
      done(portForwardError(this.#target, 'written to before it was open'));
      return;
    }
    const frame = Buffer.allocUnsafe(chunk.length + 1);
    frame[0] = DATA;
    chunk.copy(frame, 1);
    // Called once the bytes are in the kernel, which is what holds a fast writer back.
    this.#socket.send(frame, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket?.close();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket?.terminate();
    done(error);
  }

  #closed(code: number): void {
    if (this.destroyed) return;
    // 1000 and 1005: the pod closed its side; anything else is a connection that broke (RFC 6455 section 7.4.1).
    if (code === 1000 || code === 1005 || this.writableEnded) this.push(null);
    else this.destroy(portForwardError(this.#target, `the connection broke (${code})`));
  }
}

function portForwardError({ namespace, pod, port }: Target, what: string, cause?: unknown): ActionError {
  const server = `${namespace}/${pod}:${port}`;
  return new ActionError('CLUSTER_UNREACHABLE', `The port-forward to ${server} ended: ${what.trim()}.`, {
    reason: 'PortForward',
    hint: `Check that the pod runs and listens: kubectl -n ${namespace} get pod ${pod}`,
    details: { server },
    cause,
  });
}

/** The WebSocket tells only the status of a refused upgrade; a plain GET of the same path is answered with the reason. */
async function refusal(
  { server }: ClusterConnection,
  { contact }: Transport,
  request: Requester,
  target: Target,
  failed: unknown,
  signal: AbortSignal,
): Promise<ActionError> {
  const [cause, status] = [errorOf(failed), upgradeStatus(failed)];
  if (status === undefined) {
    contact.failed();
    return networkError(server, cause);
  }
  try {
    const about = { path: pathOf(target), object: `port-forward to Pod ${target.namespace}/${target.pod}` };
    await request({ ...about, method: 'GET', query: { ports: String(target.port) }, accept: [400], signal });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ActionError) return error;
  }
  return portForwardError(target, `the API server answers ${status} to the upgrade`, cause);
}

function upgradeStatus(failed: unknown): string | undefined {
  return /Unexpected server response: (\d{3})/.exec(errorOf(failed).message)?.[1];
}

/** A refused upgrade rejects with an event that carries the error. */
function errorOf(failed: unknown): Error {
  if (Error.isError(failed)) return failed;
  if (typeof failed === 'object' && failed !== null && 'error' in failed && Error.isError(failed.error))
    return failed.error;
  return new Error('the WebSocket did not open');
}
