import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';

export type Identity = { readonly certificatePem: string; readonly privateKeyPem: string };
export type Handshake = {
  readonly server: Identity;
  readonly serverTrusts: string;
  readonly client: Identity;
  readonly clientTrusts: string;
  readonly host: string;
};

/** Returns `welcome`, or the reason why the server or the client refuses the other's certificate. */
export async function completeHandshake({
  server,
  serverTrusts,
  client,
  clientTrusts,
  host,
}: Handshake): Promise<string> {
  // A TLS server of Node.js that rejects a client closes without a reason. So this server accepts every client, makes
  // the same check itself, and returns the reason.
  const judging = { requestCert: true, rejectUnauthorized: false };
  const identity = { cert: server.certificatePem, key: server.privateKeyPem, ca: serverTrusts };
  const listener = createServer({ ...identity, ...judging }, (socket) => {
    socket.on('error', () => undefined); // the client's side reports the error
    socket.end(socket.authorized ? 'welcome' : `server: ${socket.authorizationError}`);
  });
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  try {
    return await firstWord(
      connect({
        port: portOf(listener.address()),
        host: '127.0.0.1',
        servername: host,
        cert: client.certificatePem,
        key: client.privateKeyPem,
        ca: clientTrusts,
      }),
    );
  } finally {
    listener.close();
  }
}

export function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return address.port;
}

/**
 * Reads the first answer, because in TLS 1.3 the client's own handshake ends before the server has checked its
 * certificate.
 */
function firstWord(socket: TLSSocket): Promise<string> {
  return new Promise((resolve) => {
    socket.once('data', (chunk: Buffer) => {
      resolve(chunk.toString());
      socket.destroy();
    });
    socket.once('error', (error: Error) => resolve(`client: ${'code' in error ? String(error.code) : error.message}`));
    socket.once('close', () => resolve('closed'));
  });
}
