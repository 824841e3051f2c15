import type { Dial } from './dial.ts';
import type { ClientCertificate } from './tls.ts';

/** One server, and the settings of the connections to it. */
export type ServerTarget = {
  readonly dial: Dial;
  /** The PEM bundle of the CAs that are trusted to issue the server's certificate; the system's roots are not used. */
  readonly trust: string;
  /** The name (or address) that the server's certificate must contain. */
  readonly serverName: string;
  /** The client certificate, if the server requests one. */
  readonly clientCertificate?: ClientCertificate;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
};
