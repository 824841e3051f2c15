import { hasCode } from '../../errors.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { Dial } from '../../servers/dial.ts';

/**
 * Reaches a server through a port-forward to its pod. A pod that does not listen yet or was deleted, or an API server
 * that is away for a moment, is a failure of this one connection: whoever waits for the server goes on waiting.
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

/** What is a failure of this one connection, or of the whole wait, as its dialler throws it. */
export function dialFailure(error: unknown, port: number): unknown {
  const isGone = hasCode(error, 'APPLY_REJECTED') && error.reason === 'NotFound';
  if (!isGone && !hasCode(error, 'CLUSTER_UNREACHABLE')) {
    return error;
  }
  const message = /connection refused/.test(error.message) ? `port ${port} does not listen yet` : error.message;
  return new Error(message, { cause: error });
}
