import type { ServerTarget } from './connection.ts';
import { withDeadline } from './deadline.ts';
import { dialStream } from './dial.ts';
import { type ServerResult, succeed } from './failure.ts';
import { disproved, type Proof, unknown } from './proof.ts';
import { readGreeting } from './server-info.ts';
import { type ClientCertificate, openTls, type PeerCertificate, tlsTerms } from './tls.ts';

type RouteTarget = Omit<ServerTarget, 'clientCertificate'> & { readonly leaf: ClientCertificate };

export type RouteProof =
  | Exclude<Proof, { kind: 'proved' }>
  | { readonly kind: 'proved'; readonly certificate: PeerCertificate };

/** Proves that 6222 presents a certificate `trust` covers and accepts `leaf`; tells the fingerprint it presents. */
export async function proveRouteTrust(target: RouteTarget): Promise<RouteProof> {
  const accepted = await knock(target);
  if (accepted.ok) {
    return { kind: 'proved', certificate: accepted.value };
  }
  switch (accepted.failure.reason) {
    case 'ClientCertificateRefused':
      return { kind: 'disproved', reason: 'LeafRefused', message: accepted.failure.message };
    case 'TlsUntrusted':
    case 'TlsNameMismatch':
    case 'TlsExpired':
      return { kind: 'disproved', reason: 'ServerCertificateRefused', message: accepted.failure.message };
    case 'Unreachable':
    case 'TlsNotOffered':
    case 'AuthorizationViolation':
    case 'PermissionsViolation':
    case 'NoResponders':
    case 'RequestRefused':
    case 'Timeout':
    case 'ProtocolError':
      return { kind: 'unknown', failure: accepted.failure };
  }
}

/**
 * Proves that 6222 refuses `leaf`, issued by an authority the routes must not trust. Only the server's alert counts:
 * a connection that merely breaks shows nothing.
 */
export async function proveRouteRefusesForeign(target: RouteTarget): Promise<Proof> {
  const accepted = await knock(target);
  if (accepted.ok) {
    return disproved('ForeignLeafAccepted', 'the route port accepts a certificate of a foreign authority');
  }
  return accepted.failure.reason === 'ClientCertificateRefused' ? { kind: 'proved' } : unknown(accepted.failure);
}

/**
 * TLS at once, then INFO: unlike the client port, the route port sends INFO only inside TLS (nats-server
 * `createRoute` in `server/route.go`), so reading it shows that the server accepted the leaf.
 */
async function knock(target: RouteTarget): Promise<ServerResult<PeerCertificate>> {
  const terms = tlsTerms(target.trust, target.serverName, target.leaf);
  return await withDeadline(target.signal, target.timeoutMs, 'the handshake on the route port', async (ended) => {
    const dialled = await dialStream(target.dial, 6222, ended);
    if (!dialled.ok) {
      return dialled;
    }
    const opened = await openTls(dialled.value, terms);
    if (!opened.ok) {
      return opened;
    }
    const { socket, certificate } = opened.value;
    const greeting = await readGreeting(socket);
    socket.destroy();
    return greeting.ok ? succeed(certificate) : greeting;
  });
}
