import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { WebSocketHandler } from '@kubernetes/client-node/dist/web-socket-handler.js';
import type { Credentials } from './credentials.ts';
import type { Endpoint } from './endpoint.ts';
import type { Transport } from './transport.ts';

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
