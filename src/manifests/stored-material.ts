import { clusterNames, configurationSecretName, namedClientSecretName, parsePodOrdinal } from '../cluster/names.ts';
import { routeCertificateKey, routePrivateKeyKey } from '../cluster/server-files.ts';
import { decodeTrack } from '../rotation/stored-track.ts';
import type { Track } from '../rotation/track.ts';
import { type Ca, type Credentials, caKeysOf, caPrefix, type Leaf, secretKeys, userKeysOf } from './material.ts';
import { recoverUsers } from './recovered-users.ts';

/**
 * The material that an earlier run left in the cluster. A missing or incomplete part is undefined, and the next
 * deployment generates it again.
 */
export type StoredMaterial = {
  readonly client: Track<Credentials> | undefined;
  readonly route: Track<Credentials> | undefined;
  readonly system: Credentials | undefined;
  readonly probe: Credentials | undefined;
  readonly clientCa: Track<Ca> | undefined;
  readonly routeCa: Track<Ca> | undefined;
  readonly clientTrust: string | undefined;
  readonly routeTrust: string | undefined;
  readonly server: Leaf | undefined;
  /** The route certificates by pod name; also of pods beyond the present replicas. */
  readonly routes: Readonly<Record<string, Leaf>>;
  /** The client certificates by common name. */
  readonly clients: Readonly<Record<string, Leaf>>;
  /** The users of the last deployment as `formatUsers` writes them; secret. */
  readonly users: string | undefined;
  /** The texts of the user's own configuration, and of the one before it (`UserConfiguration`); secret. */
  readonly configuration: string | undefined;
  readonly previousConfiguration: string | undefined;
  /** The files of the last deployment as `formatFiles` writes them; secret. */
  readonly files: string | undefined;
  /** The credentials of the last deployment with an operator as `formatCredentials` writes them; secret. */
  readonly systemCredentials: string | undefined;
  /** The inputs of the last deployment. */
  readonly settings: string | undefined;
};

/** A Secret with its values decoded from base64. */
type LiveSecret = { readonly name: string; readonly data: Texts };

type Texts = Readonly<Record<string, string>>;

/**
 * Reads back the Secrets that `buildManifestWaves` wrote from the live Secrets of the namespace, which may contain
 * others. PEM and passwords are returned unchecked: other code verifies them.
 * @throws ActionError ROTATION_UNSAFE when the progress of a rotation cannot be read.
 */
export function decodeStoredMaterial(name: string, secrets: readonly LiveSecret[]): StoredMaterial {
  const names = clusterNames(name);
  const texts = (wanted: string): Texts => secrets.find((secret) => secret.name === wanted)?.data ?? {};
  const system = texts(names.systemSecret);
  const authorities = texts(names.caSecret);
  const published = texts(names.clientSecret);
  const server = texts(names.serverTlsSecret);
  const routes = texts(names.routesTlsSecret);
  const user = (prefix: string): Credentials | undefined => decodeCredentials(system, userKeysOf(prefix));
  const running = readText(texts(configurationSecretName(name, 0)), secretKeys.configuration);
  const recovered = recoverUsers(user('system') === undefined ? running : undefined);
  const authority = (prefix: string): Ca | undefined => decodeCa(authorities, prefix);
  return {
    client: decodeTrack(system, 'client', user) ?? createIdleTrack(decodeCredentials(published, secretKeys)),
    route: decodeTrack(system, 'route', user) ?? createIdleTrack(recovered.route),
    system: user('system') ?? recovered.system,
    probe: user('probe'),
    clientCa: decodeTrack(authorities, caPrefix.client, authority),
    routeCa: decodeTrack(authorities, caPrefix.route, authority),
    clientTrust: readText(texts(names.clientTlsSecret), secretKeys.trust),
    routeTrust: readText(routes, secretKeys.routeTrust),
    server: decodeLeaf(server, secretKeys),
    routes: decodeRouteLeaves(name, routes),
    clients: {
      ...decodeNamedClients(name, secrets),
      ...keyByUser(user('system'), decodeLeaf(system, userKeysOf('system'))),
      ...keyByUser(user('probe'), decodeLeaf(system, userKeysOf('probe'))),
      // A deployment with an operator publishes no user, and the certificate still belongs to the user that would be
      // published otherwise.
      ...keyByUser(decodeCredentials(published, secretKeys) ?? user('client'), decodeLeaf(published, secretKeys)),
    },
    users: readText(system, secretKeys.users),
    configuration: readText(system, secretKeys.userConfiguration),
    previousConfiguration: readText(system, secretKeys.previousConfiguration),
    files: readText(system, secretKeys.files),
    systemCredentials: readText(system, secretKeys.systemCredentials),
    settings: readText(system, secretKeys.settings),
  };
}

function decodeRouteLeaves(name: string, texts: Texts): Readonly<Record<string, Leaf>> {
  const leaves: Record<string, Leaf> = {};
  for (const key of Object.keys(texts)) {
    const pod = /^route-(.+)\.crt$/.exec(key)?.[1];
    if (pod !== undefined && parsePodOrdinal(name, pod) !== undefined) {
      const keys = { certificate: routeCertificateKey(pod), privateKey: routePrivateKeyKey(pod) };
      const found = decodeLeaf(texts, keys);
      Object.assign(leaves, found === undefined ? {} : { [pod]: found });
    }
  }
  return leaves;
}

function decodeNamedClients(name: string, secrets: readonly LiveSecret[]): Readonly<Record<string, Leaf>> {
  const prefix = namedClientSecretName(name, '');
  const leaves = secrets.flatMap((secret): readonly (readonly [string, Leaf])[] => {
    const found = secret.name.startsWith(prefix) ? decodeLeaf(secret.data, secretKeys) : undefined;
    return found === undefined ? [] : [[secret.name.slice(prefix.length), found]];
  });
  return Object.fromEntries(leaves);
}

function keyByUser(user: Credentials | undefined, found: Leaf | undefined): Readonly<Record<string, Leaf>> {
  return user === undefined || found === undefined ? {} : { [user.user]: found };
}

function createIdleTrack<Value>(current: Value | undefined): Track<Value> | undefined {
  return current === undefined ? undefined : { phase: 'idle', current };
}

function decodeCredentials(
  texts: Texts,
  keys: { readonly user: string; readonly password: string },
): Credentials | undefined {
  const pair = readPair(texts, keys.user, keys.password);
  return pair && { user: pair[0], password: pair[1] };
}

function decodeLeaf(
  texts: Texts,
  keys: { readonly certificate: string; readonly privateKey: string },
): Leaf | undefined {
  const pair = readPair(texts, keys.certificate, keys.privateKey);
  return pair && { certificate: pair[0], privateKey: pair[1] };
}

function decodeCa(texts: Texts, prefix: string): Ca | undefined {
  const keys = caKeysOf(prefix);
  const certificate = readText(texts, keys.certificate);
  const privateKey = readText(texts, keys.privateKey);
  const custody = privateKey === undefined ? 'user' : 'cluster';
  return certificate === undefined
    ? undefined
    : { certificate, privateKey, custody, cross: readText(texts, keys.cross) };
}

/** Returns the texts of two keys that are of use only together. */
function readPair(texts: Texts, first: string, second: string): readonly [string, string] | undefined {
  const pair = [readText(texts, first), readText(texts, second)] as const;
  return pair[0] === undefined || pair[1] === undefined ? undefined : [pair[0], pair[1]];
}

/** Returns the text of a key. An empty value counts as missing, because it is neither a certificate nor a password. */
function readText(texts: Texts, key: string): string | undefined {
  return texts[key] || undefined;
}
