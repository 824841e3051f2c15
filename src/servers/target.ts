import type { Dial } from './dial.ts';
import type { ClientCertificate } from './tls.ts';

/** One server, and the terms on which it is talked to. */
export type ServerTarget = {
  readonly dial: Dial;
  /** PEM bundle of the authorities the server's certificate may come from; the system's roots aren't consulted. */
  readonly trust: string;
  /** The name (or address) the server's certificate must hold. */
  readonly serverName: string;
  /** Own leaf, when the server asks for one. */
  readonly clientCertificate?: ClientCertificate;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
};
