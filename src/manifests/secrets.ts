import { clientUrl } from '../cluster/addresses.ts';
import { clusterNames, configurationSecretName, namedClientSecretName, podNames } from '../cluster/names.ts';
import { routeCertificateKey, routePrivateKeyKey } from '../cluster/server-files.ts';
import type { ClusterSpec } from '../cluster/spec.ts';
import { ActionError } from '../errors/action-error.ts';
import { filesText } from '../inputs/grammar/files.ts';
import { userListText } from '../inputs/grammar/users.ts';
import { credentialsText } from '../nats/jwt/user-credentials.ts';
import { trackTexts } from '../rotation/stored-track.ts';
import { presentedBy } from '../rotation/track.ts';
import {
  type Authority,
  authorityKeys,
  authorityPrefix,
  type Certificates,
  type Credentials,
  clientLeaf,
  type Leaf,
  type Material,
  secretKeys,
  userKeys,
} from './material.ts';
import { type Metadata, objectMetadata } from './metadata.ts';

/** The type of a Secret, which is immutable. */
type SecretType = 'Opaque' | 'kubernetes.io/tls';

export type SecretManifest = {
  readonly apiVersion: 'v1';
  readonly kind: 'Secret';
  readonly metadata: Metadata;
  readonly type: SecretType;
  /**
   * The values in base64. `stringData` is not used because the API server never returns it: this way desired and live
   * data compare byte for byte.
   */
  readonly data: Readonly<Record<string, string>>;
};

type Texts = Readonly<Record<string, string>>;

type Issue = Pick<Material, 'credentials' | 'certificates' | 'settings'>;

/**
 * Builds the Secret with the whole nats.conf and the files that it may refer to. They carry passwords, so they are
 * never in a ConfigMap. The Secret is mounted whole: other files change no pod template, and they change in the same
 * step as the configuration.
 */
export function configurationSecret(
  spec: ClusterSpec,
  { configurationText, credentials }: Pick<Material, 'configurationText' | 'credentials'>,
  generation: number,
): SecretManifest {
  const texts = { ...credentials.files, [secretKeys.configuration]: configurationText };
  return secret(spec, configurationSecretName(spec.name, generation), 'Opaque', texts);
}

/**
 * Builds the Secret with everything that an application needs to connect: the URL, a user, the CA bundle, and the
 * user's certificate if servers request one. It has no user if users authenticate with a JWT, because applications then
 * bring their own credentials.
 */
export function clientSecret(spec: ClusterSpec, { credentials, certificates }: Issue): SecretManifest {
  const user = presentedBy(credentials.client);
  return secret(spec, clusterNames(spec.name).clientSecret, 'Opaque', {
    [secretKeys.url]: clientUrl(spec),
    ...(credentials.systemCredentials === undefined
      ? { [secretKeys.user]: user.user, [secretKeys.password]: user.password }
      : {}),
    [secretKeys.trust]: certificates.clientTrust,
    ...leafTexts(clientLeaf(certificates, user.user), secretKeys),
  });
}

/** Builds one Secret for each named client, in cert-manager's layout. */
export function namedClientSecrets(spec: ClusterSpec, certificates: Certificates): readonly SecretManifest[] {
  return spec.clientCertificates.map((client) => {
    const texts = leafTexts(clientLeaf(certificates, client), secretKeys);
    return secret(spec, namedClientSecretName(spec.name, client), 'kubernetes.io/tls', {
      ...texts,
      [secretKeys.trust]: certificates.clientTrust,
    });
  });
}

/**
 * Builds the Secret from which the next run continues: every user, the progress of their rotation, and the inputs of
 * this deployment.
 */
export function systemSecret(spec: ClusterSpec, { credentials, certificates, settings }: Issue): SecretManifest {
  const { system, probe, client, route, users, files, configuration, previousConfiguration } = credentials;
  const { systemCredentials } = credentials;
  const texts = {
    ...userTexts('system', system),
    ...userTexts('probe', probe),
    ...leafTexts(clientLeaf(certificates, system.user), userKeys('system')),
    ...leafTexts(clientLeaf(certificates, probe.user), userKeys('probe')),
    ...trackTexts(client, 'client', userTexts),
    ...trackTexts(route, 'route', userTexts),
    ...present(secretKeys.users, users.length === 0 ? undefined : userListText(users)),
    ...present(secretKeys.userConfiguration, configuration?.texts),
    ...present(secretKeys.previousConfiguration, previousConfiguration),
    ...present(secretKeys.systemCredentials, systemCredentials && credentialsText(systemCredentials)),
    ...present(secretKeys.files, Object.keys(files).length === 0 ? undefined : filesText(files)),
    [secretKeys.settings]: settings,
  };
  return secret(spec, clusterNames(spec.name).systemSecret, 'Opaque', texts);
}

/**
 * Builds the Secret with the certificate that every server presents to clients, and the bundle with which it verifies
 * client certificates.
 */
export function serverTlsSecret(spec: ClusterSpec, certificates: Certificates): SecretManifest {
  return secret(spec, clusterNames(spec.name).serverTlsSecret, 'kubernetes.io/tls', {
    [secretKeys.certificate]: certificates.server.certificate,
    [secretKeys.privateKey]: certificates.server.privateKey,
    [secretKeys.trust]: certificates.clientTrust,
  });
}

/**
 * Builds the Secret with the CA bundle for clients. It holds nothing secret, for applications that get the user
 * elsewhere.
 */
export function clientTlsSecret(spec: ClusterSpec, clientTrust: string): SecretManifest {
  return secret(spec, clusterNames(spec.name).clientTlsSecret, 'Opaque', {
    [secretKeys.trust]: clientTrust,
    [secretKeys.trustPem]: clientTrust,
  });
}

/**
 * Builds the Secret with one route certificate per server, in flat keys. It is mounted whole, so that another server
 * changes no pod template. Throws INTERNAL when a pod of the cluster has no certificate, because the pod could not
 * start.
 */
export function routesTlsSecret(spec: ClusterSpec, certificates: Certificates): SecretManifest {
  const texts: Record<string, string> = { [secretKeys.routeTrust]: certificates.routeTrust };
  for (const pod of podNames(spec)) {
    const leaf = routeLeaf(certificates, pod);
    texts[routeCertificateKey(pod)] = leaf.certificate;
    texts[routePrivateKeyKey(pod)] = leaf.privateKey;
  }
  return secret(spec, clusterNames(spec.name).routesTlsSecret, 'Opaque', texts);
}

/**
 * Builds the Secret with the CAs, the keys that were generated here, and the progress of their rotation. No pod mounts
 * it.
 */
export function authoritiesSecret(spec: ClusterSpec, { authorities }: Certificates): SecretManifest {
  const textsOf = (purpose: 'client' | 'route'): Texts => {
    const track = authorities[purpose];
    return track === undefined ? {} : trackTexts(track, authorityPrefix[purpose], authorityTexts);
  };
  const texts = { ...textsOf('client'), ...textsOf('route') };
  return secret(spec, clusterNames(spec.name).authoritiesSecret, 'Opaque', texts);
}

function authorityTexts(prefix: string, { certificate, privateKey, custody, cross }: Authority): Texts {
  const keys = authorityKeys(prefix);
  return {
    [keys.certificate]: certificate,
    ...present(keys.privateKey, custody === 'cluster' ? privateKey : undefined),
    ...present(keys.cross, cross),
  };
}

function userTexts(prefix: string, { user, password }: Credentials): Texts {
  const keys = userKeys(prefix);
  return { [keys.user]: user, [keys.password]: password };
}

function leafTexts(leaf: Leaf | undefined, keys: { readonly certificate: string; readonly privateKey: string }): Texts {
  return leaf === undefined ? {} : { [keys.certificate]: leaf.certificate, [keys.privateKey]: leaf.privateKey };
}

function routeLeaf(certificates: Certificates, pod: string): Leaf {
  const leaf = certificates.routes[pod];
  if (leaf === undefined) {
    throw new ActionError('INTERNAL', `no route certificate was issued for pod ${pod}`, {
      hint: 'Run the step again; if it fails again, report it with this message.',
      details: {},
    });
  }
  return leaf;
}

function present(key: string, text: string | undefined): Texts {
  return text === undefined ? {} : { [key]: text };
}

function secret(spec: ClusterSpec, name: string, type: SecretType, texts: Texts): SecretManifest {
  const data = Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, Buffer.from(text, 'utf8').toString('base64')]),
  );
  return { apiVersion: 'v1', kind: 'Secret', metadata: objectMetadata(spec, name), type, data };
}
