import { routeCertificateKey } from '../cluster/server-files.ts';
import type { ConfiguredUser } from '../cluster/user.ts';
import type { UserConfiguration } from '../nats/conf/merge.ts';
import type { UserCredentials } from '../nats/jwt/user-credentials.ts';
import type { Track } from '../rotation/track.ts';

export type Credentials = { readonly user: string; readonly password: string };

/** A certificate with its chain, leaf first, and its private key (PKCS#8 or SEC1), both PEM. */
export type Leaf = { readonly certificate: string; readonly privateKey: string };

/** PEM. */
export type Authority = {
  /** The authority itself, then those above it. */
  readonly certificate: string;
  readonly privateKey: string | undefined;
  /** `user`: given with each run, so that the key never touches the cluster. */
  readonly custody: 'cluster' | 'user';
  /** This authority's name and key, certified by the one before it: for clients who trust only that one. */
  readonly cross: string | undefined;
};

/** Undefined where a Secret of somebody else holds the certificates. */
export type Authorities = {
  readonly client: Track<Authority> | undefined;
  readonly route: Track<Authority> | undefined;
};

export type Certificates = {
  readonly authorities: Authorities;
  /** The authorities clients trust; more than one during a rotation. PEM bundle. */
  readonly clientTrust: string;
  /** The authorities peers trust. PEM bundle. */
  readonly routeTrust: string;
  readonly server: Leaf;
  /** By pod name, one for every replica. */
  readonly routes: Readonly<Record<string, Leaf>>;
  /** By common name: the users this Action and the applications connect as, and the named clients. */
  readonly clients: Readonly<Record<string, Leaf>>;
};

/** Every user of a deployment, and what else the user of this Action brought along that may be secret. */
export type DeploymentCredentials = {
  readonly client: Track<Credentials>;
  readonly route: Track<Credentials>;
  /** The `$SYS` user: observes and reloads. */
  readonly system: Credentials;
  /**
   * Present if and only if users are proved by JWT (an operator in `configuration`): then the servers know none of the
   * others but those of the routes, and are reached by this one.
   */
  readonly systemCredentials?: UserCredentials;
  /** Limited to one subject prefix: proves that messages pass. */
  readonly probe: Credentials;
  /** Whom the user of this Action brought along. */
  readonly users: readonly ConfiguredUser[];
  /** The user's own nats-server configuration, which may hold users and passwords as well. */
  readonly configuration?: UserConfiguration;
  /** The texts of the one that was proved before another took its place: what a rollback brings back. */
  readonly previousConfiguration?: string;
  /** Beside the configuration: text by name. */
  readonly files: Readonly<Record<string, string>>;
};

/** Everything secret or issued that the objects of a cluster carry. */
export type Material = {
  /** The whole nats.conf; it holds passwords. */
  readonly configurationText: string;
  readonly credentials: DeploymentCredentials;
  readonly certificates: Certificates;
  /** The inputs of this deployment as `settingsOf` writes them, for commands that do not repeat them. */
  readonly settings: string;
};

/** By whom servers are observed and reloaded. */
export function systemUserOf({ system, systemCredentials }: DeploymentCredentials): Credentials | UserCredentials {
  return systemCredentials ?? system;
}

/** The certificate of a user or named client. Users may be called as something every object inherits, `toString` for one. */
export function clientLeaf({ clients }: Pick<Certificates, 'clients'>, commonName: string): Leaf | undefined {
  return Object.hasOwn(clients, commonName) ? clients[commonName] : undefined;
}

/** The certificates and bundles a server loads, by file name: with the configuration, the input of `revisionOf`. */
export function servedCertificates(
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
