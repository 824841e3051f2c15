import { clusterNames, configurationSecretName, namedClientSecretName, podOrdinal } from '../cluster/names.ts';
import { routeCertificateKey, routePrivateKeyKey } from '../cluster/server-files.ts';
import { storedTrack } from '../rotation/stored-track.ts';
import type { Track } from '../rotation/track.ts';
import {
  type Authority,
  authorityKeys,
  authorityPrefix,
  type Credentials,
  type Leaf,
  secretKeys,
  userKeys,
} from './material.ts';
import { recoveredUsers } from './recovered-users.ts';

/**
 * The material that an earlier run left in the cluster. A missing or incomplete part is undefined, and is made again.
 */
export type StoredMaterial = {
  readonly client: Track<Credentials> | undefined;
  readonly route: Track<Credentials> | undefined;
  readonly system: Credentials | undefined;
  readonly probe: Credentials | undefined;
  readonly clientAuthority: Track<Authority> | undefined;
  readonly routeAuthority: Track<Authority> | undefined;
  readonly clientTrust: string | undefined;
  readonly routeTrust: string | undefined;
  readonly server: Leaf | undefined;
  /** The route certificates by pod name; also of pods beyond the present replicas. */
  readonly routes: Readonly<Record<string, Leaf>>;
  /** The client certificates by common name. */
  readonly clients: Readonly<Record<string, Leaf>>;
  /** The users of the last deployment as `userListText` writes them; secret. */
  readonly users: string | undefined;
  /** The texts of the user's own configuration, and of the one before it (`UserConfiguration`); secret. */
  readonly configuration: string | undefined;
  readonly previousConfiguration: string | undefined;
  /** The files of the last deployment as `filesText` writes them; secret. */
  readonly files: string | undefined;
  /** The credentials of the last deployment with an operator as `credentialsText` writes them; secret. */
  readonly systemCredentials: string | undefined;
  /** The inputs of the last deployment. */
  readonly settings: string | undefined;
};

/** A Secret with its values decoded from base64. */
type LiveSecret = { readonly name: string; readonly data: Texts };

type Texts = Readonly<Record<string, string>>;

/**
 * Reads back the Secrets that `manifestWavesFor` wrote from the live Secrets of the namespace, which may contain
 * others. PEM and passwords are returned unchecked: other code verifies them.
 * @throws ActionError ROTATION_UNSAFE when the progress of a rotation cannot be read.
 */
export function storedMaterial(name: string, secrets: readonly LiveSecret[]): StoredMaterial {
  const names = clusterNames(name);
  const texts = (wanted: string): Texts => secrets.find((secret) => secret.name === wanted)?.data ?? {};
  const system = texts(names.systemSecret);
  const authorities = texts(names.authoritiesSecret);
  const published = texts(names.clientSecret);
  const server = texts(names.serverTlsSecret);
  const routes = texts(names.routesTlsSecret);
  const user = (prefix: string): Credentials | undefined => credentials(system, userKeys(prefix));
  const running = text(texts(configurationSecretName(name, 0)), secretKeys.configuration);
  const recovered = recoveredUsers(user('system') === undefined ? running : undefined);
  const authority = (prefix: string): Authority | undefined => authorityOf(authorities, prefix);
  return {
    client: storedTrack(system, 'client', user) ?? idle(credentials(published, secretKeys)),
    route: storedTrack(system, 'route', user) ?? idle(recovered.route),
    system: user('system') ?? recovered.system,
    probe: user('probe'),
    clientAuthority: storedTrack(authorities, authorityPrefix.client, authority),
    routeAuthority: storedTrack(authorities, authorityPrefix.route, authority),
    clientTrust: text(texts(names.clientTlsSecret), secretKeys.trust),
    routeTrust: text(routes, secretKeys.routeTrust),
    server: leaf(server, secretKeys),
    routes: routeLeaves(name, routes),
    clients: {
      ...namedClients(name, secrets),
      ...userLeaf(user('system'), leaf(system, userKeys('system'))),
      ...userLeaf(user('probe'), leaf(system, userKeys('probe'))),
      // A deployment with an operator publishes no user, and the certificate still belongs to the user that would be
      // published otherwise.
      ...userLeaf(credentials(published, secretKeys) ?? user('client'), leaf(published, secretKeys)),
    },
    users: text(system, secretKeys.users),
    configuration: text(system, secretKeys.userConfiguration),
    previousConfiguration: text(system, secretKeys.previousConfiguration),
    files: text(system, secretKeys.files),
    systemCredentials: text(system, secretKeys.systemCredentials),
    settings: text(system, secretKeys.settings),
  };
}

function routeLeaves(name: string, texts: Texts): Readonly<Record<string, Leaf>> {
  const leaves: Record<string, Leaf> = {};
  for (const key of Object.keys(texts)) {
    const pod = /^route-(.+)\.crt$/.exec(key)?.[1];
    if (pod !== undefined && podOrdinal(name, pod) !== undefined) {
      const keys = { certificate: routeCertificateKey(pod), privateKey: routePrivateKeyKey(pod) };
      const found = leaf(texts, keys);
      Object.assign(leaves, found === undefined ? {} : { [pod]: found });
    }
  }
  return leaves;
}

function namedClients(name: string, secrets: readonly LiveSecret[]): Readonly<Record<string, Leaf>> {
  const prefix = namedClientSecretName(name, '');
  const leaves = secrets.flatMap((secret): readonly (readonly [string, Leaf])[] => {
    const found = secret.name.startsWith(prefix) ? leaf(secret.data, secretKeys) : undefined;
    return found === undefined ? [] : [[secret.name.slice(prefix.length), found]];
  });
  return Object.fromEntries(leaves);
}

function userLeaf(user: Credentials | undefined, found: Leaf | undefined): Readonly<Record<string, Leaf>> {
  return user === undefined || found === undefined ? {} : { [user.user]: found };
}

function idle<Value>(current: Value | undefined): Track<Value> | undefined {
  return current === undefined ? undefined : { phase: 'idle', current };
}

function credentials(
  texts: Texts,
  keys: { readonly user: string; readonly password: string },
): Credentials | undefined {
  const user = text(texts, keys.user);
  const password = text(texts, keys.password);
  return user === undefined || password === undefined ? undefined : { user, password };
}

function leaf(texts: Texts, keys: { readonly certificate: string; readonly privateKey: string }): Leaf | undefined {
  const certificate = text(texts, keys.certificate);
  const privateKey = text(texts, keys.privateKey);
  return certificate === undefined || privateKey === undefined ? undefined : { certificate, privateKey };
}

function authorityOf(texts: Texts, prefix: string): Authority | undefined {
  const keys = authorityKeys(prefix);
  const certificate = text(texts, keys.certificate);
  const privateKey = text(texts, keys.privateKey);
  const custody = privateKey === undefined ? 'user' : 'cluster';
  return certificate === undefined ? undefined : { certificate, privateKey, custody, cross: text(texts, keys.cross) };
}

/** Returns the text of a key. An empty value counts as missing, because it is neither a certificate nor a password. */
function text(texts: Texts, key: string): string | undefined {
  return texts[key] || undefined;
}
