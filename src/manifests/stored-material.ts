import { clusterNames, podOrdinal } from '../cluster/names.ts';
import { routeCertificateKey, routePrivateKeyKey } from '../cluster/server-files.ts';
import type { Authority, Credentials, Leaf } from './material.ts';
import { type SystemUser, secretKeys, systemUserKeys } from './secret-keys.ts';

/** What an earlier run left in the cluster; undefined is what is not there or not whole, to be made anew. */
export type StoredMaterial = {
  readonly clientCredentials: Credentials | undefined;
  readonly systemCredentials: Readonly<Record<SystemUser, Credentials | undefined>>;
  readonly clientAuthority: Authority | undefined;
  readonly routeAuthority: Authority | undefined;
  readonly clientTrust: string | undefined;
  readonly routeTrust: string | undefined;
  readonly server: Leaf | undefined;
  /** By pod name; also of pods beyond the present replicas. */
  readonly routes: Readonly<Record<string, Leaf>>;
};

/** A Secret with its values decoded from base64. */
type LiveSecret = { readonly name: string; readonly data: Texts };

type Texts = Readonly<Record<string, string>>;

/**
 * Reads back what `manifestsFor` wrote, from the live Secrets of the namespace, whatever else is among them.
 * PEM and passwords are taken as they are: whether they are any good is for others to judge.
 */
export function storedMaterial(name: string, secrets: readonly LiveSecret[]): StoredMaterial {
  const names = clusterNames(name);
  const texts = (wanted: string): Texts => secrets.find((secret) => secret.name === wanted)?.data ?? {};
  const system = texts(names.systemSecret);
  const authorities = texts(names.authoritiesSecret);
  const server = texts(names.serverTlsSecret);
  const routes = texts(names.routesTlsSecret);
  const systemUser = (user: SystemUser): Credentials | undefined => credentials(system, systemUserKeys(user));
  return {
    clientCredentials: credentials(texts(names.clientSecret), secretKeys),
    systemCredentials: { system: systemUser('system'), probe: systemUser('probe'), route: systemUser('route') },
    clientAuthority: authority(authorities, secretKeys.clientAuthorityCertificate, secretKeys.clientAuthorityKey),
    routeAuthority: authority(authorities, secretKeys.routeAuthorityCertificate, secretKeys.routeAuthorityKey),
    clientTrust: text(server, secretKeys.trust),
    routeTrust: text(routes, secretKeys.routeTrust),
    server: leaf(server, secretKeys.certificate, secretKeys.privateKey),
    routes: routeLeaves(name, routes),
  };
}

function routeLeaves(name: string, texts: Texts): Readonly<Record<string, Leaf>> {
  const leaves: Record<string, Leaf> = {};
  for (const key of Object.keys(texts)) {
    const pod = /^route-(.+)\.crt$/.exec(key)?.[1];
    if (pod !== undefined && podOrdinal(name, pod) !== undefined) {
      const found = leaf(texts, routeCertificateKey(pod), routePrivateKeyKey(pod));
      Object.assign(leaves, found === undefined ? {} : { [pod]: found });
    }
  }
  return leaves;
}

function credentials(
  texts: Texts,
  keys: { readonly user: string; readonly password: string },
): Credentials | undefined {
  const user = text(texts, keys.user);
  const password = text(texts, keys.password);
  return user === undefined || password === undefined ? undefined : { user, password };
}

function leaf(texts: Texts, certificateKey: string, keyKey: string): Leaf | undefined {
  const certificate = text(texts, certificateKey);
  const privateKey = text(texts, keyKey);
  return certificate === undefined || privateKey === undefined ? undefined : { certificate, privateKey };
}

function authority(texts: Texts, certificateKey: string, keyKey: string): Authority | undefined {
  const certificate = text(texts, certificateKey);
  return certificate === undefined ? undefined : { certificate, privateKey: text(texts, keyKey) };
}

/** An empty value counts as none: it is nobody's certificate or password. */
function text(texts: Texts, key: string): string | undefined {
  return texts[key] || undefined;
}
