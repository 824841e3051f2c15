import { X509Certificate } from 'node:crypto';
import type { Certificate } from './certificate.ts';
import { forbiddenNames } from './name-constraints.ts';

type ChainReason = 'UnknownAuthority' | 'NotAuthority' | 'NotYetValid' | 'Expired' | 'PathTooLong' | 'NameNotPermitted';

export type ChainViolation = { readonly reason: ChainReason; readonly field: string; readonly message: string };

type ChainInput = {
  readonly leaf: Certificate;
  readonly intermediates: readonly Certificate[];
  readonly trusted: readonly Certificate[];
  readonly now: Date;
};

/** Longer chains do not occur; the limit also ends chains that turn in circles. */
const MAX_AUTHORITIES = 8;

/** The names agree and the signature is the issuer's; whether the issuer may sign is another question. */
export function isIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
  if (certificate.issuer !== issuer.subject) return false;
  return new X509Certificate(certificate.pem).verify(new X509Certificate(issuer.pem).publicKey);
}

function windowViolation(certificate: Certificate, now: Date): ChainViolation | undefined {
  const { subject, notBefore, notAfter } = certificate;
  if (now.getTime() < notBefore.getTime()) {
    const message = `${subject} is valid from ${notBefore.toISOString()}`;
    return { reason: 'NotYetValid', field: 'notBefore', message };
  }
  if (now.getTime() <= notAfter.getTime()) return undefined;
  return { reason: 'Expired', field: 'notAfter', message: `${subject} expired at ${notAfter.toISOString()}` };
}

/** RFC 5280 §6.1.4 (k), (m), (n) and §4.2.1.10 for one authority above `below`, the leaf first. */
function authorityViolation(authority: Certificate, below: readonly Certificate[]): ChainViolation | undefined {
  const { subject, pathLength, nameConstraints } = authority;
  if (!authority.isAuthority || authority.keyUsage?.includes('keyCertSign') === false) {
    return { reason: 'NotAuthority', field: 'basicConstraints', message: `${subject} may not sign certificates` };
  }
  const authoritiesBelow = below.slice(1).filter((each) => each.subject !== each.issuer).length;
  if (pathLength !== undefined && authoritiesBelow > pathLength) {
    const message = `${subject} allows ${pathLength} authorities below it, got ${authoritiesBelow}`;
    return { reason: 'PathTooLong', field: 'pathLength', message };
  }
  const forbidden = nameConstraints === undefined ? [] : below.flatMap((each) => forbiddenNames(nameConstraints, each));
  if (forbidden.length === 0) return undefined;
  const message = `${subject} may not certify ${forbidden.join(', ')}`;
  return { reason: 'NameNotPermitted', field: 'subjectAltNames', message };
}

/**
 * RFC 5280 §6 as far as TLS peers of this cluster apply it: signatures, dates, authority bit, path length, name
 * constraints. Undefined when `leaf` chains to one of `trusted`; otherwise the first violation from the leaf upwards.
 */
export function verifyChain({ leaf, intermediates, trusted, now }: ChainInput): ChainViolation | undefined {
  const path: Certificate[] = [leaf];
  for (let current = leaf; path.length <= MAX_AUTHORITIES; ) {
    const expired = windowViolation(current, now);
    if (expired !== undefined) return expired;
    const subject = current;
    const issuer = [...trusted, ...intermediates].find((candidate) => isIssuedBy(subject, candidate));
    if (issuer === undefined) break;
    const violation = authorityViolation(issuer, path);
    if (violation !== undefined) return violation;
    if (trusted.includes(issuer)) return windowViolation(issuer, now);
    path.push(issuer);
    current = issuer;
  }
  const message = `${path.at(-1)?.subject} was issued by ${path.at(-1)?.issuer}, which is not a trusted authority`;
  return { reason: 'UnknownAuthority', field: 'issuer', message };
}
