import type { Authority } from './authority.ts';
import { encodedParts } from './certificate.ts';
import { type Asn1, oidOf, sequenceOf } from './der.ts';
import { authorityKeyId, basicConstraints, EXTENSION, keyUsage, subjectKeyId } from './extensions.ts';
import { type CertificatePem, pkiInvalid } from './pem.ts';
import { type CertificateTerms, signCertificate } from './signed-certificate.ts';

type CrossViolation = {
  readonly reason: 'SameName' | 'PathTooLong';
  readonly field: string;
  readonly message: string;
};

/** The extensions that restrict the subject. The cross-signed certificate carries them in the same bytes. */
const CARRIED: readonly string[] = [EXTENSION.keyUsage, EXTENSION.extendedKeyUsage, EXTENSION.nameConstraints];

function extensionsOf({ certificate }: Authority): ReadonlyMap<string, Asn1> {
  const { extensions } = encodedParts(certificate);
  const entries = extensions === undefined ? [] : sequenceOf(extensions, 'extensions');
  return new Map(entries.map((entry) => [oidOf(sequenceOf(entry, 'an extension')[0], 'an extension'), entry]));
}

/**
 * Returns the first CA, from `issuer` upwards, whose path length does not allow one more CA below it (RFC 5280 §6.1.4
 * m, as Go counts).
 */
function pathViolation(issuer: Authority): CrossViolation | undefined {
  const above = [issuer.certificate, ...issuer.chain];
  for (const [index, { subject, pathLength }] of above.entries()) {
    const authoritiesBelow = index + 1;
    if (pathLength !== undefined && pathLength < authoritiesBelow) {
      const message = `${subject} allows ${pathLength} authorities below it, ${authoritiesBelow} are needed`;
      return { reason: 'PathTooLong', field: 'pathLength', message };
    }
  }
  return undefined;
}

/**
 * Returns the reason why `issuer` cannot cross-sign `subject`; undefined if it can. A user-provided CA often allows no
 * CA below itself. Peers that trust only that CA must then trust the next one before the next one signs any
 * certificate.
 */
export function crossViolation(issuer: Authority, subject: Authority): CrossViolation | undefined {
  if (issuer.certificate.subject !== subject.certificate.subject) return pathViolation(issuer);
  const message = `both are named ${subject.certificate.subject}, so that peers could not tell them apart`;
  return { reason: 'SameName', field: 'commonName', message };
}

/**
 * Issues a certificate by `issuer` for the name and key of `subject`. Sent right after a leaf certificate of `subject`,
 * it lets peers that trust only `issuer` verify the leaf; peers that trust `subject` do not need it. It ends when the
 * first of both CAs ends.
 * @throws ActionError PKI_INVALID for a reason of `crossViolation`, or naming a serial or validity that is invalid in
 * certificates.
 */
export function crossCertify(issuer: Authority, subject: Authority, terms: CertificateTerms): CertificatePem {
  const violation = crossViolation(issuer, subject);
  if (violation !== undefined) {
    throw pkiInvalid(violation.field, violation.message, 'let clients trust the next authority before it signs');
  }
  const stated = extensionsOf(subject);
  const carried = CARRIED.flatMap((id) => stated.get(id) ?? []);
  const ends = [terms.notAfter, issuer.certificate.notAfter, subject.certificate.notAfter];
  const body = {
    ...terms,
    notAfter: new Date(Math.min(...ends.map((date) => date.getTime()))),
    subject: subject.name,
    publicKeyInfo: encodedParts(subject.certificate).publicKeyInfo,
    extensions: [
      basicConstraints({ pathLength: 0 }),
      ...(stated.has(EXTENSION.keyUsage) ? [] : [keyUsage(['keyCertSign', 'cRLSign'])]),
      subjectKeyId(subject.keyId),
      authorityKeyId(issuer.keyId),
      ...carried,
    ],
  };
  return signCertificate(body, issuer);
}
