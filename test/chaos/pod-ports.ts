import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { PortForward } from '@kubernetes/client-node';
import type { TestNamespace } from '../support/namespace.ts';

export type PodPorts = {
  /** Opens a port of this machine that leads to a port of a pod. */
  readonly local: (pod: string, port: number) => Promise<number>;
  readonly close: () => void;
};

/** Opens port-forwards with the Kubernetes client's own code, as the namespace's administrator. */
export function podPorts({ config, name: namespace }: TestNamespace): PodPorts {
  const forward = new PortForward(config);
  const open: (() => void)[] = [];
  return {
    local: async (pod, port) => {
      const server = createServer((socket) => {
        open.push(() => socket.destroy());
        void carry(forward, socket, { namespace, pod, port });
      });
      open.push(() => server.close());
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      return typeof address === 'object' && address !== null ? address.port : 0;
    },
    close: () => {
      for (const end of open.toReversed()) end();
    },
  };
}

type PodPort = { readonly namespace: string; readonly pod: string; readonly port: number };

/** Carries one connection. A failure ends the connection. */
async function carry(forward: PortForward, socket: Socket, { namespace, pod, port }: PodPort): Promise<void> {
  socket.on('error', () => {});
  try {
    const carrier = await forward.portForward(namespace, pod, [port], socket, null, socket);
    const tunnel = typeof carrier === 'function' ? carrier() : carrier;
    if (tunnel === null) return void socket.destroy();
    socket.once('close', () => tunnel.close());
    tunnel.onclose = () => socket.destroy();
    if (socket.destroyed) tunnel.close();
  } catch {
    socket.destroy();
  }
}
