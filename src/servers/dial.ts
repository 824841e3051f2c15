import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { CLIENT_PORT, type ROUTE_PORT } from '../cluster/addresses.ts';
import { ActionError } from '../errors/action-error.ts';
import { convertSocketError, fail, type ServerResult, succeed } from './failure.ts';

/** The port for clients or the port for routes. */
export type ServerPort = typeof CLIENT_PORT | typeof ROUTE_PORT;

/** Opens a byte stream to one port of one server; in production a Kubernetes port-forward. */
export type Dial = (port: ServerPort, signal: AbortSignal) => Promise<Duplex>;

/** Opens a stream. The stream is destroyed as soon as `signal` aborts, also if the dialer answers only after that. */
export async function dialStream(dial: Dial, port: ServerPort, signal: AbortSignal): Promise<ServerResult<Duplex>> {
  let stream: Duplex;
  try {
    stream = await dial(port, signal);
  } catch (error) {
    if (error instanceof ActionError) {
      throw error; // Its hint already states what to do next, for example about a missing permission.
    }
    return convertSocketError(error);
  }
  // Errors reach the current reader; without this listener, Node would throw an error that occurs between two readers.
  stream.on('error', () => {});
  if (signal.aborted) {
    stream.destroy();
    if (signal.reason instanceof ActionError) {
      throw signal.reason;
    }
    return convertSocketError(signal.reason);
  }
  const close = () => stream.destroy();
  signal.addEventListener('abort', close, { once: true });
  stream.once('close', () => signal.removeEventListener('abort', close));
  return succeed(stream);
}

/** A leaf certificate with its chain and its private key, both PEM. */
export type ClientCertificate = { readonly certificate: string; readonly privateKey: string };

/** The leaf certificate that a server presented. */
export type PeerCertificate = {
  /** The SHA-256 of the DER, lower-case hexadecimal without colons. */
  readonly fingerprint256: string;
  readonly notAfter: Date;
};

export type TlsConnection = { readonly socket: TLSSocket; readonly certificate: PeerCertificate };

export type TlsSettings = { readonly context: SecureContext; readonly serverName: string };

/**
 * Builds the TLS settings of a handshake: the trusted CAs and the client certificate. They are checked before any
 * connection is opened.
 * @throws ActionError PKI_INVALID when a PEM can't be used; an empty bundle is refused too, because Node would silently
 * use the system's roots
 */
export function createTlsSettings(trust: string, serverName: string, leaf?: ClientCertificate): TlsSettings {
  // Node silently skips unreadable parts of `ca`, and an empty `ca` means the system's roots.
  requireUsable('trust', serverName, () => new X509Certificate(trust));
  const own = leaf === undefined ? {} : { cert: leaf.certificate, key: leaf.privateKey };
  const context = requireUsable('clientCertificate', serverName, () =>
    // A trusted CA may be an intermediate without its root, as for nats-server.
    createSecureContext({ ca: trust, ...own, minVersion: 'TLSv1.2', allowPartialTrustChain: true }),
  );
  return { context, serverName };
}

function requireUsable<Value>(field: string, serverName: string, read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    throw new ActionError('PKI_INVALID', `the ${field} PEM for a connection to ${serverName} can't be used`, {
      hint: 'Check that every PEM is complete and that the private key belongs to its certificate.',
      details: { field },
      cause,
    });
  }
}

/**
 * Starts TLS over `stream` and verifies the peer against the trusted CAs and the name. In TLS 1.3 this does not mean
 * yet that the peer accepted our certificate: its alert arrives at the first read.
 */
export async function openTls(stream: Duplex, terms: TlsSettings): Promise<ServerResult<TlsConnection>> {
  if (stream.destroyed) {
    return fail('Unreachable', 'the connection closed before the TLS handshake');
  }
  const { promise, resolve } = Promise.withResolvers<ServerResult<TlsConnection>>();
  // SNI does not support IP addresses (RFC 6066 §3), so an address is used only to check the certificate.
  const name = isIP(terms.serverName) === 0 ? { servername: terms.serverName } : { host: terms.serverName };
  const socket = connect({ socket: stream, secureContext: terms.context, rejectUnauthorized: true, ...name });
  socket.once('secureConnect', () => {
    const peer = socket.getPeerX509Certificate();
    if (!socket.authorized || peer === undefined) {
      resolve(fail('TlsUntrusted', `the certificate of ${terms.serverName} isn't trusted`));
      return;
    }
    const fingerprint256 = peer.fingerprint256.replaceAll(':', '').toLowerCase();
    resolve(succeed({ socket, certificate: { fingerprint256, notAfter: new Date(peer.validTo) } }));
  });
  // The listener stays for the life of the socket: without it, Node would throw an error that occurs between two
  // readers. Readers of the socket receive later errors themselves.
  socket.on('error', (error) => resolve(convertSocketError(error)));
  socket.once('close', () => {
    resolve(fail('Unreachable', 'the connection closed during the TLS handshake'));
    stream.destroy();
  });
  const result = await promise;
  if (!result.ok) {
    socket.destroy();
    stream.destroy();
  }
  return result;
}

/** One server, and the settings of the connections to it. */
export type ServerTarget = {
  readonly dial: Dial;
  /** The PEM bundle of the CAs that are trusted to issue the server's certificate; the system's roots are not used. */
  readonly trust: string;
  /** The name (or address) that the server's certificate must contain. */
  readonly serverName: string;
  /** The client certificate, if the server requests one. */
  readonly clientCertificate?: ClientCertificate;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
};

/** A port of this machine that leads to servers. TLS is between the client and the server. */
export type Tunnel = { readonly port: number; readonly close: () => Promise<void> };

/** Opens a tunnel that listens on 127.0.0.1 only. Each connection leads to the next reachable server. */
export async function openTunnel(servers: readonly Dial[], signal: AbortSignal): Promise<Tunnel> {
  const open = new Set<Duplex>();
  let next = 0;
  const carry = async (socket: Socket): Promise<void> => {
    open.add(socket);
    const turn = next % servers.length;
    next += 1;
    try {
      const stream = await dialFirstReachable([...servers.slice(turn), ...servers.slice(0, turn)], signal);
      open.add(stream);
      await Promise.all([pipeline(socket, stream, { signal }), pipeline(stream, socket, { signal })]);
      open.delete(stream);
    } catch {
      // The client sees a connection that ends, as if the server had ended it.
    } finally {
      socket.destroy();
      open.delete(socket);
    }
  };
  const listener = createServer((socket) => void carry(socket));
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  const address = listener.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: async () => {
      const closed = once(listener, 'close');
      listener.close();
      open.forEach((stream) => stream.destroy());
      await closed;
    },
  };
}

/**
 * Opens a stream to the first reachable server.
 * @throws the error of the last server
 */
async function dialFirstReachable([first, ...others]: readonly Dial[], signal: AbortSignal): Promise<Duplex> {
  if (first === undefined) throw new Error('no server to connect to');
  try {
    return await first(CLIENT_PORT, signal);
  } catch (error) {
    if (others.length === 0 || signal.aborted) throw error;
    return await dialFirstReachable(others, signal);
  }
}
