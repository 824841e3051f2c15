import type { Duplex } from 'node:stream';
import { podHost } from '../../cluster/addresses.ts';
import { podOrdinal } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { hasCode } from '../../errors/action-error.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { Leaf } from '../../manifests/material.ts';
import type { Dial, ServerTarget } from '../../servers/dial.ts';

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

/** The terms that every check of a server needs. */
export type ServerAccess = {
  readonly api: KubernetesApi;
  readonly spec: ClusterSpec;
  readonly signal: AbortSignal;
  /** Returns the dial that reaches a server. Without this function, each connection has its own port-forward. */
  readonly dials?: (pod: string) => Dial;
};

/** Returns the target for the server in a pod. `trust` has to cover its certificate. */
export function buildServerTarget(
  { api, spec, signal, dials }: ServerAccess,
  pod: string,
  trust: string,
  clientCertificate?: Leaf,
): ServerTarget {
  return {
    dial: dials?.(pod) ?? createPodDial(api, spec.namespace, pod),
    trust,
    serverName: podHost(spec, podOrdinal(spec.name, pod) ?? 0),
    signal,
    timeoutMs: TIMEOUT_MS,
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
  };
}

type Asked = {
  readonly port: Parameters<Dial>[0];
  readonly resolve: (stream: Duplex) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Reaches servers as `createPodDial` does. Connections that are dialled to one pod at the same time share one
 * port-forward.
 * Aborting `signal` ends them all: a check ends its own connections, but not every caller learns that a pod has ended
 * its own.
 */
export function sharedDials(
  api: Pick<KubernetesApi, 'portForwards'>,
  namespace: string,
  signal: AbortSignal,
): (pod: string) => Dial {
  const dials = new Map<string, Dial>();
  return (pod) => {
    const dial = dials.get(pod) ?? sharedDial(api, { namespace, pod }, signal);
    dials.set(pod, dial);
    return dial;
  };
}

function sharedDial(
  api: Pick<KubernetesApi, 'portForwards'>,
  { namespace, pod }: { readonly namespace: string; readonly pod: string },
  signal: AbortSignal,
): Dial {
  let asked: readonly Asked[] = [];
  const open = async (): Promise<void> => {
    const together = asked;
    asked = [];
    try {
      const ports = together.map(({ port }) => port);
      const streams = await api.portForwards(namespace, pod, ports, signal);
      for (const [index, stream] of streams.entries()) together[index]?.resolve(stream);
    } catch (error) {
      for (const { port, reject } of together) reject(convertDialError(error, port));
    }
  };
  return async (port) => {
    const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
    // Other dials in this turn of the event loop share the port-forward.
    if (asked.length === 0) setImmediate(() => void open());
    asked = [...asked, { port, resolve, reject }];
    return await promise;
  };
}
