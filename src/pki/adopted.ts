import { hasCode } from '../errors/action-error.ts';
import { type Certificate, parseCertificates } from './certificate.ts';
import { type ChainViolation, verifyChain } from './chain.ts';
import {
  dnsNamesDiffer,
  expired,
  ipAddressesDiffer,
  keyMismatch,
  type LeafCheck,
  notYetValid,
  usagesDiffer,
  type WantedUse,
} from './leaf-checks.ts';
import type { Weakness } from './pem.ts';
import { keyMatches, parsePrivateKey } from './private-key.ts';

type LeafReason = NonNullable<ReturnType<LeafCheck>>['reason'];
type AdoptedReason = 'Missing' | 'Unreadable' | Weakness | LeafReason | ChainViolation['reason'];

/** One problem of a Secret that its owner must correct. `field` is one of the fields of the input. */
export type AdoptedViolation = { readonly reason: AdoptedReason; readonly field: string; readonly message: string };

/** A Secret in cert-manager's layout, as read: the leaf certificate with its chain, its key, and the trusted CAs. */
type AdoptedInput = {
  readonly certificate: string | undefined;
  readonly privateKey: string | undefined;
  readonly trust: string | undefined;
  /** The names of the parts in messages, for example `Secret nats/server-tls tls.crt`. */
  readonly fields: { readonly certificate: string; readonly privateKey: string; readonly trust: string };
  readonly wanted: WantedUse;
  readonly now: Date;
};

/** The result. `leaf` is the readable leaf certificate: its `notAfter` is the time by which its owner must renew it. */
type Adopted = { readonly leaf: Certificate | undefined; readonly violations: readonly AdoptedViolation[] };

type Reading<Value> = { readonly value: Value | undefined; readonly violations: readonly AdoptedViolation[] };

/**
 * The readable parts. A check that needs a missing part passes, because the part has a violation of its own already.
 */
type PresentInput = AdoptedInput & {
  readonly leaf: Certificate;
  readonly intermediates: readonly Certificate[];
  readonly keyMatches: boolean;
  readonly trusted: readonly Certificate[] | undefined;
};
type Check = (input: PresentInput) => AdoptedViolation | undefined;

function read<Value>(text: string | undefined, field: string, parse: (text: string, field: string) => Value) {
  const reading = (violation: AdoptedViolation): Reading<Value> => ({ value: undefined, violations: [violation] });
  // cert-manager writes empty values before it has a certificate.
  if (text === undefined || text === '') return reading({ reason: 'Missing', field, message: 'is missing' });
  try {
    return { value: parse(text, field), violations: [] };
  } catch (error) {
    if (!hasCode(error, 'PKI_INVALID')) throw error;
    const { reason } = error;
    const weak = reason === 'WeakKey' || reason === 'WeakSignature';
    return reading({ reason: weak ? reason : 'Unreadable', field, message: error.message.replace(`${field}: `, '') });
  }
}

/** Converts a check of any leaf certificate to a check that names the fields of the Secret. */
function ofSecret(check: LeafCheck): Check {
  return (input) => {
    const violation = check(input);
    if (violation === undefined) return undefined;
    const { certificate, privateKey } = input.fields;
    return { ...violation, field: violation.field === 'tls.key' ? privateKey : certificate };
  };
}

/**
 * Verifies the chain at the nearest time when the leaf certificate is valid: its own dates and usages have separate
 * checks.
 */
const chainBroken: Check = ({ leaf, intermediates, trusted, wanted, now, fields }) => {
  if (trusted === undefined) return undefined;
  const moment = Math.min(Math.max(now.getTime(), leaf.notBefore.getTime()), leaf.notAfter.getTime());
  const violation = verifyChain({
    leaf: { ...leaf, extendedKeyUsage: undefined },
    intermediates,
    trusted,
    usages: wanted.usages,
    now: new Date(moment),
  });
  if (violation === undefined) return undefined;
  const message = `does not chain to ${fields.trust}: ${violation.message}`;
  return { reason: violation.reason, field: fields.certificate, message };
};

/**
 * Checks that the key may sign: TLS 1.3 and every ECDHE suite sign with it. Absent usages allow it (RFC 5280 §4.2.1.3).
 */
const signingForbidden: Check = ({ leaf, fields }) => {
  if (leaf.keyUsage === undefined || leaf.keyUsage.includes('digitalSignature')) return undefined;
  return { reason: 'UsagesDiffer', field: fields.certificate, message: 'does not allow digitalSignature' };
};

/**
 * Reports a weak key. Peers refuse a chain that contains such a key, even if no path uses it (crypto/tls checkKeySize).
 */
function weakKeyViolation({ subject, weakKey }: Certificate, field: string): readonly AdoptedViolation[] {
  return weakKey === undefined ? [] : [{ reason: 'WeakKey', field, message: `${subject}: its ${weakKey}` }];
}

/** The checks in the order in which the messages are most useful. */
const ADOPTED_CHECKS: readonly Check[] = [
  ofSecret(keyMismatch), // servers would not start with this pair
  ofSecret(notYetValid), // peers refuse it until it is valid
  ofSecret(expired), // peers refuse it
  chainBroken, // peers that trust this bundle refuse it
  ofSecret(dnsNamesDiffer), // peers that dial a generated URL refuse it
  ofSecret(ipAddressesDiffer), // peers that dial a generated address refuse it
  ofSecret(usagesDiffer), // peers refuse it in one of its roles
  signingForbidden, // every handshake fails
];

/**
 * Returns all problems of a user-provided Secret. A certificate that expires soon is not a problem, because the owner
 * of the Secret renews it. A certificate that is unreadable or has a weak key is reported as such, without further
 * checks.
 */
export function inspectAdopted(input: AdoptedInput): Adopted {
  const { fields } = input;
  const bundle = read(input.certificate, fields.certificate, parseCertificates);
  const key = read(input.privateKey, fields.privateKey, parsePrivateKey);
  const trust = read(input.trust, fields.trust, parseCertificates);
  const violations = [bundle, key, trust].flatMap((reading) => reading.violations);
  const [leaf, ...intermediates] = bundle.value ?? [];
  const weak = (bundle.value ?? []).flatMap((certificate) => weakKeyViolation(certificate, fields.certificate));
  if (leaf === undefined || weak.length > 0) return { leaf, violations: [...weak, ...violations] };
  const matches = key.value === undefined || keyMatches(leaf, key.value);
  const present = { ...input, leaf, intermediates, keyMatches: matches, trusted: trust.value };
  return { leaf, violations: [...violations, ...ADOPTED_CHECKS.flatMap((check) => check(present) ?? [])] };
}
