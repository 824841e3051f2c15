import type { CredentialSource } from './credentials.ts';
import type { Endpoint } from './endpoint.ts';
import type { KubeconfigOrigin } from './kubeconfig-part.ts';
import type { UserCredentials } from './user-credentials.ts';

/** One Kubernetes cluster, as one user, ready to connect to. */
export type ClusterConnection = {
  readonly context: string;
  readonly origin: KubeconfigOrigin;
  /** The API server's URL without a trailing slash; the same as in `endpoint`. */
  readonly server: string;
  readonly endpoint: Endpoint;
  /** True if a connection without credentials must verify the server before any credential is read. */
  readonly isVerifiedFirst: boolean;
  /**
   * SHA-256 of the one CA that may have issued the server's certificate, in lower-case hex; undefined: any CA of
   * `endpoint`.
   */
  readonly expectedCa: string | undefined;
  /** The context's namespace. */
  readonly namespace: string | undefined;
  readonly credentials: CredentialSource;
  /**
   * Reads the user's credentials: from the kubeconfig, from files that it reads again each time, from a credential
   * plugin, or from an identity provider.
   */
  readonly readUser: (endpoint: Endpoint) => Promise<UserCredentials>;
  /** Warnings about the kubeconfig for the user, in sentences. */
  readonly warnings: readonly string[];
};
