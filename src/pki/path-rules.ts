import { type Certificate, describeExpiry, describeStart } from './certificate.ts';
import type { ExtendedKeyUsage } from './extensions.ts';
import { findForbiddenNames } from './forbidden-names.ts';
import type { Weakness } from './pem.ts';

type ChainReason =
  | Weakness
  | 'UnknownAuthority'
  | 'NotAuthority'
  | 'NotYetValid'
  | 'Expired'
  | 'PathTooLong'
  | 'NameNotPermitted'
  | 'UsagesDiffer'
  | 'PoliciesDemanded';

export type ChainViolation = { readonly reason: ChainReason; readonly field: string; readonly message: string };

/**
 * A leaf certificate and the CAs above it, each the issuer of the one before. The last one is trusted; it is the leaf
 * itself in a path without a CA. A path without a leaf is that of a CA that has yet to sign one.
 */
export type Path = { readonly leaf: Certificate | undefined; readonly cas: readonly Certificate[] };

/** The usage of the leaf certificate, and the time of the check. */
export type PathCheck = { readonly usage: ExtendedKeyUsage; readonly now: Date };

type Rule = (path: Path, terms: PathCheck) => ChainViolation | undefined;

const certificatesOf = ({ leaf, cas }: Path): readonly Certificate[] => (leaf === undefined ? cas : [leaf, ...cas]);

/** Applies a rule of one certificate, given with its index, to all certificates of a path from the leaf upwards. */
function checkEach<Context>(
  select: (path: Path) => readonly Certificate[],
  rule: (certificate: Certificate, terms: Context, index: number) => ChainViolation | undefined,
): (path: Path, terms: Context) => ChainViolation | undefined {
  return (path, terms) => {
    for (const [index, certificate] of select(path).entries()) {
      const violation = rule(certificate, terms, index);
      if (violation !== undefined) return violation;
    }
    return undefined;
  };
}

const casOf = ({ cas }: Path): readonly Certificate[] => cas;
/** Returns all certificates except the trusted one, because peers do not check its signature and policies. */
const untrustedOf = (path: Path): readonly Certificate[] => certificatesOf(path).slice(0, -1);

/** Refuses certificates outside of their validity, the trusted one included (crypto/x509 isValid). */
export const requireValidity = checkEach<{ readonly now: Date }>(certificatesOf, (certificate, { now }) => {
  const { subject, notBefore, notAfter } = certificate;
  if (now.getTime() < notBefore.getTime()) {
    const message = `${subject} is ${describeStart(certificate)}`;
    return { reason: 'NotYetValid', field: 'notBefore', message };
  }
  if (now.getTime() <= notAfter.getTime()) return undefined;
  return { reason: 'Expired', field: 'notAfter', message: `${subject} ${describeExpiry(certificate)}` };
});

/**
 * Refuses issuers that are not CAs, by RFC 5280 §6.1.4 (k) and (n). A self-signed root of version 1 cannot state that
 * it is a CA, and peers accept it.
 */
const requireCas: Rule = (path) =>
  checkEach<undefined>(casOf, (certificate, _, index) => {
    const { subject, version, encoded, isCa, keyUsage } = certificate;
    const isOldRoot = version === 1 && encoded.subject === encoded.issuer && index === path.cas.length - 1;
    if (isOldRoot || (isCa && keyUsage?.includes('keyCertSign') !== false)) return undefined;
    const lacking = isCa ? 'its key usage lacks keyCertSign' : 'it is not a CA';
    const message = `${subject} may not sign certificates: ${lacking}`;
    return { reason: 'NotAuthority', field: isCa ? 'keyUsage' : 'basicConstraints', message };
  })(path, undefined);

const requireStrongKeys: Rule = checkEach(certificatesOf, ({ subject, weakKey }) =>
  weakKey === undefined ? undefined : { reason: 'WeakKey', field: 'publicKey', message: `${subject}: its ${weakKey}` },
);

const requireStrongSignatures: Rule = checkEach(untrustedOf, ({ subject, weakSignature }) =>
  weakSignature === undefined
    ? undefined
    : { reason: 'WeakSignature', field: 'signatureAlgorithm', message: `${subject}: its ${weakSignature}` },
);

/** Refuses too many CAs, by RFC 5280 §6.1.4 (m), but with self-issued certificates counted, as Go does. */
const requirePathLengths: Rule = checkEach(casOf, ({ subject, pathLength }, _, index) => {
  if (pathLength === undefined || index <= pathLength) return undefined;
  const message = `${subject} allows ${pathLength} CAs below it, but there are ${index}`;
  return { reason: 'PathTooLong', field: 'pathLength', message };
});

/**
 * Refuses a chain in which a certificate does not allow the usage, the trusted certificate included (crypto/x509
 * checkChainForKeyUsage).
 */
const requireUsage: Rule = checkEach<PathCheck>(certificatesOf, ({ subject, extendedKeyUsage }, { usage }) => {
  if (extendedKeyUsage === undefined || extendedKeyUsage.includes(usage)) return undefined;
  const message = `${subject} does not allow ${usage} (its extended key usages: ${extendedKeyUsage.join(', ') || 'none'})`;
  return { reason: 'UsagesDiffer', field: 'extendedKeyUsage', message };
});

/** Refuses forbidden names, by RFC 5280 §4.2.1.10: each CA restricts every certificate below it, other CAs included. */
const requirePermittedNames: Rule = ({ leaf, cas }) => {
  for (const [index, { subject, nameConstraints }] of cas.entries()) {
    const below = [...(leaf === undefined ? [] : [leaf]), ...cas.slice(0, index)];
    const named = below.filter(({ encodedAltNames }) => encodedAltNames !== undefined);
    const forbidden =
      nameConstraints === undefined ? [] : named.flatMap((each) => findForbiddenNames(nameConstraints, each));
    if (forbidden.length > 0) {
      const message = `${subject} may not certify ${forbidden.join(', ')}`;
      return { reason: 'NameNotPermitted', field: 'subjectAltNames', message };
    }
  }
  return undefined;
};

const requireNoPolicies: Rule = checkEach(untrustedOf, ({ subject, policyDemand }) =>
  policyDemand === undefined
    ? undefined
    : { reason: 'PoliciesDemanded', field: 'policyConstraints', message: `${subject} has ${policyDemand}` },
);

/** The rules in the order in which the messages are most useful. */
const PATH_RULES: readonly Rule[] = [
  requireValidity,
  requireCas,
  requireStrongKeys,
  requireStrongSignatures,
  requirePathLengths,
  requireUsage,
  requirePermittedNames,
  requireNoPolicies,
];

/** Returns the first rule of Go's crypto/x509 that a path breaks; undefined if TLS peers accept it. */
export function checkPath(path: Path, terms: PathCheck): ChainViolation | undefined {
  return PATH_RULES.map((rule) => rule(path, terms)).find((violation) => violation !== undefined);
}
