import { createHash } from 'node:crypto';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import type { ClusterConnection } from './cluster-connection.ts';
import { type Contact, createContact } from './contact.ts';
import { type Credentials, credentialTexts, readCredentials } from './credentials.ts';

/** One request's way: a pooled connection and the headers that authenticate it. */
export type Route = {
  readonly dispatcher: Dispatcher;
  readonly headers: Credentials['headers'];
  /** A digest: equal for equal credentials. */
  readonly identity: string;
};

/** Requests share a few kept-alive connections; each watch has one of its own, or it would hold up the requests. */
export type Transport = {
  readonly route: (use: 'request' | 'watch') => Promise<Route>;
  /** After a 401: reads the credentials anew. Whether the request is worth repeating with what is there now. */
  readonly renew: (refused: string) => Promise<boolean>;
  readonly contact: Contact;
  /** Ends all connections, also those in use. */
  readonly close: () => Promise<void>;
};

type Pools = { readonly key: string; readonly request: Dispatcher; readonly watch: Dispatcher };

const CONNECTIONS = 4;
const CONNECT_TIMEOUT_MS = 10_000;
/** Below the idle timeouts of common load balancers (60 s), as client-go does. */
const KEEP_ALIVE_PROBE_MS = 30_000;

/** `sends` is told of each credential before it is sent. */
export function createTransport(connection: ClusterConnection, sends: (credential: string) => void): Transport {
  const retired: Dispatcher[] = [];
  let pools: Pools | undefined;
  let reading: Promise<Credentials> | undefined;

  // Requests that start together share one run of a credential plugin.
  const credentials = async (): Promise<Credentials> => {
    reading ??= readCredentials(connection).finally(() => {
      reading = undefined;
    });
    const read = await reading;
    credentialTexts(read).forEach(sends);
    return read;
  };

  return {
    route: async (use) => {
      const { headers, tls } = await credentials();
      const key = fingerprint(tls);
      if (pools?.key !== key) {
        // A client certificate was replaced: requests under way finish on the old connections.
        if (pools !== undefined) retired.push(pools.request, pools.watch);
        pools = createPools(key, connection, tls);
      }
      return { dispatcher: pools[use], headers, identity: identityOf({ headers, tls }) };
    },
    renew: async (refused) => {
      const source = connection.credentials;
      // Of requests refused together, the first runs the plugin; the others find its new credentials.
      const isCurrent = identityOf(await credentials()) === refused;
      if (isCurrent && source.kind === 'plugin') source.forget();
      return identityOf(await credentials()) !== refused || source.kind !== 'kubeconfig';
    },
    contact: createContact(() => performance.now()),
    close: async () => {
      const all = [...retired.splice(0), ...(pools === undefined ? [] : [pools.request, pools.watch])];
      pools = undefined;
      await Promise.all(all.map(async (dispatcher) => await dispatcher.destroy()));
    },
  };
}

function createPools(key: string, { config }: ClusterConnection, tls: Credentials['tls']): Pools {
  const proxy = config.getCurrentCluster()?.proxyUrl;
  const keepAlive = { keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_PROBE_MS, timeout: CONNECT_TIMEOUT_MS };
  const create = (connections: number | null): Dispatcher => {
    const options = { connections, allowH2: false, keepAliveTimeout: 20_000 };
    return proxy === undefined
      ? new Agent({ ...options, connect: { ...tls, ...keepAlive } })
      : new ProxyAgent({ ...options, uri: proxy, requestTls: { ...tls, ...keepAlive }, connect: keepAlive });
  };
  return { key, request: create(CONNECTIONS), watch: create(null) };
}

function identityOf({ headers, tls }: Credentials): string {
  return createHash('sha256').update(JSON.stringify(headers)).update(fingerprint(tls)).digest('hex');
}

function fingerprint(tls: Credentials['tls']): string {
  const hash = createHash('sha256');
  for (const part of [tls.ca, tls.cert, tls.key, tls.servername, String(tls.rejectUnauthorized)]) {
    hash.update(part ?? '').update('\0');
  }
  return hash.digest('hex');
}
