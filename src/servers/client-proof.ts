import type { Duplex } from 'node:stream';
import { CLIENT_PORT } from '../cluster/addresses.ts';
import { dialStream, type ServerTarget } from './dial.ts';
import { runWithDeadline, type ServerResult, succeed } from './failure.ts';
import {
  ANONYMOUS_CONNECT,
  createFailedCheck,
  createUnknown,
  judgeAcceptance,
  judgeRefusal,
  type ProbeTarget,
  type Proof,
  probeClientPort,
  probeRoutePort,
  readFirstBytes,
  type TrustProof,
} from './knock.ts';
import { readGreeting } from './server-info.ts';

type PlaintextTarget = Pick<ServerTarget, 'dial' | 'signal' | 'timeoutMs'>;

/** Verifies that the client port answers no NATS command before TLS. No credentials are sent. */
export async function verifyPlaintextRefused(target: PlaintextTarget): Promise<Proof> {
  const answer = await runWithDeadline(target.signal, target.timeoutMs, 'the plaintext probe', async (ended) => {
    const dialled = await dialStream(target.dial, CLIENT_PORT, ended);
    if (!dialled.ok) {
      return dialled;
    }
    const stream = dialled.value;
    const greeting = await readGreeting(stream);
    const accepted = greeting.ok && greeting.value.info.tlsRequired ? await speakPlaintext(stream) : undefined;
    stream.destroy();
    return accepted ?? (greeting.ok ? succeed('INFO without tls_required') : greeting);
  });
  if (!answer.ok) {
    return createUnknown(answer.failure);
  }
  return answer.value === undefined
    ? { kind: 'verified' }
    : createFailedCheck(
        'PlaintextAccepted',
        `the client port speaks NATS without TLS: ${JSON.stringify(answer.value)}`,
      );
}

/**
 * The interval of the PINGs. If the client stops writing, a container runtime reports only after a second that the
 * server has closed the connection (containerd, `openPortForward` in
 * `internal/cri/server/sandbox_portforward_linux.go`).
 */
const PING_EVERY_MS = 20;

/** The error for a write to a connection that the server has closed, as Go's `syscall` writes it. */
const CLOSED = /write: broken pipe/;

/**
 * Returns the server's answer in NATS to a plaintext CONNECT and PING; undefined if the server closes or answers in
 * TLS.
 */
async function speakPlaintext(stream: Duplex): Promise<ServerResult<string | undefined>> {
  const firstBytes = readFirstBytes(stream);
  stream.write(ANONYMOUS_CONNECT);
  const pings = setInterval(() => stream.writable && stream.write('PING\r\n'), PING_EVERY_MS);
  const answer = await firstBytes.finally(() => clearInterval(pings));
  if (!answer.ok) {
    return CLOSED.test(answer.failure.message) ? succeed(undefined) : answer;
  }
  if (answer.value === undefined) {
    return succeed(undefined);
  }
  // 21 is the TLS record type of an alert (RFC 8446 §5.1); an -ERR that requires TLS is a refusal as well.
  const text = answer.value.toString('latin1', 0, 60);
  return succeed(answer.value[0] === 21 || /^-ERR .*TLS/i.test(text) ? undefined : text);
}

/** Verifies that port 4222 presents a certificate that `trust` covers, and that its TLS accepts the client's `leaf`. */
export async function verifyClientTrust({ leaf, ...target }: ProbeTarget): Promise<TrustProof> {
  return judgeAcceptance(await probeClientPort({ ...target, clientCertificate: leaf }));
}

/** Verifies that port 4222 refuses `leaf`, a certificate of a CA that clients must not use. */
export async function verifyClientRefusesForeign({ leaf, ...target }: ProbeTarget): Promise<Proof> {
  const message = 'the client port accepts a certificate of an untrusted CA';
  return judgeRefusal(await probeClientPort({ ...target, clientCertificate: leaf }), 'ForeignLeafAccepted', message);
}

/** Verifies that port 4222 refuses clients without a certificate; the target's own certificate is not used. */
export async function verifyNoCertificateRefused(target: ServerTarget): Promise<Proof> {
  const { clientCertificate: _, ...bare } = target;
  const message = 'the client port accepts clients without a certificate';
  return judgeRefusal(await probeClientPort(bare), 'MissingLeafAccepted', message);
}

/**
 * Verifies that port 6222 presents a certificate that `trust` covers, and that its TLS accepts the peer's `leaf`. Returns
 * the presented certificate.
 */
export async function verifyRouteTrust(target: ProbeTarget): Promise<TrustProof> {
  return judgeAcceptance(await probeRoutePort(target));
}

/** Verifies that port 6222 refuses `leaf`, a certificate of a CA that the routes must not trust. */
export async function verifyRouteRefusesForeign(target: ProbeTarget): Promise<Proof> {
  const message = 'the route port accepts a certificate of an untrusted CA';
  return judgeRefusal(await probeRoutePort(target), 'ForeignLeafAccepted', message);
}
