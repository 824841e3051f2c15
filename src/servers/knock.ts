import type { Duplex } from 'node:stream';
import { pause } from '../time/pause.ts';
import {
  type ClientCertificate,
  createTlsSettings,
  type Dial,
  type PeerCertificate,
  type ServerTarget,
  type TlsConnection,
  type TlsSettings,
} from './dial.ts';
import {
  convertSocketError,
  fail,
  runWithDeadline,
  type ServerFailure,
  type ServerResult,
  succeed,
} from './failure.ts';
import { openClientPort, openRoutePort } from './handshake.ts';
import { readGreeting } from './server-info.ts';

/**
 * The result of a check of a server. `unknown` means that the server did not answer, so the check can be repeated;
 * `failed` is final.
 */
export type Proof =
  | { readonly kind: 'verified' }
  | { readonly kind: 'failed'; readonly reason: FailedCheckReason; readonly message: string }
  | { readonly kind: 'unknown'; readonly failure: ServerFailure };

/** The result of a check that also returns the certificate that the server presented. */
export type TrustProof =
  | Exclude<Proof, { kind: 'verified' }>
  | { readonly kind: 'verified'; readonly certificate: PeerCertificate };

export type FailedCheckReason =
  | 'LeafRefused'
  | 'ForeignLeafAccepted'
  | 'MissingLeafAccepted'
  | 'OtherCertificate'
  | 'ServerCertificateRefused'
  | 'PlaintextAccepted'
  | 'WrongPasswordAccepted'
  | 'NobodyAccepted'
  | 'WrongKeyAccepted'
  | 'ForgedJwtAccepted'
  | 'MessagesMissing'
  | 'PublishForbidden';

export function createFailedCheck(reason: FailedCheckReason, message: string): Proof {
  return { kind: 'failed', reason, message };
}

export function createUnknown(failure: ServerFailure): Proof {
  return { kind: 'unknown', failure };
}

/** A server, and the leaf certificate for the connection to its port. */
export type ProbeTarget = Omit<ServerTarget, 'clientCertificate'> & { readonly leaf: ClientCertificate };

/** The first bytes of a client without credentials. Any answer to them means that the server accepted the handshake. */
export const ANONYMOUS_CONNECT = 'CONNECT {"verbose":false,"pedantic":false,"protocol":1}\r\nPING\r\n';

/**
 * The time for the server to send an alert before the client sends its first bytes, in milliseconds. If a server
 * receives more bytes together with a certificate that it refuses, it resets the connection, and the client may not
 * receive the alert.
 */
const ALERT_MS = 300;

/** Returns the first bytes of the server; undefined if the server ends the connection without any. */
export async function readFirstBytes(stream: Duplex): Promise<ServerResult<Buffer | undefined>> {
  const { promise, resolve } = Promise.withResolvers<ServerResult<Buffer | undefined>>();
  stream.on('data', (chunk: Buffer) => resolve(succeed(chunk)));
  stream.on('end', () => resolve(succeed(undefined)));
  stream.on('error', (error) => resolve(convertSocketError(error)));
  stream.on('close', () => resolve(fail('Unreachable', 'the connection broke before the server answered')));
  if (stream.errored !== null) {
    resolve(convertSocketError(stream.errored)); // It failed before the listeners were added, so no event follows.
  }
  // Reading the greeting may have paused the stream.
  stream.resume();
  return await promise;
}

/**
 * Returns the certificate that port 4222 presents, after the server accepted ours: in TLS 1.3 only an answer in NATS
 * confirms that.
 */
export async function probeClientPort(target: ServerTarget): Promise<ServerResult<PeerCertificate>> {
  return await probePort(target, 'the handshake on the client port', openClientPort, async (socket) => {
    const firstBytes = readFirstBytes(socket);
    await Promise.race([firstBytes, pause(ALERT_MS, undefined, { keepsAlive: false })]);
    if (socket.writable) {
      socket.write(ANONYMOUS_CONNECT);
    }
    const answer = await firstBytes;
    socket.end(); // A clean end informs the server at once; a cut stream does not.
    if (!answer.ok || /^(PONG|PING|INFO|-ERR)/.test(answer.value?.toString('latin1', 0, 8) ?? '')) {
      return answer;
    }
    return fail('ProtocolError', 'the client port gave no answer in NATS after the handshake');
  });
}

/**
 * Returns the certificate that port 6222 presents, after the server accepted ours: unlike the client port, the route
 * port sends INFO only inside TLS (nats-server `createRoute` in `server/route.go`).
 */
export async function probeRoutePort(target: ProbeTarget): Promise<ServerResult<PeerCertificate>> {
  const presented = { ...target, clientCertificate: target.leaf };
  return await probePort(presented, 'the handshake on the route port', openRoutePort, async (socket) => {
    const greeting = await readGreeting(socket);
    socket.end();
    return greeting;
  });
}

/** Returns the certificate that a port presents, if the server answers in `converse`, which ends the connection. */
async function probePort(
  target: ServerTarget,
  operation: string,
  open: (dial: Dial, settings: TlsSettings, ended: AbortSignal) => Promise<ServerResult<TlsConnection>>,
  converse: (socket: TlsConnection['socket']) => Promise<ServerResult<unknown>>,
): Promise<ServerResult<PeerCertificate>> {
  const settings = createTlsSettings(target.trust, target.serverName, target.clientCertificate);
  return await runWithDeadline(target.signal, target.timeoutMs, operation, async (ended) => {
    const opened = await open(target.dial, settings, ended);
    if (!opened.ok) {
      return opened;
    }
    const { socket, certificate } = opened.value;
    const answer = await converse(socket);
    return answer.ok ? succeed(certificate) : answer;
  });
}

/**
 * Converts the result of a connection: the check passes if our certificate was accepted and the server's is trusted.
 */
export function judgeAcceptance(probed: ServerResult<PeerCertificate>): TrustProof {
  if (probed.ok) {
    return { kind: 'verified', certificate: probed.value };
  }
  switch (probed.failure.reason) {
    case 'ClientCertificateRefused':
      return { kind: 'failed', reason: 'LeafRefused', message: probed.failure.message };
    case 'TlsUntrusted':
    case 'TlsNameMismatch':
    case 'TlsExpired':
      return { kind: 'failed', reason: 'ServerCertificateRefused', message: probed.failure.message };
    case 'Unreachable':
    case 'ConnectionRefused':
    case 'HandshakeBroken':
    case 'TlsNotOffered':
    case 'AuthorizationViolation':
    case 'PermissionsViolation':
    case 'NoResponders':
    case 'RequestRefused':
    case 'Timeout':
    case 'ProtocolError':
      return { kind: 'unknown', failure: probed.failure };
  }
}

/**
 * Converts the result of a connection that the server must refuse. Only the server's alert counts: a broken connection
 * shows nothing.
 */
export function judgeRefusal(
  probed: ServerResult<PeerCertificate>,
  reason: 'ForeignLeafAccepted' | 'MissingLeafAccepted',
  message: string,
): Proof {
  if (probed.ok) {
    return createFailedCheck(reason, message);
  }
  return probed.failure.reason === 'ClientCertificateRefused' ? { kind: 'verified' } : createUnknown(probed.failure);
}
