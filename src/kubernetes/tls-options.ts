import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import type { Endpoint } from './endpoint.ts';

/** Options of `tls.connect` that decide which server is trusted, and as which client the connection authenticates. */
export type TlsOptions = {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly rejectUnauthorized: boolean;
  readonly allowPartialTrustChain?: boolean;
};

/**
 * Returns the options that verify the server. `rejectUnauthorized` is always set, because its default comes from the
 * variable NODE_TLS_REJECT_UNAUTHORIZED.
 */
export function buildTlsOptions({ ca, tlsServerName, isInsecure }: Endpoint): TlsOptions {
  return {
    rejectUnauthorized: !isInsecure,
    // An intermediate CA alone is enough, as in Go.
    ...(ca === undefined ? {} : { ca, allowPartialTrustChain: true }),
    ...(tlsServerName === undefined ? {} : { servername: tlsServerName }),
  };
}

const CONNECT_TIMEOUT_MS = 10_000;
/** The delay of keep-alive probes, below the idle timeouts of common load balancers (60 s), as in client-go. */
const KEEP_ALIVE_PROBE_MS = 30_000;

/** Makes a dispatcher for the API server with at most `connections` at once; null: one for each concurrent request. */
export function createDispatcher(
  { proxyUrl }: Pick<Endpoint, 'proxyUrl'>,
  tls: TlsOptions,
  connections: number | null,
): Dispatcher {
  const keepAlive = { keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_PROBE_MS, timeout: CONNECT_TIMEOUT_MS };
  const options = { connections, allowH2: false, keepAliveTimeout: 20_000 };
  return proxyUrl === undefined
    ? new Agent({ ...options, connect: { ...tls, ...keepAlive } })
    : new ProxyAgent({ ...options, uri: proxyUrl, requestTls: { ...tls, ...keepAlive }, connect: keepAlive });
}
