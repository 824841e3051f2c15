import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { ActionError } from '../errors.ts';
import { fail, type ServerResult, socketFailure, succeed } from './failure.ts';

/** A leaf certificate with its chain and its private key, both PEM. */
export type ClientCertificate = { readonly certificate: string; readonly privateKey: string };

/** The leaf certificate that a server presented. */
export type PeerCertificate = {
  /** The SHA-256 of the DER, lower-case hexadecimal without colons. */
  readonly fingerprint256: string;
  readonly notAfter: Date;
};

export type TlsConnection = { readonly socket: TLSSocket; readonly certificate: PeerCertificate };

export type TlsTerms = { readonly context: SecureContext; readonly serverName: string };

/**
 * Builds the CAs and the own certificate of a handshake, checked before any connection is opened.
 * @throws ActionError PKI_INVALID when a PEM can't be used; an empty bundle would silently mean the system's roots
 */
export function tlsTerms(trust: string, serverName: string, leaf?: ClientCertificate): TlsTerms {
  // Node silently skips unreadable parts of `ca`, and an empty `ca` means the system's roots.
  unlessUnusable('trust', serverName, () => new X509Certificate(trust));
  const own = leaf === undefined ? {} : { cert: leaf.certificate, key: leaf.privateKey };
  const context = unlessUnusable('clientCertificate', serverName, () =>
    // An intermediate may be given as a CA without its root; nats-server trusts one the same way.
    createSecureContext({ ca: trust, ...own, minVersion: 'TLSv1.2', allowPartialTrustChain: true }),
  );
  return { context, serverName };
}

function unlessUnusable<Value>(field: string, serverName: string, read: () => Value): Value {
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
export async function openTls(stream: Duplex, terms: TlsTerms): Promise<ServerResult<TlsConnection>> {
  if (stream.destroyed) {
    return fail('Unreachable', 'the connection closed before the TLS handshake');
  }
  const { promise, resolve } = Promise.withResolvers<ServerResult<TlsConnection>>();
  // SNI does not support addresses (RFC 6066 §3): an address is used for the check of the certificate only.
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
  // The listener stays for the life of the socket. Later errors reach its readers, and an error between two readers
  // must not be thrown.
  socket.on('error', (error) => resolve(socketFailure(error)));
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
