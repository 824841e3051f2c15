import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';
import type { Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { TestNamespace } from './namespace.ts';

/** A proxy in front of the API server, over plain HTTP, that lets a run do a number of writes and no further ones. */
export type WritePoint = {
  readonly url: string;
  /** The `METHOD path` of every answered write. */
  readonly writes: readonly string[];
  readonly close: () => Promise<void>;
};

type WritePointOptions = {
  /** The number of writes that pass. */
  readonly last: number;
  /** Returns the index, from 0, of the waiting write that passes next. */
  readonly pick: (waiting: number) => number;
  /** Runs when the last write is in the cluster and its answer is being sent. */
  readonly onLast: () => void;
};

type Write = { readonly incoming: IncomingMessage; readonly body: Buffer; readonly response: ServerResponse };
type Upstream = (incoming: IncomingMessage) => RequestOptions;

const READS: readonly (string | undefined)[] = ['GET', 'HEAD', 'OPTIONS'];
/**
 * Requests with a write method that change nothing: questions about permissions, which are sent by POST, and dry runs.
 */
const HARMLESS = /^\/apis\/authorization\.k8s\.io\/|[?&]dryRun=All\b/;
/** The time in which all writes of one wave arrive, so that the test can choose any of them as the first. */
const GATHER_MS = 20;

/**
 * Starts the server. Writes pass one at a time, so that exactly the first `last` of them are in the cluster when
 * `onLast` is called.
 */
export async function startWritePoint({ config }: TestNamespace, terms: WritePointOptions): Promise<WritePoint> {
  const cluster = config.getCurrentCluster();
  const { hostname, port, host } = new URL(cluster?.server ?? '');
  const agent = new Agent({ ca: Buffer.from(cluster?.caData ?? '', 'base64'), keepAlive: true });
  const upstream: Upstream = ({ method = 'GET', url = '/', headers }) => {
    return { agent, hostname, port, method, path: url, headers: { ...headers, host } };
  };
  const writes: string[] = [];
  const add = writeQueue(upstream, writes, terms);
  const server = createServer((incoming, response) => {
    const isRead = READS.includes(incoming.method) || HARMLESS.test(incoming.url ?? '');
    if (isRead) incoming.pipe(forwarded(upstream(incoming), response));
    else void buffer(incoming).then((body) => add({ incoming, body, response }), ignore);
  });
  server.on('upgrade', (incoming, socket, head) => upgrade(upstream(incoming), socket, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the write point has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    writes,
    close: async () => {
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await once(server, 'close');
    },
  };
}

function writeQueue(
  upstream: Upstream,
  writes: string[],
  { last, pick, onLast }: WritePointOptions,
): (write: Write) => void {
  const waiting: Write[] = [];
  let isBusy = false;
  const next = (): void => {
    const [write] = writes.length < last ? waiting.splice(pick(waiting.length), 1) : [];
    isBusy = write !== undefined;
    if (write === undefined) return;
    const { incoming, body, response } = write;
    // The answer has begun, so the write is done, even if the client is gone.
    const onAnswer = (): void => {
      writes.push(`${incoming.method} ${incoming.url?.split('?')[0]}`);
      if (writes.length === last) onLast();
      next();
    };
    forwarded(upstream(incoming), response, onAnswer).end(body);
  };
  return (write) => {
    waiting.push(write);
    if (isBusy) return;
    isBusy = true;
    setTimeout(next, GATHER_MS);
  };
}

/** Sends the request to the real server and returns its answer to the client. The caller ends it with the body. */
function forwarded(options: RequestOptions, response: ServerResponse, onAnswer: () => void = ignore) {
  const outgoing = request(options, (answer) => {
    onAnswer();
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  });
  outgoing.on('error', () => response.destroy());
  response.on('close', () => outgoing.destroy());
  return outgoing;
}

/** Copies the bytes of a port-forward in both directions after the real server has accepted the upgrade. */
function upgrade(options: RequestOptions, socket: Duplex, head: Buffer): void {
  const outgoing = request(options);
  const answered = ({ statusCode, statusMessage, rawHeaders }: IncomingMessage): string => {
    const headers = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : []));
    return `HTTP/1.1 ${statusCode} ${statusMessage}\r\n${headers.join('\r\n')}\r\n\r\n`;
  };
  outgoing.on('upgrade', (answer, other, otherHead) => {
    socket.write(answered(answer));
    socket.write(otherHead);
    other.write(head);
    socket.pipe(other).pipe(socket);
    socket.on('close', () => other.destroy());
    other.on('error', () => socket.destroy()).on('close', () => socket.destroy());
  });
  outgoing.on('response', (answer) => {
    socket.write(answered(answer));
    answer.pipe(socket);
  });
  outgoing.on('error', () => socket.destroy());
  socket.on('error', () => outgoing.destroy());
  outgoing.end();
}

function ignore(): void {}
