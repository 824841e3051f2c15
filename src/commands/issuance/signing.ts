import { randomBytes } from 'node:crypto';
import { clusterNames } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { listRouteNames } from '../../cluster/subject-alt-names.ts';
import { ActionError } from '../../errors/action-error.ts';
import type { Leaf, Ca as StoredCa } from '../../manifests/material.ts';
import { type Ca, type CaFields, parseCa } from '../../pki/ca.ts';
import { checkIssuer } from '../../pki/chain.ts';
import { checkCrossSigning, signCrossCertificate } from '../../pki/cross-certificate.ts';
import type { ExtendedKeyUsage } from '../../pki/extensions.ts';
import { divideNames } from '../../pki/forbidden-names.ts';
import { issueCaCertificate, issueLeaf } from '../../pki/issue.ts';
import { computeValidity } from '../../pki/signed-certificate.ts';
import { formatDate } from '../../text/duration-text.ts';

/** The purpose of a CA: certificates that clients see and hold, or route certificates. */
export type Purpose = 'client' | 'route';

const PROOF_VALIDITY_MS = 60 * 60_000;

export type CaLifetime = { readonly now: Date; readonly caValidityMs: number };

/**
 * Returns a stored or given CA, ready to sign the certificate that `certificateName` describes.
 * @throws ActionError PKI_INVALID when the CA is unusable, or its key is missing.
 */
export function parseSigningCa(
  spec: ClusterSpec,
  purpose: Purpose,
  { certificate, privateKey, custody }: StoredCa,
  certificateName = `a certificate of ${spec.name}`,
): Ca {
  if (privateKey === undefined) {
    const message = `${certificateName} has to be issued, but the key of its ${purpose} CA is not stored in the Kubernetes cluster`;
    throw new ActionError('PKI_INVALID', message, {
      reason: 'AuthorityKeyMissing',
      hint: 'Set `ca-certificate` and `ca-private-key` in this step to the values of the last deployment.',
      details: { field: 'ca-private-key' },
    });
  }
  return parseCa(certificate, privateKey, caFields(spec, purpose, custody));
}

/** Returns the inputs or Secret keys that hold the certificate and the key of a CA. */
function caFields(spec: ClusterSpec, purpose: Purpose, custody: StoredCa['custody']): CaFields {
  const secret = `Secret ${spec.namespace}/${clusterNames(spec.name).caSecret}`;
  return custody === 'user'
    ? { certificate: 'ca-certificate', privateKey: 'ca-private-key' }
    : { certificate: `${secret} ${purpose}-ca.crt`, privateKey: `${secret} ${purpose}-ca.key` };
}

type SigningRequest = {
  readonly now: Date;
  /** The extended key usages of the certificates. */
  readonly usages: readonly ExtendedKeyUsage[];
  readonly certificateName?: string;
};

/**
 * Returns a stored or given CA whose certificates peers accept now.
 * @throws ActionError PKI_INVALID naming the input or Secret when the CA is unreadable or has no key, or when peers
 * refuse every certificate that it signs (dates, usages, path length, weak keys and signatures of its chain).
 */
export function requireUsableCa(
  spec: ClusterSpec,
  purpose: Purpose,
  stored: StoredCa,
  { now, usages, certificateName }: SigningRequest,
): Ca {
  const ca = parseSigningCa(spec, purpose, stored, certificateName);
  const violation = checkIssuer(ca, { now, usages });
  if (violation === undefined) {
    return ca;
  }
  const { certificate: field } = caFields(spec, purpose, stored.custody);
  const hint =
    stored.custody === 'user'
      ? `Set \`ca-certificate\` to a CA, with the CAs above it, that may sign certificates for ${usages.join(' and ')} at ${formatDate(now)}. To replace the CA of a running NATS cluster, run \`command: rotate\` with \`rotate-targets: ca\`.`
      : 'Run `command: rotate`, which replaces the CA.';
  const message = `${field}: clients and servers would refuse the certificates that this CA signs: ${violation.message}`;
  throw new ActionError('PKI_INVALID', message, { reason: violation.reason, hint, details: { field } });
}

/** Issues a new CA whose key is kept in the cluster. */
export async function issueCa(
  spec: ClusterSpec,
  purpose: Purpose,
  { now, caValidityMs }: CaLifetime,
): Promise<StoredCa> {
  const serial = randomBytes(16);
  const { certificatePem, privateKeyPem } = await issueCaCertificate({
    // Each CA has its own name. If two CAs had the same name, peers would have to try the keys of both.
    commonName: `${spec.name.slice(0, 46)} ${purpose}s ${serial.toString('hex', 12)}`,
    keyAlgorithm: spec.keyAlgorithm,
    // This length leaves room for the cross-signed certificate of its successor.
    pathLength: 1,
    serial,
    // Routes have names in one namespace only; users may add other names for clients.
    ...(purpose === 'route' ? { permittedDnsNames: [`${spec.namespace}.svc`] } : {}),
    ...computeValidity(now, caValidityMs),
  });
  return { certificate: certificatePem, privateKey: privateKeyPem, custody: 'cluster', cross: undefined };
}

/**
 * Returns `next` with a certificate that `before` has cross-signed, for clients that trust only `before`. Without the
 * key of `before`, returns `next` unchanged.
 */
export function crossSign(
  spec: ClusterSpec,
  purpose: Purpose,
  { next, before, now }: { readonly next: StoredCa; readonly before: StoredCa; readonly now: Date },
): StoredCa {
  if (before.privateKey === undefined || purpose === 'route') {
    return next; // Servers trust both route CAs before either is presented.
  }
  const issuer = parseSigningCa(spec, purpose, before);
  const subject = parseSigningCa(spec, purpose, next);
  const isOver = issuer.certificate.notAfter.getTime() <= now.getTime();
  if (isOver || checkCrossSigning(issuer, subject) !== undefined) {
    return next;
  }
  const terms = {
    serial: randomBytes(16),
    ...computeValidity(now, Number.MAX_SAFE_INTEGER / 2, issuer.certificate.notAfter),
  };
  return { ...next, cross: signCrossCertificate(issuer, subject, terms) };
}

/** Issues a leaf certificate for one check, in which a server must accept or refuse it. It is not stored. */
export async function issueEphemeralLeaf(ca: Ca, spec: ClusterSpec, now: Date): Promise<Leaf> {
  const names = listRouteNames(`${spec.name}-proof`, spec.namespace);
  const { forbidden } = divideNames([ca.certificate, ...ca.chain], names);
  const { certificatePem, privateKeyPem } = await issueLeaf(ca, {
    commonName: 'proof',
    // A client certificate needs no name, and the name constraints of a user's CA may permit only other names.
    subjectAltNames: forbidden.length === 0 ? names : { dnsNames: [], ipAddresses: [] },
    usages: ['clientAuth'],
    keyAlgorithm: 'ecdsa-p256',
    serial: randomBytes(16),
    ...computeValidity(now, PROOF_VALIDITY_MS, ca.certificate.notAfter),
  });
  return { certificate: certificatePem, privateKey: privateKeyPem };
}

/** Issues a CA that no server trusts. */
export async function issueUnknownCa(spec: ClusterSpec, now: Date): Promise<Ca> {
  const terms = { now, caValidityMs: PROOF_VALIDITY_MS };
  const foreign = await issueCa({ ...spec, keyAlgorithm: 'ecdsa-p256' }, 'route', terms);
  return parseSigningCa(spec, 'route', foreign);
}
