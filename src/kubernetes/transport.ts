import { createHash } from 'node:crypto';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { WebSocketHandler } from '@kubernetes/client-node/dist/web-socket-handler.js';
import type { Dispatcher } from 'undici';
import type { ClusterConnection } from './cluster-connection.ts';
import { type Credentials, listCredentialSecrets, readCredentials } from './credentials.ts';
import type { Endpoint } from './endpoint.ts';
import { createServerCheck } from './server-check.ts';
import { createDispatcher, type TlsOptions } from './tls-options.ts';

/** The health of the API server, shared by the requests, watches and port-forwards of one connection. */
export type Contact = {
  /** Records that a Kubernetes API server answered, with any answer. */
  readonly answered: () => void;
  /** Records a missing answer, or the answer of an API server that is not ready. */
  readonly failed: () => void;
  readonly isMade: () => boolean;
  /**
   * Returns whether the API server failed a moment ago after it had answered before. During some 50 ms after its start,
   * an API server knows no Role and forbids granted requests (measured on 1.36). It also knows no service account and
   * refuses the account's token.
   */
  readonly isRecovering: () => boolean;
};

const RECOVERY_MS = 10_000;

/** Makes a contact without any answer yet. `now` returns monotonic milliseconds. */
export function createContact(now: () => number): Contact {
  let isMade = false;
  let failedAt: number | undefined;
  return {
    answered: () => {
      isMade = true;
    },
    failed: () => {
      failedAt = now();
    },
    isMade: () => isMade,
    isRecovering: () => isMade && failedAt !== undefined && now() - failedAt < RECOVERY_MS,
  };
}

/** The route of one request: a pooled connection and the headers that authenticate it. */
export type Route = {
  readonly dispatcher: Dispatcher;
  readonly headers: Credentials['headers'];
  /** A digest: equal for equal credentials. */
  readonly identity: string;
};

/**
 * The connections to the API server. Requests share a few kept-alive connections. Each watch has a separate one,
 * because it would block the requests.
 */
export type Transport = {
  readonly route: (use: 'request' | 'watch') => Promise<Route>;
  /** Reads the credentials for a connection outside of the pools. */
  readonly credentials: () => Promise<Credentials>;
  /**
   * Reads the credentials again after a 401. Returns whether repeating the request with the present credentials makes
   * sense.
   */
  readonly renew: (refused: string) => Promise<boolean>;
  readonly contact: Contact;
  /** Ends all connections, also those in use. */
  readonly close: () => Promise<void>;
};

type Pools = { readonly key: string; readonly request: Dispatcher; readonly watch: Dispatcher };

const CONNECTIONS = 4;

/** Makes the transport of one connection. `sends` receives each credential before it is sent. */
export function createTransport(connection: ClusterConnection, sends: (credential: string) => void): Transport {
  const retired: Dispatcher[] = [];
  const check = createServerCheck(connection);
  let pools: Pools | undefined;
  let reading: Promise<Credentials> | undefined;

  // Requests that start together share one run of a credential plugin.
  const credentials = async (): Promise<Credentials> => {
    await check();
    reading ??= readCredentials(connection).finally(() => {
      reading = undefined;
    });
    const read = await reading;
    listCredentialSecrets(read).forEach(sends);
    return read;
  };

  return {
    credentials,
    route: async (use) => {
      const { headers, tls } = await credentials();
      const key = digestTls(tls);
      if (pools?.key !== key) {
        // A client certificate was replaced: requests under way finish on the old connections.
        if (pools !== undefined) retired.push(pools.request, pools.watch);
        pools = createPools(key, connection.endpoint, tls);
      }
      return { dispatcher: pools[use], headers, identity: digestIdentity({ headers, tls }) };
    },
    renew: async (refused) => {
      const source = connection.credentials;
      // If requests are refused together, the first one gets new credentials, and the others find them.
      const isCurrent = digestIdentity(await credentials()) === refused;
      if (isCurrent && 'forget' in source) source.forget();
      return digestIdentity(await credentials()) !== refused || source.kind !== 'kubeconfig';
    },
    contact: createContact(() => performance.now()),
    close: async () => {
      const all = [...retired.splice(0), ...(pools === undefined ? [] : [pools.request, pools.watch])];
      pools = undefined;
      await Promise.all(all.map(async (dispatcher) => await dispatcher.destroy()));
    },
  };
}

function createPools(key: string, endpoint: Endpoint, tls: TlsOptions): Pools {
  return {
    key,
    request: createDispatcher(endpoint, tls, CONNECTIONS),
    watch: createDispatcher(endpoint, tls, null),
  };
}

function digestIdentity({ headers, tls }: Credentials): string {
  return createHash('sha256').update(JSON.stringify(headers)).update(digestTls(tls)).digest('hex');
}

function digestTls(tls: TlsOptions): string {
  const hash = createHash('sha256');
  for (const part of [tls.ca, tls.cert, tls.key, tls.servername, String(tls.rejectUnauthorized)]) {
    hash.update(part ?? '').update('\0');
  }
  return hash.digest('hex');
}

export type WebSocket = Awaited<ReturnType<WebSocketHandler['connect']>>;

/** A handler that is called for each message with its channel; true keeps the connection open. */
type Receive = (channel: number, bytes: Buffer) => boolean;

const PROVIDER = 'nats-cluster-action';

/**
 * Opens a WebSocket to a path of the API server, with the same verification and the same credentials as a request; the
 * library follows no redirect. Throws the server's answer to the upgrade, as the library does.
 */
export async function openWebSocket(
  endpoint: Endpoint,
  transport: Pick<Transport, 'credentials'>,
  path: string,
  receive: Receive,
): Promise<WebSocket> {
  const config = createConfig(endpoint, await transport.credentials());
  return await new WebSocketHandler(config).connect(path, null, receive);
}

/**
 * Makes a configuration for one WebSocket, because the library keeps an agent with the first client certificate it saw.
 */
function createConfig(
  { server, proxyUrl, isInsecure, tlsServerName }: Endpoint,
  { headers, tls }: Credentials,
): KubeConfig {
  const config = new KubeConfig();
  // Plain http (kubectl proxy) has no certificate to verify, and the library refuses to connect without the flag.
  const host = tlsServerName ?? new URL(server).hostname.replace(/^\[|\]$/g, '');
  const skipTLSVerify = isInsecure || server.startsWith('http:');
  config.loadFromClusterAndUser(
    { name: PROVIDER, server, skipTLSVerify, ...(proxyUrl === undefined ? {} : { proxyUrl }) },
    { name: PROVIDER, authProvider: { name: PROVIDER, config: {} } },
  );
  config.addAuthenticator({
    isAuthProvider: () => true,
    applyAuthentication: async (_user, options) => {
      const identity = {
        // Through a SOCKS proxy the library would look for `localhost` in the certificate of a server that is an
        // address.
        checkServerIdentity: (_host: string, certificate: PeerCertificate) => checkServerIdentity(host, certificate),
      };
      Object.assign(options, tls, identity, { headers: { ...headers } });
    },
  });
  return config;
}
