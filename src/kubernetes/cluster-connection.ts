import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import type { CredentialSource } from './credentials.ts';

/** One cluster, as one user, ready to connect to. */
export type ClusterConnection = {
  readonly config: KubeConfig;
  readonly context: string;
  /** The API server's URL without a trailing slash. */
  readonly server: string;
  /** The context's namespace. */
  readonly namespace: string | undefined;
  /** SHA-256 of the DER of each certificate authority, lower-case hex. */
  readonly authorities: readonly string[];
  readonly credentials: CredentialSource;
};
