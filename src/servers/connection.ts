import { type Authenticator, nkeys } from '@nats-io/nats-core';
import { type NatsConnection, NatsConnectionImpl, setTransportFactory } from '@nats-io/nats-core/internal';
import { createTlsSettings, type PeerCertificate, type ServerTarget } from './dial.ts';
import {
  convertClientError,
  fail,
  runWithDeadline,
  type ServerFailure,
  type ServerResult,
  succeed,
} from './failure.ts';
import { openClientPort } from './handshake.ts';
import { probeClientPort } from './knock.ts';
import type { ServerInfo } from './server-info.ts';
import { type SocketOptions, SocketTransport } from './transport.ts';

/** A user JWT, and the nkey seed of that user, which signs the nonce of the server and is never sent. */
export type UserProof = { readonly jwt: string; readonly seed: string };

/**
 * Builds an authenticator for the user of a JWT. The library's own authenticator also sends the public key, which the
 * JWT contains anyway: if a client sends that key, releases before nats-io/nats-server#8609 disconnect the client at
 * each reload, and the answer to the reload request is lost.
 */
function createJwtAuthenticator({ jwt, seed }: UserProof): Authenticator {
  const pair = nkeys.fromSeed(new TextEncoder().encode(seed));
  return (nonce = '') => ({ jwt, sig: Buffer.from(pair.sign(new TextEncoder().encode(nonce))).toString('base64url') });
}

export type Credentials = { readonly user: string; readonly password: string };

/**
 * The credentials of a connection. Without them, the server takes the user from the client certificate, or refuses the
 * client.
 */
export type SignIn =
  | (Credentials & { readonly jwt?: never; readonly seed?: never })
  | (UserProof & { readonly user?: never; readonly password?: never })
  | { readonly user?: never; readonly password?: never; readonly jwt?: never; readonly seed?: never };

/** One verified, authenticated TLS connection to one server. The abort signal of its target closes it. */
export type ServerConnection = {
  readonly info: ServerInfo;
  readonly certificate: PeerCertificate;
  /** Returns the text of the first answer to `subject`. */
  readonly request: (subject: string, body: string, timeoutMs: number) => Promise<ServerResult<string>>;
  readonly publish: (subject: string, body: string) => void;
  /**
   * Calls `receive` with each message's text until the returned function is called; a failure ends the subscription.
   */
  readonly subscribe: (subject: string, receive: (message: ServerResult<string>) => void) => () => void;
  /** Waits until the server has processed everything that was sent before. */
  readonly flush: (timeoutMs: number) => Promise<ServerResult<undefined>>;
  readonly close: () => Promise<void>;
};

/**
 * Creates a connection: dials port 4222, reads INFO in plaintext, upgrades to TLS, verifies, authenticates.
 * @throws the signal's reason when it aborts, an ActionError of the dialer, or PKI_INVALID for unusable PEM
 */
export async function connectServer(target: ServerTarget & SignIn): Promise<ServerResult<ServerConnection>> {
  const terms = createTlsSettings(target.trust, target.serverName, target.clientCertificate);
  const { signal, timeoutMs } = target;
  return await runWithDeadline(signal, timeoutMs, 'connecting to the server', async (ended) => {
    const opened = await openClientPort(target.dial, terms, ended);
    if (!opened.ok) {
      return opened;
    }
    const { socket, certificate, info, greeting } = opened.value;
    const signedIn = await signIn(target, { socket, greeting });
    if (signedIn.ok) {
      return succeed(createConnection(info, certificate, signedIn.value, signal));
    }
    const { reason, message, cause } = signedIn.failure;
    const refusal = info.tlsVerify ? await findLostRefusal(signedIn.failure, { ...target, signal: ended }) : undefined;
    return refusal ?? (reason === 'Unreachable' ? fail('HandshakeBroken', message, cause) : signedIn);
  });
}

/**
 * Finds a lost refusal of the client certificate. If a server receives more bytes together with a certificate that it
 * refuses, it resets the connection, and the client may not receive the TLS alert.
 */
async function findLostRefusal(
  { reason }: ServerFailure,
  target: ServerTarget,
): Promise<ServerResult<never> | undefined> {
  if (reason !== 'Unreachable') {
    return undefined;
  }
  const probed = await probeClientPort(target);
  return !probed.ok && probed.failure.reason === 'ClientCertificateRefused' ? probed : undefined;
}

async function signIn(
  { user, password, jwt, seed, timeoutMs }: ServerTarget & SignIn,
  carried: Pick<SocketOptions, 'socket' | 'greeting'>,
): Promise<ServerResult<NatsConnection>> {
  setTransportFactory({ factory: () => new SocketTransport() });
  const options: SocketOptions = {
    ...carried,
    ...(user === undefined ? {} : { user, pass: password }),
    ...(jwt === undefined ? {} : { authenticator: createJwtAuthenticator({ jwt, seed }) }),
    timeout: timeoutMs,
    reconnect: false,
    ignoreClusterUpdates: true,
    noAsyncTraces: true,
  };
  try {
    return succeed(await NatsConnectionImpl.connect(options));
  } catch (error) {
    carried.socket.destroy();
    return convertClientError(error);
  }
}

function createConnection(
  info: ServerInfo,
  certificate: PeerCertificate,
  client: NatsConnection,
  signal: AbortSignal,
): ServerConnection {
  const close = async (): Promise<void> => await client.close();
  const abort = (): void => void close();
  signal.addEventListener('abort', abort, { once: true });
  void client.closed().then(() => signal.removeEventListener('abort', abort));
  const failure = (error: unknown) => {
    signal.throwIfAborted();
    return client.isClosed()
      ? fail('Unreachable', `the connection to ${info.serverName} closed`, error)
      : convertClientError(error);
  };
  return {
    info,
    certificate,
    request: async (subject, body, timeoutMs) => {
      try {
        return succeed((await client.request(subject, body, { timeout: timeoutMs })).string());
      } catch (error) {
        return failure(error);
      }
    },
    publish: (subject, body) => {
      if (!client.isClosed()) {
        client.publish(subject, body);
      }
    },
    subscribe: (subject, receive) => subscribe(client, subject, receive, failure),
    flush: async (timeoutMs) =>
      await runWithDeadline(signal, timeoutMs, 'flushing', async () => await flushOrClose(client, failure)),
    close,
  };
}

/** Calls `receive` with each message until the returned function is called. */
function subscribe(
  client: NatsConnection,
  subject: string,
  receive: (message: ServerResult<string>) => void,
  failure: (error: unknown) => ServerResult<never>,
): () => void {
  if (client.isClosed()) {
    receive(failure(undefined));
    return () => {};
  }
  const subscription = client.subscribe(subject, {
    callback: (error, message) => receive(error === null ? succeed(message.string()) : failure(error)),
  });
  return () => subscription.unsubscribe();
}

/**
 * Waits for the flush or the end of the connection, because the library's flush never settles if the connection closes
 * first.
 */
async function flushOrClose(
  client: NatsConnection,
  failure: (error: unknown) => ServerResult<never>,
): Promise<ServerResult<undefined>> {
  const flush = client.flush().then(() => succeed(undefined), failure);
  return await Promise.race([flush, client.closed().then(failure)]);
}
