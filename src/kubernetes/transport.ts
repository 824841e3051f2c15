import { createHash } from 'node:crypto';
import type { Dispatcher } from 'undici';
import type { ClusterConnection } from './cluster-connection.ts';
import { type Contact, createContact } from './contact.ts';
import { type Credentials, credentialTexts, readCredentials } from './credentials.ts';
import { createDispatcher } from './dispatcher.ts';
import type { Endpoint } from './endpoint.ts';
import { createServerCheck } from './server-check.ts';
import type { TlsOptions } from './tls-options.ts';

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
    credentialTexts(read).forEach(sends);
    return read;
  };

  return {
    credentials,
    route: async (use) => {
      const { headers, tls } = await credentials();
      const key = fingerprint(tls);
      if (pools?.key !== key) {
        // A client certificate was replaced: requests under way finish on the old connections.
        if (pools !== undefined) retired.push(pools.request, pools.watch);
        pools = createPools(key, connection.endpoint, tls);
      }
      return { dispatcher: pools[use], headers, identity: identityOf({ headers, tls }) };
    },
    renew: async (refused) => {
      const source = connection.credentials;
      // If requests are refused together, the first one gets new credentials, and the others find them.
      const isCurrent = identityOf(await credentials()) === refused;
      if (isCurrent && 'forget' in source) source.forget();
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

function createPools(key: string, endpoint: Endpoint, tls: TlsOptions): Pools {
  return {
    key,
    request: createDispatcher(endpoint, tls, CONNECTIONS),
    watch: createDispatcher(endpoint, tls, null),
  };
}

function identityOf({ headers, tls }: Credentials): string {
  return createHash('sha256').update(JSON.stringify(headers)).update(fingerprint(tls)).digest('hex');
}

function fingerprint(tls: TlsOptions): string {
  const hash = createHash('sha256');
  for (const part of [tls.ca, tls.cert, tls.key, tls.servername, String(tls.rejectUnauthorized)]) {
    hash.update(part ?? '').update('\0');
  }
  return hash.digest('hex');
}
