import { clientUrl } from '../cluster/addresses.ts';
import { clusterNames, configurationSecretName, podNames } from '../cluster/names.ts';
import { routeCertificateKey, routePrivateKeyKey } from '../cluster/server-files.ts';
import type { ClusterSpec } from '../cluster/spec.ts';
import { ActionError } from '../errors.ts';
import type { Certificates, Credentials, Leaf, SystemCredentials } from './material.ts';
import { type Metadata, objectMetadata } from './metadata.ts';
import { type SystemUser, secretKeys, systemUserKeys } from './secret-keys.ts';

/** The type of a Secret can never change. */
type SecretType = 'Opaque' | 'kubernetes.io/tls';

export type SecretManifest = {
  readonly apiVersion: 'v1';
  readonly kind: 'Secret';
  readonly metadata: Metadata;
  readonly type: SecretType;
  /** Base64, not `stringData`, which is never read back: so desired and live compare byte for byte. */
  readonly data: Readonly<Record<string, string>>;
};

type Texts = Readonly<Record<string, string>>;

/** nats.conf, whole: it carries passwords, so it is never in a ConfigMap. */
export function configurationSecret(spec: ClusterSpec, text: string, generation: number): SecretManifest {
  return secret(spec, configurationSecretName(spec.name, generation), 'Opaque', { [secretKeys.configuration]: text });
}

/** All an application needs to connect: the URL, a user, and what to trust. */
export function clientSecret(spec: ClusterSpec, credentials: Credentials, clientTrust: string): SecretManifest {
  return secret(spec, clusterNames(spec.name).clientSecret, 'Opaque', {
    [secretKeys.url]: clientUrl(spec),
    [secretKeys.user]: credentials.user,
    [secretKeys.password]: credentials.password,
    [secretKeys.trust]: clientTrust,
  });
}

/** The generated users of this Action and of the routes, kept so that the next run reuses them. */
export function systemSecret(spec: ClusterSpec, credentials: SystemCredentials): SecretManifest {
  const entry = (user: SystemUser): Texts => {
    const keys = systemUserKeys(user);
    return { [keys.user]: credentials[user].user, [keys.password]: credentials[user].password };
  };
  const texts = { ...entry('system'), ...entry('probe'), ...entry('route') };
  return secret(spec, clusterNames(spec.name).systemSecret, 'Opaque', texts);
}

/** The certificate every server shows to clients, with the bundle it checks theirs by. */
export function serverTlsSecret(spec: ClusterSpec, certificates: Certificates): SecretManifest {
  return secret(spec, clusterNames(spec.name).serverTlsSecret, 'kubernetes.io/tls', {
    [secretKeys.certificate]: certificates.server.certificate,
    [secretKeys.privateKey]: certificates.server.privateKey,
    [secretKeys.trust]: certificates.clientTrust,
  });
}

/** What clients trust, without anything secret, for those who get the user elsewhere. */
export function clientTlsSecret(spec: ClusterSpec, clientTrust: string): SecretManifest {
  return secret(spec, clusterNames(spec.name).clientTlsSecret, 'Opaque', {
    [secretKeys.trust]: clientTrust,
    [secretKeys.trustPem]: clientTrust,
  });
}

/**
 * One route certificate per server, in flat keys: mounted whole, so that another server changes no pod template.
 * Throws INTERNAL when a pod of the cluster has no certificate: it could not start.
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

/** The authorities with the keys generated here; mounted nowhere. */
export function authoritiesSecret(spec: ClusterSpec, certificates: Certificates): SecretManifest {
  const { clientAuthority, routeAuthority } = certificates;
  return secret(spec, clusterNames(spec.name).authoritiesSecret, 'Opaque', {
    [secretKeys.clientAuthorityCertificate]: clientAuthority.certificate,
    ...present(secretKeys.clientAuthorityKey, clientAuthority.privateKey),
    [secretKeys.routeAuthorityCertificate]: routeAuthority.certificate,
    ...present(secretKeys.routeAuthorityKey, routeAuthority.privateKey),
  });
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
