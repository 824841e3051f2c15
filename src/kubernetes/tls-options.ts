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
 * Returns the options that verify the server. They are stated in full because NODE_TLS_REJECT_UNAUTHORIZED=0 is the
 * default otherwise.
 */
export function serverTls({ authority, tlsServerName, isInsecure }: Endpoint): TlsOptions {
  return {
    rejectUnauthorized: !isInsecure,
    // An intermediate CA alone is enough, as in Go.
    ...(authority === undefined ? {} : { ca: authority, allowPartialTrustChain: true }),
    ...(tlsServerName === undefined ? {} : { servername: tlsServerName }),
  };
}
