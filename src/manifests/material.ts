import { routeCertificateKey } from '../cluster/server-files.ts';
import type { ConfiguredUser } from '../cluster/user.ts';
import type { UserConfiguration } from '../nats/conf/settings/merge.ts';
import type { UserCredentials } from '../nats/jwt/user-credentials.ts';
import type { Track } from '../rotation/track.ts';

export type Credentials = { readonly user: string; readonly password: string };

/** A certificate with its chain, leaf first, and its private key (PKCS#8 or SEC1), both PEM. */
export type Leaf = { readonly certificate: string; readonly privateKey: string };

/** A CA as PEM. */
export type Ca = {
  /** The certificate of the CA, then those of the CAs above it. */
  readonly certificate: string;
  readonly privateKey: string | undefined;
  /** `user`: the user passes the key with each run, so that the key never reaches the Kubernetes cluster. */
  readonly custody: 'cluster' | 'user';
  /**
   * The cross-signed certificate: the name and key of this CA, signed by the previous CA, for clients that trust only
   * the previous one.
   */
  readonly cross: string | undefined;
};

/** The CAs of clients and routes; undefined where a Secret that the user provides holds the certificates. */
export type Cas = {
  readonly client: Track<Ca> | undefined;
  readonly route: Track<Ca> | undefined;
};

export type Certificates = {
  readonly authorities: Cas;
  /** The CAs that clients trust, as a PEM bundle; more than one during a rotation. */
  readonly clientTrust: string;
  /** The CAs that peers trust, as a PEM bundle. */
  readonly routeTrust: string;
  readonly server: Leaf;
  /** The route certificates by pod name, one for every replica. */
  readonly routes: Readonly<Record<string, Leaf>>;
  /**
   * The client certificates by common name: of the users with which the Action and the applications connect, and of the
   * named clients.
   */
  readonly clients: Readonly<Record<string, Leaf>>;
};

/** Every user of a deployment, and all other inputs that may be secret. */
export type DeploymentCredentials = {
  readonly client: Track<Credentials>;
  readonly route: Track<Credentials>;
  /** The `$SYS` user, which observes and reloads the servers. */
  readonly system: Credentials;
  /**
   * The credentials of the system account. They are present if and only if users authenticate with a JWT (an operator
   * in `configuration`). The servers then know no other user except the route user, and the Action connects with these
   * credentials.
   */
  readonly systemCredentials?: UserCredentials;
  /** The user of the message test, limited to one subject prefix. It verifies that messages pass. */
  readonly probe: Credentials;
  /** The additional users from the input. */
  readonly users: readonly ConfiguredUser[];
  /** The user's own nats-server configuration, which may also hold users and passwords. */
  readonly configuration?: UserConfiguration;
  /** The texts of the last verified configuration before the present one. A rollback restores them. */
  readonly previousConfiguration?: string;
  /** The files in the folder of the configuration: text by name. */
  readonly files: Readonly<Record<string, string>>;
};

/** All secrets and certificates that the objects of a cluster carry. */
export type Material = {
  /** The whole nats.conf; it holds passwords. */
  readonly configurationText: string;
  readonly credentials: DeploymentCredentials;
  readonly certificates: Certificates;
  /** The inputs of this deployment as `settingsOf` writes them, for commands that do not repeat them. */
  readonly settings: string;
};

/** Returns the user with which the Action observes and reloads servers. */
export function selectSystemUser({ system, systemCredentials }: DeploymentCredentials): Credentials | UserCredentials {
  return systemCredentials ?? system;
}

/**
 * Returns the certificate of a user or named client. It reads own properties only, because a user may have the name of
 * an inherited property, for example `toString`.
 */
export function findClientLeaf({ clients }: Pick<Certificates, 'clients'>, commonName: string): Leaf | undefined {
  return Object.hasOwn(clients, commonName) ? clients[commonName] : undefined;
}

/**
 * Returns the certificates and bundles that a server loads, by file name. They are, with the configuration, the input
 * of `computeRevision`.
 */
export function listServedFiles(
  certificates: Pick<Certificates, 'server' | 'routes' | 'clientTrust' | 'routeTrust'>,
): Readonly<Record<string, string>> {
  const files: Record<string, string> = {
    'server/tls.crt': certificates.server.certificate,
    'server/ca.crt': certificates.clientTrust,
    'route-ca.crt': certificates.routeTrust,
  };
  for (const [pod, leaf] of Object.entries(certificates.routes)) {
    files[routeCertificateKey(pod)] = leaf.certificate;
  }
  return files;
}

/** The keys of our Secrets, for the code that writes them and the code that reads them back. */
export const secretKeys = {
  configuration: 'nats.conf',
  url: 'url',
  user: 'username',
  password: 'password',
  certificate: 'tls.crt',
  privateKey: 'tls.key',
  trust: 'ca.crt',
  /** The same bundle as `trust`, under the key that the example pires/kubernetes-nats-cluster uses. */
  trustPem: 'ca.pem',
  routeTrust: 'route-ca.crt',
  settings: 'settings.json',
  users: 'users.json',
  userConfiguration: 'configuration.json',
  previousConfiguration: 'previous-configuration.json',
  files: 'files.json',
  systemCredentials: 'system.creds',
} as const;

/** The prefix of the keys of a CA in the authorities Secret. */
export const caPrefix = { client: 'client-ca', route: 'route-ca' } as const;

type LeafKeys = { readonly certificate: string; readonly privateKey: string };

/** Returns the keys of one CA; `prefix` also tells the current, the next and the previous CA apart. */
export function caKeysOf(prefix: string): LeafKeys & { readonly cross: string } {
  return { certificate: `${prefix}.crt`, privateKey: `${prefix}.key`, cross: `${prefix}-cross.crt` };
}

/** Returns the keys of one user in the system Secret. */
export function userKeysOf(prefix: string): LeafKeys & { readonly user: string; readonly password: string } {
  return {
    user: `${prefix}-${secretKeys.user}`,
    password: `${prefix}-${secretKeys.password}`,
    certificate: `${prefix}-${secretKeys.certificate}`,
    privateKey: `${prefix}-${secretKeys.privateKey}`,
  };
}
