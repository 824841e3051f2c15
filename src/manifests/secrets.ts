import { clientUrl } from '../cluster/addresses.ts';
import { clusterNames, configurationSecretName, namedClientSecretName, podNames } from '../cluster/names.ts';
import { routeCertificateKey, routePrivateKeyKey } from '../cluster/server-files.ts';
import type { ClusterSpec } from '../cluster/spec.ts';
import { ActionError } from '../errors/action-error.ts';
import { formatFiles } from '../inputs/grammar/files.ts';
import { formatUsers } from '../inputs/grammar/users.ts';
import { formatCredentials } from '../nats/jwt/user-credentials.ts';
import { encodeTrack } from '../rotation/stored-track.ts';
import { selectPresented } from '../rotation/track.ts';
import {
  type Ca,
  type Certificates,
  type Credentials,
  caKeysOf,
  caPrefix,
  findClientLeaf,
  type Leaf,
  type Material,
  secretKeys,
  userKeysOf,
} from './material.ts';
import { buildMetadata, type Metadata } from './metadata.ts';

/** The type of a Secret, which is immutable. */
type SecretType = 'Opaque' | 'kubernetes.io/tls';

export type SecretManifest = {
  readonly apiVersion: 'v1';
  readonly kind: 'Secret';
  readonly metadata: Metadata;
  readonly type: SecretType;
  /**
   * The values in base64. `stringData` is not used, because the API server never returns it, and desired and live data
   * are compared byte for byte.
   */
  readonly data: Readonly<Record<string, string>>;
};

type Texts = Readonly<Record<string, string>>;

type SecretMaterial = Pick<Material, 'credentials' | 'certificates' | 'settings'>;

/**
 * Builds the Secret with the whole nats.conf and the files that it may refer to. They carry passwords, so they are
 * never in a ConfigMap. The Secret is mounted whole. Therefore a new file does not change the pod template, and files
 * change in the same step as the configuration.
 */
export function buildConfigurationSecret(
  spec: ClusterSpec,
  { configurationText, credentials }: Pick<Material, 'configurationText' | 'credentials'>,
  generation: number,
): SecretManifest {
  const texts = { ...credentials.files, [secretKeys.configuration]: configurationText };
  return buildSecret(spec, configurationSecretName(spec.name, generation), 'Opaque', texts);
}

/**
 * Builds the Secret with everything that an application needs to connect: the URL, a user, the CA bundle, and the
 * user's certificate if servers request one. It has no user if users authenticate with a JWT, because applications then
 * bring their own credentials.
 */
export function buildClientSecret(spec: ClusterSpec, { credentials, certificates }: SecretMaterial): SecretManifest {
  const user = selectPresented(credentials.client);
  return buildSecret(spec, clusterNames(spec.name).clientSecret, 'Opaque', {
    [secretKeys.url]: clientUrl(spec),
    ...(credentials.systemCredentials === undefined
      ? { [secretKeys.user]: user.user, [secretKeys.password]: user.password }
      : {}),
    [secretKeys.trust]: certificates.clientTrust,
    ...encodeLeaf(findClientLeaf(certificates, user.user), secretKeys),
  });
}

/** Builds one Secret for each named client, in cert-manager's layout. */
export function buildNamedClientSecrets(spec: ClusterSpec, certificates: Certificates): readonly SecretManifest[] {
  return spec.clientCertificates.map((client) => {
    const texts = encodeLeaf(findClientLeaf(certificates, client), secretKeys);
    return buildSecret(spec, namedClientSecretName(spec.name, client), 'kubernetes.io/tls', {
      ...texts,
      [secretKeys.trust]: certificates.clientTrust,
    });
  });
}

/** Builds the Secret from which the next run continues: all users, the progress of their rotation, and the inputs. */
export function buildSystemSecret(
  spec: ClusterSpec,
  { credentials, certificates, settings }: SecretMaterial,
): SecretManifest {
  const { system, probe, client, route, users, files, configuration, previousConfiguration } = credentials;
  const { systemCredentials } = credentials;
  const texts = {
    ...encodeUser('system', system),
    ...encodeUser('probe', probe),
    ...encodeLeaf(findClientLeaf(certificates, system.user), userKeysOf('system')),
    ...encodeLeaf(findClientLeaf(certificates, probe.user), userKeysOf('probe')),
    ...encodeTrack(client, 'client', encodeUser),
    ...encodeTrack(route, 'route', encodeUser),
    ...encodeOptional(secretKeys.users, users.length === 0 ? undefined : formatUsers(users)),
    ...encodeOptional(secretKeys.userConfiguration, configuration?.texts),
    ...encodeOptional(secretKeys.previousConfiguration, previousConfiguration),
    ...encodeOptional(secretKeys.systemCredentials, systemCredentials && formatCredentials(systemCredentials)),
    ...encodeOptional(secretKeys.files, Object.keys(files).length === 0 ? undefined : formatFiles(files)),
    [secretKeys.settings]: settings,
  };
  return buildSecret(spec, clusterNames(spec.name).systemSecret, 'Opaque', texts);
}

/**
 * Builds the Secret with the certificate that every server presents to clients, and the bundle with which it verifies
 * client certificates.
 */
export function buildServerTlsSecret(spec: ClusterSpec, certificates: Certificates): SecretManifest {
  return buildSecret(spec, clusterNames(spec.name).serverTlsSecret, 'kubernetes.io/tls', {
    ...encodeLeaf(certificates.server, secretKeys),
    [secretKeys.trust]: certificates.clientTrust,
  });
}

/** Builds the Secret with the CA bundle alone, for applications that get their user elsewhere. */
export function buildClientTlsSecret(spec: ClusterSpec, clientTrust: string): SecretManifest {
  return buildSecret(spec, clusterNames(spec.name).clientTlsSecret, 'Opaque', {
    [secretKeys.trust]: clientTrust,
    [secretKeys.trustPem]: clientTrust,
  });
}

/**
 * Builds the Secret with one route certificate per server, in flat keys. It is mounted whole, so that an additional
 * server does not change the pod template. Throws INTERNAL when a pod of the cluster has no certificate, because the
 * pod could not start.
 */
export function buildRoutesTlsSecret(spec: ClusterSpec, certificates: Certificates): SecretManifest {
  const texts: Record<string, string> = { [secretKeys.routeTrust]: certificates.routeTrust };
  for (const pod of podNames(spec)) {
    const leaf = requireRouteLeaf(certificates, pod);
    texts[routeCertificateKey(pod)] = leaf.certificate;
    texts[routePrivateKeyKey(pod)] = leaf.privateKey;
  }
  return buildSecret(spec, clusterNames(spec.name).routesTlsSecret, 'Opaque', texts);
}

/** Builds the Secret with the CAs, their generated keys, and the progress of their rotation. No pod mounts it. */
export function buildCaSecret(spec: ClusterSpec, { authorities }: Certificates): SecretManifest {
  const textsOf = (purpose: 'client' | 'route'): Texts => {
    const track = authorities[purpose];
    return track === undefined ? {} : encodeTrack(track, caPrefix[purpose], encodeCa);
  };
  return buildSecret(spec, clusterNames(spec.name).caSecret, 'Opaque', {
    ...textsOf('client'),
    ...textsOf('route'),
  });
}

function encodeCa(prefix: string, { certificate, privateKey, custody, cross }: Ca): Texts {
  const keys = caKeysOf(prefix);
  return {
    [keys.certificate]: certificate,
    ...encodeOptional(keys.privateKey, custody === 'cluster' ? privateKey : undefined),
    ...encodeOptional(keys.cross, cross),
  };
}

function encodeUser(prefix: string, { user, password }: Credentials): Texts {
  const keys = userKeysOf(prefix);
  return { [keys.user]: user, [keys.password]: password };
}

function encodeLeaf(
  leaf: Leaf | undefined,
  keys: { readonly certificate: string; readonly privateKey: string },
): Texts {
  return leaf === undefined ? {} : { [keys.certificate]: leaf.certificate, [keys.privateKey]: leaf.privateKey };
}

function requireRouteLeaf(certificates: Certificates, pod: string): Leaf {
  const leaf = certificates.routes[pod];
  if (leaf === undefined) {
    throw new ActionError('INTERNAL', `no route certificate was issued for pod ${pod}`, {
      hint: 'Run the step again; if it fails again, report it with this message.',
      details: {},
    });
  }
  return leaf;
}

function encodeOptional(key: string, text: string | undefined): Texts {
  return text === undefined ? {} : { [key]: text };
}

function buildSecret(spec: ClusterSpec, name: string, type: SecretType, texts: Texts): SecretManifest {
  const data = Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, Buffer.from(text, 'utf8').toString('base64')]),
  );
  return { apiVersion: 'v1', kind: 'Secret', metadata: buildMetadata(spec, name), type, data };
}
