import type { Duplex } from 'node:stream';
import { ActionError } from '../errors/action-error.ts';
import type { ClusterConnection } from './cluster-connection.ts';
import { createPortForwardError, ForwardedPorts, type PortTarget } from './forwarded-ports.ts';
import { createNetworkError } from './network-error.ts';
import type { Requester } from './request.ts';
import { buildObjectPath } from './resources.ts';
import { raceAbort } from './retry.ts';
import { openWebSocket, type Transport } from './transport.ts';

/** The pod and ports of port-forwards. A port is listed once for each connection to it. */
export type Target = { readonly namespace: string; readonly pod: string; readonly ports: readonly number[] };

const OPEN_TIMEOUT_MS = 15_000;

/**
 * Opens a byte stream for each of the given ports of a pod, all over one request. Ending a stream closes it. The end of
 * a stream on the pod's side is reported only when all streams have ended. An error of the kubelet about a port (no
 * process listens) destroys its stream.
 *
 * @throws ActionError FORBIDDEN, UNAUTHENTICATED, APPLY_REJECTED (`NotFound`), CLUSTER_UNREACHABLE; the reason of
 * `signal`.
 */
export async function openPortForwards(
  connection: ClusterConnection,
  transport: Transport,
  request: Requester,
  target: Target,
  signal: AbortSignal,
): Promise<readonly Duplex[]> {
  const { identity } = await raceAbort(transport.route('request'), signal);
  for (let hasRenewed = false; ; hasRenewed = true) {
    try {
      return await openStreams(connection, transport, target, signal);
    } catch (error) {
      signal.throwIfAborted();
      const isRefused = parseUpgradeStatus(error) === '401' && !hasRenewed;
      if (!isRefused || !(await raceAbort(transport.renew(identity), signal)))
        throw await explainRefusal(connection, transport, request, target, error, signal);
    }
  }
}

/** Opens one stream to one port; throws as `openPortForwards`. */
export async function openPortForward(
  connection: ClusterConnection,
  transport: Transport,
  request: Requester,
  { port, ...pod }: PortTarget,
  signal: AbortSignal,
): Promise<Duplex> {
  const [stream] = await openPortForwards(connection, transport, request, { ...pod, ports: [port] }, signal);
  if (stream === undefined) throw createPortForwardError({ ...pod, port }, 'it has no stream');
  return stream;
}

/** Opens the streams by one upgrade, within 15 s. */
async function openStreams(
  { endpoint }: ClusterConnection,
  transport: Transport,
  target: Target,
  signal: AbortSignal,
): Promise<readonly Duplex[]> {
  const { namespace, pod, ports } = target;
  const forwarded = new ForwardedPorts(ports.map((port) => ({ namespace, pod, port })));
  const limit = AbortSignal.any([signal, AbortSignal.timeout(OPEN_TIMEOUT_MS)]);
  const path = `${buildPath(target)}?${ports.map((port) => `ports=${port}`).join('&')}`;
  const opening = openWebSocket(endpoint, transport, path, (channel, bytes) => forwarded.receive(channel, bytes));
  try {
    const socket = await raceAbort(opening, limit);
    forwarded.attach(socket, signal);
    return forwarded.streams;
  } catch (error) {
    for (const stream of forwarded.streams) stream.destroy();
    // A socket that opens later is not used, so it is closed; the caller reports a socket that failed to open.
    opening.then((late) => late.terminate(), ignore);
    throw error;
  }
}

function buildPath({ pod, namespace }: Target): string {
  return `${buildObjectPath({ kind: 'Pod', name: pod, namespace })}/portforward`;
}

function ignore(): void {}

/**
 * Builds the error of a refused upgrade. The WebSocket reports only the status, but a plain GET of the same path is
 * answered with the reason.
 */
async function explainRefusal(
  { server }: ClusterConnection,
  { health }: Transport,
  request: Requester,
  target: Target,
  failed: unknown,
  signal: AbortSignal,
): Promise<ActionError> {
  if (failed instanceof ActionError) return failed; // This may be an error of a credential plugin.
  const [cause, status] = [unwrapError(failed), parseUpgradeStatus(failed)];
  if (status === undefined) {
    health.recordFailure();
    return createNetworkError(server, cause);
  }
  try {
    const about = { path: buildPath(target), object: `port-forward to Pod ${target.namespace}/${target.pod}` };
    await request({ ...about, method: 'GET', query: { ports: String(target.ports[0]) }, accept: [400], signal });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ActionError) return error;
  }
  const { namespace, pod, ports } = target;
  return createPortForwardError(
    { namespace, pod, port: ports[0] ?? 0 },
    `the API server answers ${status} to the upgrade`,
    cause,
  );
}

function parseUpgradeStatus(failed: unknown): string | undefined {
  return /Unexpected server response: (\d{3})/.exec(unwrapError(failed).message)?.[1];
}

/** Returns the error of a refused upgrade, which rejects with an event that carries the error. */
function unwrapError(failed: unknown): Error {
  if (Error.isError(failed)) return failed;
  if (typeof failed === 'object' && failed !== null && 'error' in failed && Error.isError(failed.error))
    return failed.error;
  return new Error('the WebSocket did not open');
}
