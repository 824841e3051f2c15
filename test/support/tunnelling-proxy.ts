import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';

/** An HTTP proxy that opens tunnels (RFC 9110 section 9.3.6), all of them to one address. */
export type TunnellingProxy = {
  readonly url: string;
  /** Returns the `host:port` of each requested tunnel. */
  readonly asked: () => readonly string[];
  readonly close: () => Promise<void>;
};

/**
 * Starts a proxy that leads to `to` for every requested host: a name that does not resolve is reachable only through
 * it.
 */
export async function startTunnellingProxy(to: URL): Promise<TunnellingProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_, response) => void response.writeHead(405).end());
  server.on('connect', ({ url = '' }, client, head) => {
    asked.push(url);
    const upstream = connect(Number(to.port), to.hostname, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      client.pipe(upstream).pipe(client);
    });
    sockets.add(upstream);
    const end = (): void => {
      upstream.destroy();
      client.destroy();
    };
    for (const socket of [upstream, client]) socket.on('error', end).on('close', end);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked: () => asked,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
