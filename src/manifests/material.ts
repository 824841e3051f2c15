import { routeCertificateKey } from '../cluster/server-files.ts';

export type Credentials = { readonly user: string; readonly password: string };

/** A certificate with its chain, leaf first, and its private key (PKCS#8 or SEC1), both PEM. */
export type Leaf = { readonly certificate: string; readonly privateKey: string };

/** PEM. Without a private key when the user gives the key with each run: then it never touches the cluster. */
export type Authority = { readonly certificate: string; readonly privateKey: string | undefined };

export type Certificates = {
  readonly clientAuthority: Authority;
  readonly routeAuthority: Authority;
  /** The authorities clients trust; more than one during a rotation. PEM bundle. */
  readonly clientTrust: string;
  /** The authorities peers trust. PEM bundle. */
  readonly routeTrust: string;
  readonly server: Leaf;
  /** By pod name, one for every replica. */
  readonly routes: Readonly<Record<string, Leaf>>;
};

/** Users nobody but this Action and the servers themselves connect as. */
export type SystemCredentials = {
  /** The `$SYS` user: observes and reloads. */
  readonly system: Credentials;
  /** Limited to one subject prefix: proves that messages pass. */
  readonly probe: Credentials;
  readonly route: Credentials;
};

/** Everything secret or issued that the objects of a cluster carry. */
export type Material = {
  /** The whole nats.conf; it holds passwords. */
  readonly configurationText: string;
  readonly clientCredentials: Credentials;
  readonly systemCredentials: SystemCredentials;
  readonly certificates: Certificates;
};

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
