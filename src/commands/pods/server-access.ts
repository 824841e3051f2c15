import type { Duplex } from 'node:stream';
import { podHost } from '../../cluster/addresses.ts';
import { parsePodOrdinal } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { hasCode } from '../../errors/action-error.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { Leaf } from '../../manifests/material.ts';
import type { ServerConnection, SignIn } from '../../servers/connection.ts';
import type { Dial, ServerTarget } from '../../servers/dial.ts';
import type { ServerFailure, ServerResult } from '../../servers/failure.ts';
import { pause } from '../../time/pause.ts';

/**
 * Returns a dial that reaches a server through a port-forward to its pod. A pod that does not listen yet or was
 * deleted, or an API server that is away for a moment, is a failure of this one connection: a caller that waits for the
 * server continues to wait.
 */
export function createPodDial(api: KubernetesApi, namespace: string, pod: string): Dial {
  return async (port, signal) => {
    try {
      return await api.portForward(namespace, pod, port, signal);
    } catch (error) {
      throw convertDialError(error, port);
    }
  };
}

/**
 * Returns the error that the dial throws: a new one when only this connection failed, the given one when the whole wait
 * failed.
 */
function convertDialError(error: unknown, port: number): unknown {
  const isGone = hasCode(error, 'APPLY_REJECTED') && error.reason === 'NotFound';
  if (!isGone && !hasCode(error, 'CLUSTER_UNREACHABLE')) {
    return error;
  }
  const message = /connection refused/.test(error.message) ? `port ${port} does not listen yet` : error.message;
  return new Error(message, { cause: error });
}

const TIMEOUT_MS = 5000;

/** The way to the servers of a deployment. */
export type ServerAccess = {
  readonly api: KubernetesApi;
  readonly spec: ClusterSpec;
  readonly signal: AbortSignal;
  /** The dials that reach the servers. Without them, each connection has its own port-forward. */
  readonly dials?: Pick<SharedDials, 'reach'>;
};

/** The way to the servers of a deployment as a user of their system account. */
export type SystemAccess = ServerAccess & {
  readonly system: SignIn;
  /** The PEM bundle of the client-facing CAs. */
  readonly trust: string;
  /** Our own client certificate, if servers ask for one. */
  readonly clientCertificate: Leaf | undefined;
};

/** Returns the target for the server in a pod. `trust` has to cover its certificate. */
export function buildServerTarget(
  { api, spec, signal, dials }: ServerAccess,
  pod: string,
  trust: string,
  clientCertificate?: Leaf,
): ServerTarget {
  return {
    dial: dials?.reach(pod) ?? createPodDial(api, spec.namespace, pod),
    trust,
    serverName: podHost(spec, parsePodOrdinal(spec.name, pod) ?? 0),
    signal,
    timeoutMs: TIMEOUT_MS,
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
  };
}

type RequestedDial = {
  readonly port: Parameters<Dial>[0];
  readonly resolve: (stream: Duplex) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Dials to servers, like those of `createPodDial`. Connections that are opened to one pod at the same time share one
 * port-forward. Aborting `signal` closes all connections, because not every caller notices that a pod has closed its
 * connection.
 */
export class SharedDials {
  readonly #api: Pick<KubernetesApi, 'portForwards'>;
  readonly #namespace: string;
  readonly #signal: AbortSignal;
  /** The dials requested in this turn of the event loop, by pod. */
  readonly #requested = new Map<string, readonly RequestedDial[]>();

  constructor(api: Pick<KubernetesApi, 'portForwards'>, namespace: string, signal: AbortSignal) {
    this.#api = api;
    this.#namespace = namespace;
    this.#signal = signal;
  }

  /** Returns the dial that reaches the server in a pod. */
  reach(pod: string): Dial {
    return async (port) => {
      const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
      const requested = this.#requested.get(pod) ?? [];
      // Other dials in this turn of the event loop share the port-forward.
      if (requested.length === 0) setImmediate(() => void this.#open(pod));
      this.#requested.set(pod, [...requested, { port, resolve, reject }]);
      return await promise;
    };
  }

  async #open(pod: string): Promise<void> {
    const waiting = this.#requested.get(pod) ?? [];
    this.#requested.delete(pod);
    try {
      const ports = waiting.map(({ port }) => port);
      const streams = await this.#api.portForwards(this.#namespace, pod, ports, this.#signal);
      for (const [index, stream] of streams.entries()) waiting[index]?.resolve(stream);
    } catch (error) {
      for (const { port, reject } of waiting) reject(convertDialError(error, port));
    }
  }
}

/**
 * The time in milliseconds for which a connection is tried again, by its failure. These failures are not answers of the
 * server: a port-forward broke, or a node is busy.
 */
const RETRY_MS: ReadonlyMap<ServerFailure['reason'], number> = new Map([
  ['Unreachable', 60_000],
  ['Timeout', 60_000],
  ['ProtocolError', 15_000],
  ['HandshakeBroken', 15_000],
  ['ConnectionRefused', 6000],
]);
/**
 * The time in milliseconds within which a broken handshake is a refusal, if it happens several times. On a busy node, a
 * handshake breaks only after seconds.
 */
const QUICK_MS = 1000;
const MAX_QUICK_BREAKS = 3;
const PAUSE_MS = 250;

type Open = () => Promise<ServerResult<ServerConnection>>;
export type Use = (connection: ServerConnection) => Promise<ServerResult<undefined>>;

/**
 * Opens and uses a connection. Tries again after a connection that broke, or for which the server had no capacity.
 * Returns every other answer at once.
 */
export async function useConnection(open: Open, use: Use, signal: AbortSignal): Promise<ServerResult<undefined>> {
  const began = performance.now();
  for (let quickBreaks = 0; ; ) {
    const openedAt = performance.now();
    const opened = await open();
    const result = opened.ok ? await use(opened.value) : opened;
    if (opened.ok) {
      await opened.value.close();
    }
    if (result.ok || performance.now() - began >= (RETRY_MS.get(result.failure.reason) ?? 0)) {
      return result;
    }
    const isQuickBreak = result.failure.reason === 'HandshakeBroken' && performance.now() - openedAt < QUICK_MS;
    quickBreaks += isQuickBreak ? 1 : 0;
    if (quickBreaks >= MAX_QUICK_BREAKS) {
      return result;
    }
    await pause(PAUSE_MS, signal);
  }
}
