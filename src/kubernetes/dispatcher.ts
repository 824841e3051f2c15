import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import type { Endpoint } from './endpoint.ts';
import type { TlsOptions } from './tls-options.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** Below the idle timeouts of common load balancers (60 s), as client-go does. */
const KEEP_ALIVE_PROBE_MS = 30_000;

/** Makes connections to the API server, at most so many at once; null: as many as there are requests. */
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
