import type { Endpoint } from './endpoint.ts';

/** Options of `tls.connect` that decide which server is believed, and as whom it is met. */
export type TlsOptions = {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly rejectUnauthorized: boolean;
  readonly allowPartialTrustChain?: boolean;
};

/** Returns what verifies the server. It is stated in full because NODE_TLS_REJECT_UNAUTHORIZED=0 is the default otherwise. */
export function serverTls({ authority, tlsServerName, isInsecure }: Endpoint): TlsOptions {
  return {
    rejectUnauthorized: !isInsecure,
    // An intermediate CA alone is enough, as it is for Go.
    ...(authority === undefined ? {} : { ca: authority, allowPartialTrustChain: true }),
    ...(tlsServerName === undefined ? {} : { servername: tlsServerName }),
  };
}
