import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect, type SecureContextOptions } from 'node:tls';

const LIMIT_MS = 8000;

type Endpoint = {
  readonly port: number;
  /** True if a server speaks first, in plain text, on its client port. */
  readonly greetsFirst: boolean;
  readonly serverName: string;
  readonly secure: SecureContextOptions;
};

/** Returns the SHA-256 fingerprint of the certificate at a local port, after both sides accepted each other. */
export async function readServedFingerprint({ port, greetsFirst, serverName, secure }: Endpoint): Promise<string> {
  const socket = connectTcp(port, '127.0.0.1');
  const timer = setTimeout(() => socket.destroy(new Error(`nothing within ${LIMIT_MS} ms`)), LIMIT_MS);
  const closed = once(socket, 'close').then(() => {
    throw new Error('the connection ended');
  });
  closed.catch(() => {});
  try {
    if (greetsFirst) await Promise.race([once(socket, 'data'), closed]);
    const secured = connect({ socket, servername: serverName, ...secure });
    const failed = once(secured, 'close').then(() => {
      throw new Error('the handshake ended');
    });
    failed.catch(() => {});
    await Promise.race([once(secured, 'secureConnect'), failed]);
    const fingerprint = secured.getPeerX509Certificate()?.fingerprint256 ?? 'none';
    // In TLS 1.3 the handshake of the client ends before the server has verified the certificate of the client. The
    // greeting of the server shows that the server accepted it.
    if (!greetsFirst) await Promise.race([once(secured, 'data'), failed]);
    secured.on('error', () => {});
    secured.destroy();
    return fingerprint;
  } finally {
    clearTimeout(timer);
    socket.on('error', () => {});
    socket.destroy();
  }
}
