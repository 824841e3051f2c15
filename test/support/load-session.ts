import type { Duplex } from 'node:stream';
import { connect, createSecureContext, type TLSSocket } from 'node:tls';
import type { ClientCertificate } from '../../src/servers/dial.ts';
import { readGreeting } from '../../src/servers/server-info.ts';

export type LoadTarget = {
  /** Opens a new stream to a client port. The promise must settle. */
  readonly dial: () => Promise<Duplex>;
  /** PEM bundle of the CAs that may issue the server's certificate. */
  readonly trust: string;
  /** The DNS name that the server's certificate must hold. */
  readonly serverName: string;
  /** User and password; undefined if the server finds the user by the certificate. */
  readonly credentials?: { readonly user: string; readonly password: string };
  readonly clientCertificate?: ClientCertificate;
};

export type SessionEvents = {
  /** The subject of a subscription that is sent before anything else. */
  readonly subject?: string;
  readonly onMessage: (body: string) => void;
  readonly onPong: () => void;
};

/** One authenticated connection. */
export type Session = {
  readonly send: (text: string) => void;
  /** Resolves with the reason when the connection has ended. */
  readonly ended: Promise<Error>;
  readonly close: () => void;
};

const SIGN_IN_MS = 10_000;

/** Opens a connection: connects, verifies the server, logs in, subscribes, and waits until the server has done that. */
export async function openSession(target: LoadTarget, events: SessionEvents): Promise<Session> {
  const stream = await target.dial();
  stream.on('error', () => {}); // The TLS socket or the reader of the greeting reports the error.
  const timer = setTimeout(() => stream.destroy(), SIGN_IN_MS);
  try {
    const greeting = await readGreeting(stream);
    if (!greeting.ok) throw new Error(greeting.failure.message);
    const socket = await startTls(stream, target);
    return await logIn(socket, target, events);
  } catch (error) {
    stream.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function startTls(stream: Duplex, { trust, serverName, clientCertificate }: LoadTarget): Promise<TLSSocket> {
  const own =
    clientCertificate === undefined ? {} : { cert: clientCertificate.certificate, key: clientCertificate.privateKey };
  const secureContext = createSecureContext({ ca: trust, ...own });
  const socket = connect({ socket: stream, servername: serverName, secureContext, rejectUnauthorized: true });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once('secureConnect', resolve).on('error', reject);
  socket.once('close', () => reject(new Error('the connection closed during the TLS handshake')));
  await promise;
  return socket;
}

async function logIn(socket: TLSSocket, target: LoadTarget, events: SessionEvents): Promise<Session> {
  const ready = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<Error>();
  let isReady = false;
  let reason = new Error('the server closed the connection');
  socket.on('error', (error) => {
    reason = error;
  });
  socket.once('close', () => {
    ended.resolve(reason);
    ready.reject(reason);
  });
  const onLine = (line: string) => {
    if (line === 'PING') {
      socket.write('PONG\r\n');
    } else if (line.startsWith('-ERR')) {
      reason = new Error(line);
    } else if (line === 'PONG' && isReady) {
      events.onPong();
    } else if (line === 'PONG') {
      isReady = true;
      ready.resolve();
    }
  };
  socket.on('data', protocolReader(onLine, events.onMessage));
  socket.write(`${connectLine(target)}${events.subject === undefined ? '' : `SUB ${events.subject} 1\r\n`}PING\r\n`);
  await ready.promise;
  return { send: (text) => void socket.write(text), ended: ended.promise, close: () => socket.destroy() };
}

function connectLine({ credentials }: LoadTarget): string {
  const login = credentials === undefined ? {} : { user: credentials.user, pass: credentials.password };
  const about = { verbose: false, pedantic: false, tls_required: true, lang: 'load', version: '1', protocol: 1 };
  return `CONNECT ${JSON.stringify({ ...about, ...login })}\r\n`;
}

/** Reads lines of the client protocol, and the bodies of its messages. */
function protocolReader(onLine: (line: string) => void, onMessage: (body: string) => void): (chunk: Buffer) => void {
  let unread = Buffer.alloc(0);
  return (chunk) => {
    unread = Buffer.concat([unread, chunk]);
    for (let end = unread.indexOf('\r\n'); end >= 0; end = unread.indexOf('\r\n')) {
      const line = unread.toString('utf8', 0, end);
      const size = /^MSG .* (\d+)$/.exec(line)?.[1];
      const next = size === undefined ? end + 2 : end + 2 + Number(size) + 2;
      if (unread.length < next) {
        return;
      }
      if (size === undefined) {
        onLine(line);
      } else {
        onMessage(unread.toString('utf8', end + 2, next - 2));
      }
      unread = unread.subarray(next);
    }
  };
}
