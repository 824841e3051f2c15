import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import type { Endpoint } from './endpoint.ts';
import type { TlsOptions } from './tls-options.ts';

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
