import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { ActionError } from '../errors.ts';
import { fail, type ServerResult, socketFailure, succeed } from './failure.ts';

/** A leaf with its chain and its private key, both PEM. */
export type ClientCertificate = { readonly certificate: string; readonly privateKey: string };

/** The leaf a server presented. */
export type PeerCertificate = {
  /** SHA-256 of the DER, lower-case hexadecimal without colons. */
  readonly fingerprint256: string;
  readonly notAfter: Date;
};

export type TlsConnection = { readonly socket: TLSSocket; readonly certificate: PeerCertificate };

export type TlsTerms = { readonly context: SecureContext; readonly serverName: string };

/**
 * The authorities and the own leaf of a handshake, checked before anything is dialled.
 * @throws ActionError PKI_INVALID when a PEM can't be used; an empty bundle would silently mean the system's roots
 */
export function tlsTerms(trust: string, serverName: string, leaf?: ClientCertificate): TlsTerms {
  // Node skips what it can't read of `ca` without a word, and takes an empty one for the system's roots.
  unlessUnusable('trust', serverName, () => new X509Certificate(trust));
  const own = leaf === undefined ? {} : { cert: leaf.certificate, key: leaf.privateKey };
  const context = unlessUnusable('clientCertificate', serverName, () =>
    // An intermediate may be given as an authority without its root; nats-server trusts one the same way.
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
 * TLS over `stream`, the peer verified against the terms' authorities and name. In TLS 1.3 this doesn't yet mean that
 * the peer accepted our leaf: its alert arrives at the first read.
 */
export async function openTls(stream: Duplex, terms: TlsTerms): Promise<ServerResult<TlsConnection>> {
  if (stream.destroyed) {
    return fail('Unreachable', 'the connection closed before the TLS handshake');
  }
  const { promise, resolve } = Promise.withResolvers<ServerResult<TlsConnection>>();
  // SNI knows no addresses (RFC 6066 §3): for one, only the check of the certificate is told.
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
  // Stays for the life of the socket: later errors reach its readers, and one between two readers mustn't be thrown.
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
