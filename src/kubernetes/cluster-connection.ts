import type { CredentialSource } from './credentials.ts';
import type { Endpoint } from './endpoint.ts';
import type { KubeconfigOrigin } from './kubeconfig-part.ts';
import type { UserCredentials } from './user-credentials.ts';

/** One cluster, as one user, ready to connect to. */
export type ClusterConnection = {
  readonly context: string;
  readonly origin: KubeconfigOrigin;
  /** The API server's URL without a trailing slash; that of `endpoint`. */
  readonly server: string;
  readonly endpoint: Endpoint;
  /** True where the server must have been verified, by a connection without credentials, before any of them is read. */
  readonly isVerifiedFirst: boolean;
  /** SHA-256 of the one CA that may have issued the server's certificate, in lower-case hex; undefined: any of `endpoint`. */
  readonly expectedAuthority: string | undefined;
  /** The context's namespace. */
  readonly namespace: string | undefined;
  readonly credentials: CredentialSource;
  /** Reads the user's credentials, fresh ones where they change; plugins and identity providers are asked for them. */
  readonly readUser: (endpoint: Endpoint) => Promise<UserCredentials>;
  /** What a user should know of the kubeconfig, in sentences. */
  readonly warnings: readonly string[];
};
