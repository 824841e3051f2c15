import type { Ca } from './ca.ts';
import { readEncodedParts } from './certificate.ts';
import { type Asn1, readOid, readSequence } from './der.ts';
import {
  EXTENSION,
  encodeAuthorityKeyId,
  encodeBasicConstraints,
  encodeKeyUsage,
  encodeSubjectKeyId,
} from './extensions.ts';
import { type CertificatePem, createPkiError } from './pem.ts';
import { type SerialAndValidity, signCertificate } from './signed-certificate.ts';

type CrossViolation = {
  readonly reason: 'SameName' | 'PathTooLong';
  readonly field: string;
  readonly message: string;
};

/** The extensions that restrict the subject. The cross-signed certificate carries them in the same bytes. */
const CARRIED: readonly string[] = [EXTENSION.keyUsage, EXTENSION.extendedKeyUsage, EXTENSION.nameConstraints];

function readExtensions({ certificate }: Ca): ReadonlyMap<string, Asn1> {
  const { extensions } = readEncodedParts(certificate);
  const entries = extensions === undefined ? [] : readSequence(extensions, 'extensions');
  return new Map(entries.map((entry) => [readOid(readSequence(entry, 'an extension')[0], 'an extension'), entry]));
}

/**
 * Returns the first CA, from `issuer` upwards, whose path length does not allow one more CA below it (RFC 5280 §6.1.4
 * m, as Go counts).
 */
function checkPathLengths(issuer: Ca): CrossViolation | undefined {
  const above = [issuer.certificate, ...issuer.chain];
  for (const [index, { subject, pathLength }] of above.entries()) {
    const casBelow = index + 1;
    if (pathLength !== undefined && pathLength < casBelow) {
      const message = `${subject} allows ${pathLength} CAs below it, ${casBelow} are needed`;
      return { reason: 'PathTooLong', field: 'pathLength', message };
    }
  }
  return undefined;
}

/**
 * Returns the reason why `issuer` cannot cross-sign `subject`; undefined if it can. A user-provided CA often allows no
 * CA below itself. The peers must then trust the next CA before it signs any certificate.
 */
export function checkCrossSigning(issuer: Ca, subject: Ca): CrossViolation | undefined {
  if (issuer.certificate.subject !== subject.certificate.subject) return checkPathLengths(issuer);
  const message = `both are named ${subject.certificate.subject}, so that peers could not tell them apart`;
  return { reason: 'SameName', field: 'commonName', message };
}

/**
 * Issues a certificate by `issuer` for the name and key of `subject`. Sent right after a leaf certificate of `subject`,
 * it lets peers that trust only `issuer` verify the leaf; peers that trust `subject` do not need it. It expires as soon
 * as one of the two CAs expires.
 * @throws ActionError PKI_INVALID for a reason of `checkCrossSigning`, or naming a serial or validity that is invalid
 * in certificates.
 */
export function signCrossCertificate(issuer: Ca, subject: Ca, terms: SerialAndValidity): CertificatePem {
  const violation = checkCrossSigning(issuer, subject);
  if (violation !== undefined) {
    throw createPkiError(violation.field, violation.message, 'let clients trust the next CA before it signs');
  }
  const stated = readExtensions(subject);
  const carried = CARRIED.flatMap((id) => stated.get(id) ?? []);
  const ends = [terms.notAfter, issuer.certificate.notAfter, subject.certificate.notAfter];
  const body = {
    ...terms,
    notAfter: new Date(Math.min(...ends.map((date) => date.getTime()))),
    subject: subject.name,
    publicKeyInfo: readEncodedParts(subject.certificate).publicKeyInfo,
    extensions: [
      encodeBasicConstraints({ pathLength: 0 }),
      ...(stated.has(EXTENSION.keyUsage) ? [] : [encodeKeyUsage(['keyCertSign', 'cRLSign'])]),
      encodeSubjectKeyId(subject.keyId),
      encodeAuthorityKeyId(issuer.keyId),
      ...carried,
    ],
  };
  return signCertificate(body, issuer);
}
