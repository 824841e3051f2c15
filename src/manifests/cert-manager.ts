import { podNames } from '../cluster/names.ts';
import type { ClusterSpec, SubjectAltNames } from '../cluster/spec.ts';
import { listRouteNames, listServerNames } from '../cluster/subject-alt-names.ts';
import type { KeyAlgorithm } from '../pki/key-algorithm.ts';
import { buildMetadata, type Metadata } from './metadata.ts';

// https://cert-manager.io/docs/reference/api-docs/
const API_VERSION = 'cert-manager.io/v1';

type PrivateKey = {
  readonly algorithm: 'ECDSA' | 'Ed25519' | 'RSA';
  readonly size?: number;
  readonly encoding: 'PKCS8';
  readonly rotationPolicy: 'Always' | 'Never';
};

type CertificateManifest = {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: 'Certificate';
  readonly metadata: Metadata;
  readonly spec: {
    readonly secretName: string;
    readonly commonName: string;
    readonly isCA?: true;
    readonly duration: string;
    readonly renewBefore?: string;
    readonly privateKey: PrivateKey;
    readonly usages: readonly string[];
    readonly dnsNames?: readonly string[];
    readonly ipAddresses?: readonly string[];
    readonly issuerRef: { readonly name: string; readonly kind: 'Issuer'; readonly group: 'cert-manager.io' };
  };
};

type IssuerManifest = {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: 'Issuer';
  readonly metadata: Metadata;
  readonly spec:
    | { readonly selfSigned: Readonly<Record<string, never>> }
    | { readonly ca: { readonly secretName: string } };
};

export type CertManagerManifest = CertificateManifest | IssuerManifest;

export type CertManagerOptions = {
  readonly certificateValidityMs: number;
  readonly caValidityMs: number;
  readonly renewBeforeMs: number;
  /** Whether the user provides the CA that clients trust, in the Secret of `nameCertManagerObjects`. */
  readonly isCaGiven: boolean;
};

/**
 * Returns the names under which cert-manager keeps the certificates that it issues for the cluster `name`. No object of
 * the Action has one of these names.
 */
export function nameCertManagerObjects(name: string) {
  return {
    selfSigned: `${name}-self-signed`,
    clientCa: `${name}-client-ca`,
    routeCa: `${name}-route-ca`,
    server: `${name}-server-tls`,
    route: `${name}-route-tls`,
  } as const;
}

/** Returns the spec with the Secrets of cert-manager in place of each Secret that the user does not provide. */
export function useCertManagerSecrets(spec: ClusterSpec): ClusterSpec {
  const { server, route } = nameCertManagerObjects(spec.name);
  return { ...spec, serverTlsSecret: spec.serverTlsSecret ?? server, routeTlsSecret: spec.routeTlsSecret ?? route };
}

/**
 * Builds the objects with which cert-manager issues the certificates that `useCertManagerSecrets` names. Clients and
 * routes have a CA each, as in a deployment. All servers share one route certificate, because cert-manager fills one
 * Secret per certificate and a pod template names one Secret.
 */
export function buildCertManagerManifests(
  spec: ClusterSpec,
  terms: CertManagerOptions,
): readonly CertManagerManifest[] {
  const names = nameCertManagerObjects(spec.name);
  const isServer = spec.serverTlsSecret === undefined;
  const isRoute = spec.routeTlsSecret === undefined;
  const server = { name: names.server, by: names.clientCa, usages: SERVER };
  const authorities = [
    ...(isServer && !terms.isCaGiven ? [buildCaCertificate(spec, names.clientCa, terms)] : []),
    ...(isRoute ? [buildCaCertificate(spec, names.routeCa, terms)] : []),
  ];
  return [
    ...(authorities.length > 0 ? [buildIssuer(spec, names.selfSigned, { selfSigned: {} })] : []),
    ...authorities,
    ...(isServer ? [buildIssuer(spec, names.clientCa, { ca: { secretName: names.clientCa } })] : []),
    ...(isRoute ? [buildIssuer(spec, names.routeCa, { ca: { secretName: names.routeCa } })] : []),
    ...(isServer ? [buildLeafCertificate(spec, terms, { ...server, ...listServerNames(spec) })] : []),
    ...(isRoute
      ? [
          buildLeafCertificate(spec, terms, {
            name: names.route,
            by: names.routeCa,
            usages: PEER,
            ...listPeerNames(spec),
          }),
        ]
      : []),
  ];
}

const SERVER = ['digital signature', 'server auth'] as const;
const PEER = ['digital signature', 'server auth', 'client auth'] as const;

function listPeerNames(spec: ClusterSpec): SubjectAltNames {
  const dnsNames = podNames(spec).flatMap((pod) => listRouteNames(pod, spec.namespace).dnsNames);
  return { dnsNames, ipAddresses: [] };
}

function buildIssuer(spec: ClusterSpec, name: string, of: IssuerManifest['spec']): IssuerManifest {
  return { apiVersion: API_VERSION, kind: 'Issuer', metadata: buildMetadata(spec, name), spec: of };
}

/**
 * Builds the certificate of a CA. The key stays the same at renewal, so that certificates issued before remain valid.
 */
function buildCaCertificate(
  spec: ClusterSpec,
  name: string,
  { caValidityMs }: CertManagerOptions,
): CertificateManifest {
  return buildCertificate(spec, name, {
    isCA: true,
    duration: formatGoDuration(caValidityMs),
    privateKey: buildPrivateKey(spec.keyAlgorithm, 'Never'),
    usages: ['cert sign', 'crl sign'],
    issuerRef: buildIssuerReference(nameCertManagerObjects(spec.name).selfSigned),
  });
}

type LeafOptions = SubjectAltNames & { readonly name: string; readonly by: string; readonly usages: readonly string[] };

function buildLeafCertificate(
  spec: ClusterSpec,
  { certificateValidityMs, renewBeforeMs }: CertManagerOptions,
  { name, by, usages, dnsNames, ipAddresses }: LeafOptions,
): CertificateManifest {
  return buildCertificate(spec, name, {
    duration: formatGoDuration(certificateValidityMs),
    renewBefore: formatGoDuration(renewBeforeMs),
    privateKey: buildPrivateKey(spec.keyAlgorithm, 'Always'),
    usages,
    dnsNames,
    ...(ipAddresses.length > 0 ? { ipAddresses } : {}),
    issuerRef: buildIssuerReference(by),
  });
}

function buildCertificate(
  spec: ClusterSpec,
  name: string,
  body: Omit<CertificateManifest['spec'], 'secretName' | 'commonName'>,
): CertificateManifest {
  return {
    apiVersion: API_VERSION,
    kind: 'Certificate',
    metadata: buildMetadata(spec, name),
    spec: { secretName: name, commonName: name, ...body },
  };
}

function buildIssuerReference(name: string): CertificateManifest['spec']['issuerRef'] {
  return { name, kind: 'Issuer', group: 'cert-manager.io' };
}

function buildPrivateKey(algorithm: KeyAlgorithm, rotationPolicy: PrivateKey['rotationPolicy']): PrivateKey {
  const common = { encoding: 'PKCS8', rotationPolicy } as const;
  switch (algorithm) {
    case 'ecdsa-p256':
      return { algorithm: 'ECDSA', size: 256, ...common };
    case 'ecdsa-p384':
      return { algorithm: 'ECDSA', size: 384, ...common };
    case 'ed25519':
      return { algorithm: 'Ed25519', ...common };
    case 'rsa-2048':
    case 'rsa-3072':
    case 'rsa-4096':
      return { algorithm: 'RSA', size: Number(algorithm.slice('rsa-'.length)), ...common };
  }
}

/** Formats a duration for Go's `time.ParseDuration`, which has no unit for days. */
function formatGoDuration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds % 3600 === 0 ? `${seconds / 3600}h` : `${seconds}s`;
}
