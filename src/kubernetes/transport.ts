import { createHash } from 'node:crypto';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { WebSocketHandler } from '@kubernetes/client-node/dist/web-socket-handler.js';
import type { Dispatcher } from 'undici';
import type { ClusterConnection } from './cluster-connection.ts';
import { type Credentials, listCredentialSecrets, readCredentials } from './credentials.ts';
import type { Endpoint } from './endpoint.ts';
import { ServerCheck } from './server-check.ts';
import { createDispatcher, type TlsOptions } from './tls-options.ts';

const RECOVERY_MS = 10_000;

/** The health of the API server, shared by the requests, watches and port-forwards of one connection. */
export class ApiHealth {
  readonly #now: () => number;
  #hasAnswered = false;
  #failedAt: number | undefined;

  /** Starts without any answer. `now` returns monotonic milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Records that a Kubernetes API server answered, with any answer. */
  recordAnswer(): void {
    this.#hasAnswered = true;
  }

  /** Records a missing answer, or the answer of an API server that is not ready. */
  recordFailure(): void {
    this.#failedAt = this.#now();
  }

  hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /**
   * Returns whether the API server failed a moment ago after it had answered before. During some 50 ms after its start,
   * an API server knows no Role and forbids granted requests (measured on 1.36). It also knows no service account and
   * refuses the account's token.
   */
  isRecovering(): boolean {
    return this.#hasAnswered && this.#failedAt !== undefined && this.#now() - this.#failedAt < RECOVERY_MS;
  }
}

/** The route of one request: a pooled connection and the headers that authenticate it. */
export type Route = {
  readonly dispatcher: Dispatcher;
  readonly headers: Credentials['headers'];
  /** A digest: equal for equal credentials. */
  readonly identity: string;
};

type Pools = { readonly key: string; readonly request: Dispatcher; readonly watch: Dispatcher };

const CONNECTIONS = 4;

/**
 * The connections to the API server. Requests share a few kept-alive connections. Each watch has a separate one,
 * because it would block the requests.
 */
export class Transport {
  readonly health = new ApiHealth(() => performance.now());
  readonly #connection: ClusterConnection;
  readonly #sends: (credential: string) => void;
  readonly #check: ServerCheck;
  readonly #retired: Dispatcher[] = [];
  #pools: Pools | undefined;
  #reading: Promise<Credentials> | undefined;

  /** `sends` receives each credential before it is sent. */
  constructor(connection: ClusterConnection, sends: (credential: string) => void) {
    this.#connection = connection;
    this.#sends = sends;
    this.#check = new ServerCheck(connection);
  }

  /** Reads the credentials. Requests that start together share one run of a credential plugin. */
  async credentials(): Promise<Credentials> {
    await this.#check.run();
    this.#reading ??= readCredentials(this.#connection).finally(() => {
      this.#reading = undefined;
    });
    const read = await this.#reading;
    listCredentialSecrets(read).forEach(this.#sends);
    return read;
  }

  async route(use: 'request' | 'watch'): Promise<Route> {
    const { headers, tls } = await this.credentials();
    const key = digestTls(tls);
    if (this.#pools?.key !== key) {
      // A client certificate was replaced: requests under way finish on the old connections.
      if (this.#pools !== undefined) this.#retired.push(this.#pools.request, this.#pools.watch);
      this.#pools = createPools(key, this.#connection.endpoint, tls);
    }
    return { dispatcher: this.#pools[use], headers, identity: digestIdentity({ headers, tls }) };
  }

  /**
   * Reads the credentials again after a 401. Returns whether repeating the request with the present credentials makes
   * sense.
   */
  async renew(refused: string): Promise<boolean> {
    const source = this.#connection.credentials;
    // If requests are refused together, the first one gets new credentials, and the others find them.
    const isCurrent = digestIdentity(await this.credentials()) === refused;
    if (isCurrent && 'forget' in source) source.forget();
    return digestIdentity(await this.credentials()) !== refused || source.kind !== 'kubeconfig';
  }

  /** Ends all connections, also those in use. */
  async close(): Promise<void> {
    const pools = this.#pools === undefined ? [] : [this.#pools.request, this.#pools.watch];
    const all = [...this.#retired.splice(0), ...pools];
    this.#pools = undefined;
    await Promise.all(all.map(async (dispatcher) => await dispatcher.destroy()));
  }
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
        // If the server is an IP address behind a SOCKS proxy, the library would look for `localhost` in the
        // certificate.
        checkServerIdentity: (_host: string, certificate: PeerCertificate) => checkServerIdentity(host, certificate),
      };
      Object.assign(options, tls, identity, { headers: { ...headers } });
    },
  });
  return config;
}
