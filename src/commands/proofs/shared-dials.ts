import type { Duplex } from 'node:stream';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { Dial } from '../../servers/dial.ts';
import { dialFailure } from '../gate/pod-dial.ts';

type Asked = {
  readonly port: Parameters<Dial>[0];
  readonly resolve: (stream: Duplex) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Reaches servers as `podDial` does. Connections that are dialled to one pod at the same time share one port-forward.
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
      for (const { port, reject } of together) reject(dialFailure(error, port));
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
