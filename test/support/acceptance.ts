import { randomBytes, type X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { parseCa } from '../../src/pki/ca.ts';
import { issueLeaf } from '../../src/pki/issue.ts';
import { computeValidity } from '../../src/pki/signed-certificate.ts';
import type { ClientCertificate } from '../../src/servers/dial.ts';
import { eventually } from './eventually.ts';
import { type LoadTarget, openSession } from './load-session.ts';
import type { ServerReach } from './server-reach.ts';

const HOUR_MS = 3_600_000;

/**
 * Matches an outcome that shows the decision of the server. A connection that merely breaks, for example by a time
 * limit of the server on a busy machine, shows no decision.
 */
const ANSWER = /^(accepted|UNABLE_TO_|ERR_SSL_|-ERR 'Authorization Violation')/;
const ANSWER_SECONDS = 60;

/**
 * Returns `accepted`, or the reason why this client has no connection: the code of the TLS error, or the server's
 * words.
 */
export async function tryClient(target: LoadTarget): Promise<string> {
  return await answer('an answer to a client', async () => await clientAttempt(target));
}

/** Returns `accepted` when a server greets this peer as one of its routes, or the code of the TLS alert. */
export async function tryRoute(reach: ServerReach, pod: string, leaf: ClientCertificate): Promise<string> {
  return await answer('an answer to a route', async () => await routeAttempt(reach, pod, leaf));
}

async function answer(expectation: string, attempt: () => Promise<string>): Promise<string> {
  return await eventually(expectation, ANSWER_SECONDS, async () => {
    const outcome = await attempt();
    return ANSWER.test(outcome) ? outcome : undefined;
  });
}

async function clientAttempt(target: LoadTarget): Promise<string> {
  try {
    const session = await openSession(target, { onMessage: () => {}, onPong: () => {} });
    session.close();
    return 'accepted';
  } catch (error) {
    return outcomeOf(error);
  }
}

async function routeAttempt(reach: ServerReach, pod: string, leaf: ClientCertificate): Promise<string> {
  const stream = await reach.dial(pod, 6222);
  const own = { cert: leaf.certificate, key: leaf.privateKey };
  // This peer accepts every certificate, so that only the server can refuse the connection.
  const socket = connect({ socket: stream, rejectUnauthorized: false, ...own });
  const { promise, resolve } = Promise.withResolvers<string>();
  socket.on('data', (chunk: Buffer) => resolve(chunk.toString('latin1', 0, 4) === 'INFO' ? 'accepted' : 'no greeting'));
  socket.on('error', (error) => resolve(outcomeOf(error)));
  socket.once('close', () => resolve('closed without a word'));
  try {
    return await promise;
  } finally {
    socket.destroy();
    stream.destroy();
  }
}

/** Reads the leaf certificate that a port presents. Repeats the handshake if it breaks without a refusal. */
export async function readPresentedCertificate(
  reach: ServerReach,
  pod: string,
  port: 4222 | 6222,
): Promise<X509Certificate> {
  return await eventually(`the certificate of ${pod}:${port}`, ANSWER_SECONDS, async () => {
    try {
      return await reach.presented(pod, port);
    } catch {
      return undefined; // The caller reports that no certificate arrived.
    }
  });
}

/** Issues a route certificate of this CA that is valid from now on. */
export async function issueRouteCertificate(
  namespace: string,
  { certificate, privateKey }: ClientCertificate,
): Promise<ClientCertificate> {
  const { certificatePem, privateKeyPem } = await issueLeaf(parseCa(certificate, privateKey), {
    commonName: 'nats-0',
    keyAlgorithm: 'ecdsa-p256',
    serial: randomBytes(16),
    subjectAltNames: { dnsNames: [`nats-0.${namespace}.svc`], ipAddresses: [] },
    usages: ['serverAuth', 'clientAuth'],
    ...computeValidity(new Date(), HOUR_MS),
  });
  return { certificate: certificatePem, privateKey: privateKeyPem };
}

function outcomeOf(error: unknown): string {
  if (!Error.isError(error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
