import { hasCode } from '../../errors.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { Dial } from '../../servers/dial.ts';

/**
 * Returns a dial that reaches a server through a port-forward to its pod. A pod that does not listen yet or was
 * deleted, or an API server that is away for a moment, is a failure of this one connection: a caller that waits for the
 * server continues to wait.
 */
export function podDial(api: KubernetesApi, namespace: string, pod: string): Dial {
  return async (port, signal) => {
    try {
      return await api.portForward(namespace, pod, port, signal);
    } catch (error) {
      throw dialFailure(error, port);
    }
  };
}

/**
 * Returns the error that the dial throws: a new one when only this connection failed, the given one when the whole wait
 * failed.
 */
export function dialFailure(error: unknown, port: number): unknown {
  const isGone = hasCode(error, 'APPLY_REJECTED') && error.reason === 'NotFound';
  if (!isGone && !hasCode(error, 'CLUSTER_UNREACHABLE')) {
    return error;
  }
  const message = /connection refused/.test(error.message) ? `port ${port} does not listen yet` : error.message;
  return new Error(message, { cause: error });
}
