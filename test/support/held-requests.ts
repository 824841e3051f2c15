import { once } from 'node:events';
import { createServer, type IncomingMessage, request as plainRequest } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';
import type { Duplex } from 'node:stream';
import type { TestNamespace } from './namespace.ts';

/** The part of a request that decides whether it is held. */
export type Asked = { readonly method: string; readonly path: string; readonly contentType: string };

/** A proxy in front of the API server, over plain HTTP, which holds some requests so that a run stays at that point. */
export type HeldRequests = {
  readonly url: string;
  /** Resolves when the first request is held. */
  readonly reached: Promise<void>;
  /** Releases the waiting requests and all later ones. A second call does nothing. */
  readonly release: () => void;
  readonly close: () => Promise<void>;
};

/** Holds every request for which `isHeld` is true, including port-forwards, until they are released. */
export async function holdRequests(
  { config }: TestNamespace,
  isHeld: (asked: Asked) => boolean,
): Promise<HeldRequests> {
  const cluster = config.getCurrentCluster();
  const { hostname, port, host, protocol } = new URL(cluster?.server ?? '');
  const agent = new Agent({ ca: Buffer.from(cluster?.caData ?? '', 'base64'), keepAlive: true });
  const optionsOf = ({ method = 'GET', url = '/', headers }: IncomingMessage): RequestOptions => {
    return { agent, hostname, port, method, path: url, headers: { ...headers, host } };
  };
  const ask = (options: RequestOptions) =>
    protocol === 'http:' ? plainRequest({ ...options, agent: undefined }) : request(options);
  const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const pass = async (incoming: IncomingMessage): Promise<void> => {
    const { method = 'GET', url: path = '/', headers } = incoming;
    if (!isHeld({ method, path, contentType: headers['content-type'] ?? '' })) return;
    reached.resolve();
    await released.promise;
  };
  const server = createServer((incoming, response) => {
    void pass(incoming).then(() => {
      const outgoing = ask(optionsOf(incoming));
      outgoing.on('response', (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        response.flushHeaders(); // A watch may send nothing else for minutes.
        answer.on('error', () => response.destroy());
        answer.pipe(response);
      });
      outgoing.on('error', () => response.destroy());
      response.on('close', () => outgoing.destroy());
      incoming.pipe(outgoing);
    });
  });
  server.on('upgrade', (incoming, socket, head) => {
    socket.on('error', ignore);
    void pass(incoming).then(() => carry(ask(optionsOf(incoming)), socket, head));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the held requests have no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    reached: reached.promise,
    release: released.resolve,
    close: async () => {
      released.resolve();
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await once(server, 'close');
    },
  };
}

/** Copies bytes in both directions after the real server has accepted the upgrade. */
function carry(outgoing: ReturnType<typeof request>, socket: Duplex, head: Buffer): void {
  const formatHead = ({ statusCode, statusMessage, rawHeaders }: IncomingMessage): string => {
    const headers = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : []));
    return `HTTP/1.1 ${statusCode} ${statusMessage}\r\n${headers.join('\r\n')}\r\n\r\n`;
  };
  outgoing.on('upgrade', (answer, other, otherHead) => {
    socket.write(formatHead(answer));
    socket.write(otherHead);
    other.write(head);
    socket.pipe(other).pipe(socket);
    socket.on('close', () => other.destroy());
    other.on('error', () => socket.destroy()).on('close', () => socket.destroy());
  });
  outgoing.on('response', (answer) => {
    socket.write(formatHead(answer));
    answer.pipe(socket);
  });
  outgoing.on('error', () => socket.destroy());
  socket.on('error', () => outgoing.destroy());
  outgoing.end();
}

function ignore(): void {}
