import type { ServerConnection } from '../../../src/servers/connection.ts';
import { type ServerResult, succeed } from '../../../src/servers/failure.ts';

/** The information of a server with this name. */
function infoOf(serverName: string): ServerConnection['info'] {
  const tls = { tlsRequired: true, tlsVerify: false };
  return { serverId: 'NAACKZIVBVV4', serverName, version: '2.15.2', cluster: 'nats', jetstream: false, ...tls };
}

/** Makes a connection to a server that answers everything with success, except for the given functions. */
export function playedConnection(name: string, more: Partial<ServerConnection> = {}): ServerConnection {
  return {
    info: infoOf(name),
    certificate: { fingerprint256: 'aa', notAfter: new Date(0) },
    request: async (): Promise<ServerResult<string>> => succeed('{}'),
    publish: () => {},
    subscribe: () => () => {},
    flush: async () => succeed(undefined),
    close: async () => {},
    ...more,
  };
}
