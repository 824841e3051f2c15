import { randomBytes } from 'node:crypto';
import { clusterNames, podNames } from '../cluster/names.ts';
import type { ClusterSpec } from '../cluster/spec.ts';
import { routeSubjectAltNames, serverSubjectAltNames } from '../cluster/subject-alt-names.ts';
import type { Certificates, Leaf, Authority as StoredAuthority } from '../manifests/material.ts';
import type { StoredMaterial } from '../manifests/stored-material.ts';
import { type Authority, type AuthorityFields, parseAuthority } from '../pki/authority.ts';
import { parseCertificates } from '../pki/certificate.ts';
import { issueAuthority, issueLeaf } from '../pki/issue.ts';
import { readStoredLeaf, reissueViolation, type WantedLeaf } from '../pki/reissue.ts';
import { trustBundle } from '../pki/trust-bundle.ts';
import { validity } from '../pki/validity.ts';

export type IssuanceTerms = {
  readonly now: Date;
  readonly certificateValidityMs: number;
  readonly caValidityMs: number;
  readonly renewBeforeMs: number;
};

/** The certificates of a deployment and the authorities that signed them, ready to sign more. */
export type Issued = {
  readonly certificates: Certificates;
  readonly clientAuthority: Authority;
  readonly routeAuthority: Authority;
  /** One line for each certificate that was issued now, with the reason. */
  readonly issued: readonly string[];
  /** When the first of the certificates in use expires. */
  readonly notAfter: Date;
};

type LeafIssue = { readonly leaf: Leaf; readonly reason: string | undefined; readonly notAfter: Date };

/**
 * Keeps every stored certificate that still serves, issues the others.
 * @throws ActionError PKI_INVALID when a stored authority is unusable: a new one in its place would split the mesh.
 */
export async function issueCertificates(
  spec: ClusterSpec,
  stored: StoredMaterial,
  terms: IssuanceTerms,
): Promise<Issued> {
  const [client, route] = await Promise.all([
    keptAuthority(stored.clientAuthority, secretFields(spec, 'client')) ?? newAuthority(spec, 'clients', terms),
    keptAuthority(stored.routeAuthority, secretFields(spec, 'route')) ?? newAuthority(spec, 'routes', terms),
  ]);
  const pods = podNames(spec);
  const [server, ...routes] = await Promise.all([
    keptOrIssued(client.authority, stored.server, serverLeaf(spec), spec, terms),
    ...pods.map(
      async (pod) => await keptOrIssued(route.authority, stored.routes[pod], routeLeaf(spec, pod), spec, terms),
    ),
  ]);
  const leaves = routes.map(({ leaf }, index) => [pods[index] ?? '', leaf] as const);
  const all = [{ name: `server certificate of ${spec.name}`, ...server }].concat(
    routes.map((issue, index) => ({ name: `route certificate of ${pods[index]}`, ...issue })),
  );
  return {
    certificates: {
      clientAuthority: client.stored,
      routeAuthority: route.stored,
      clientTrust: trustOf(client, stored.clientTrust),
      routeTrust: trustOf(route, stored.routeTrust),
      server: server.leaf,
      routes: Object.fromEntries(leaves),
    },
    clientAuthority: client.authority,
    routeAuthority: route.authority,
    issued: [
      ...(client.isNew ? ['authority for clients: is not there yet'] : []),
      ...(route.isNew ? ['authority for routes: is not there yet'] : []),
      ...all.flatMap(({ name, reason }) => (reason === undefined ? [] : [`${name}: ${reason}`])),
    ],
    notAfter: new Date(Math.min(...all.map(({ notAfter }) => notAfter.getTime()))),
  };
}

/** A leaf nobody keeps, for proofs: what a server must accept from this authority, or refuse. */
export async function ephemeralLeaf(authority: Authority, spec: ClusterSpec, now: Date): Promise<Leaf> {
  const wanted = { commonName: 'proof', ...routeSubjectAltNames(`${spec.name}-proof`, spec.namespace) };
  const { certificatePem, privateKeyPem } = await issueLeaf(authority, {
    commonName: wanted.commonName,
    subjectAltNames: wanted,
    usages: ['clientAuth'],
    keyAlgorithm: 'ecdsa-p256',
    serial: randomBytes(16),
    ...validity(now, PROOF_VALIDITY_MS, authority.certificate.notAfter),
  });
  return { certificate: certificatePem, privateKey: privateKeyPem };
}

/** An authority that no server trusts. */
export async function foreignAuthority(spec: ClusterSpec, now: Date): Promise<Authority> {
  const terms = { now, caValidityMs: PROOF_VALIDITY_MS };
  return (await newAuthority({ ...spec, keyAlgorithm: 'ecdsa-p256' }, 'routes', terms)).authority;
}

const PROOF_VALIDITY_MS = 60 * 60_000;

type HeldAuthority = { readonly authority: Authority; readonly stored: StoredAuthority; readonly isNew: boolean };

/** An authority without its key is refused by `parseAuthority`, as it can sign nothing that the cluster trusts. */
function keptAuthority(stored: StoredAuthority | undefined, fields: AuthorityFields): HeldAuthority | undefined {
  return stored === undefined
    ? undefined
    : { authority: parseAuthority(stored.certificate, stored.privateKey ?? '', fields), stored, isNew: false };
}

/** Where a reader finds what is wrong with a stored authority. */
function secretFields(spec: ClusterSpec, purpose: 'client' | 'route'): AuthorityFields {
  const secret = `Secret ${spec.namespace}/${clusterNames(spec.name).authoritiesSecret}`;
  return { certificate: `${secret} ${purpose}-ca.crt`, privateKey: `${secret} ${purpose}-ca.key` };
}

/** A new authority beside an old bundle: the run that wrote the bundle died before it wrote its authority. */
function trustOf({ authority, isNew }: HeldAuthority, stored: string | undefined): string {
  if (stored !== undefined && !isNew) {
    return stored;
  }
  return trustBundle(authority.certificate, ...(stored === undefined ? [] : parseCertificates(stored, 'ca.crt')));
}

async function newAuthority(
  spec: ClusterSpec,
  purpose: 'clients' | 'routes',
  { now, caValidityMs }: Pick<IssuanceTerms, 'now' | 'caValidityMs'>,
): Promise<HeldAuthority> {
  const { certificatePem, privateKeyPem } = await issueAuthority({
    commonName: `${spec.name} ${purpose}`,
    keyAlgorithm: spec.keyAlgorithm,
    pathLength: 0,
    serial: randomBytes(16),
    // Routes have names in one namespace only; clients may reach servers by names of their own.
    ...(purpose === 'routes' ? { permittedDnsNames: [`${spec.namespace}.svc`] } : {}),
    ...validity(now, caValidityMs),
  });
  const stored = { certificate: certificatePem, privateKey: privateKeyPem };
  return { authority: parseAuthority(certificatePem, privateKeyPem), stored, isNew: true };
}

async function keptOrIssued(
  authority: Authority,
  stored: Leaf | undefined,
  wanted: WantedLeaf,
  spec: ClusterSpec,
  { now, renewBeforeMs, certificateValidityMs }: IssuanceTerms,
): Promise<LeafIssue> {
  const leaf = readStoredLeaf(stored?.certificate, stored?.privateKey);
  const violation = reissueViolation({ leaf, wanted, authority: authority.certificate, now, renewBeforeMs });
  if (violation === undefined && stored !== undefined && leaf.state === 'present') {
    return { leaf: stored, reason: undefined, notAfter: leaf.certificate.notAfter };
  }
  const lifetime = validity(now, certificateValidityMs, authority.certificate.notAfter);
  const { certificatePem, privateKeyPem } = await issueLeaf(authority, {
    commonName: wanted.commonName,
    subjectAltNames: wanted,
    usages: wanted.usages,
    keyAlgorithm: spec.keyAlgorithm,
    serial: randomBytes(16),
    ...lifetime,
  });
  return {
    leaf: { certificate: certificatePem, privateKey: privateKeyPem },
    reason: violation?.message ?? 'is not there yet',
    notAfter: lifetime.notAfter,
  };
}

function serverLeaf(spec: ClusterSpec): WantedLeaf {
  const names = serverSubjectAltNames(spec);
  return { commonName: spec.name, usages: ['serverAuth'], keyAlgorithm: spec.keyAlgorithm, ...names };
}

function routeLeaf(spec: ClusterSpec, pod: string): WantedLeaf {
  const names = routeSubjectAltNames(pod, spec.namespace);
  return { commonName: pod, usages: ['serverAuth', 'clientAuth'], keyAlgorithm: spec.keyAlgorithm, ...names };
}
