import { hasCode } from '../errors/action-error.ts';
import { type Certificate, parseCertificates } from './certificate.ts';
import { type ChainViolation, verifyChain } from './chain.ts';
import {
  checkDnsNames,
  checkEnd,
  checkIpAddresses,
  checkKey,
  checkStart,
  checkUsages,
  type LeafCheck,
  type WantedUse,
} from './leaf-checks.ts';
import type { Weakness } from './pem.ts';
import { keyMatches, parsePrivateKey } from './private-key.ts';

type LeafReason = NonNullable<ReturnType<LeafCheck>>['reason'];
type UserSecretReason = 'Missing' | 'Unreadable' | Weakness | LeafReason | ChainViolation['reason'];

/** One problem of a Secret that its owner must correct. `field` is one of the fields of the input. */
export type UserSecretViolation = {
  readonly reason: UserSecretReason;
  readonly field: string;
  readonly message: string;
};

/** A Secret in cert-manager's layout, as read: the leaf certificate with its chain, its key, and the trusted CAs. */
type UserSecretInput = {
  readonly certificate: string | undefined;
  readonly privateKey: string | undefined;
  readonly trust: string | undefined;
  /** The names of the parts in messages, for example `Secret nats/server-tls tls.crt`. */
  readonly fields: { readonly certificate: string; readonly privateKey: string; readonly trust: string };
  readonly wanted: WantedUse;
  readonly now: Date;
};

/** The result. `leaf` is the readable leaf certificate: its `notAfter` is the time by which its owner must renew it. */
type UserSecretInspection = {
  readonly leaf: Certificate | undefined;
  readonly violations: readonly UserSecretViolation[];
};

type Reading<Value> = { readonly value: Value | undefined; readonly violations: readonly UserSecretViolation[] };

/**
 * The readable parts of a Secret. A check that needs a missing part passes, because the missing part is reported
 * separately.
 */
type PresentInput = UserSecretInput & {
  readonly leaf: Certificate;
  readonly intermediates: readonly Certificate[];
  readonly keyMatches: boolean;
  readonly trusted: readonly Certificate[] | undefined;
};
type Check = (input: PresentInput) => UserSecretViolation | undefined;

function read<Value>(text: string | undefined, field: string, parse: (text: string, field: string) => Value) {
  const reading = (violation: UserSecretViolation): Reading<Value> => ({ value: undefined, violations: [violation] });
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
function nameSecretFields(check: LeafCheck): Check {
  return (input) => {
    const violation = check(input);
    if (violation === undefined) return undefined;
    const { certificate, privateKey } = input.fields;
    return { ...violation, field: violation.field === 'tls.key' ? privateKey : certificate };
  };
}

/**
 * Verifies the chain at the time nearest to now at which the leaf certificate is valid. Separate checks verify the
 * dates and usages of the leaf certificate.
 */
const checkChain: Check = ({ leaf, intermediates, trusted, wanted, now, fields }) => {
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
const checkSigning: Check = ({ leaf, fields }) => {
  if (leaf.keyUsage === undefined || leaf.keyUsage.includes('digitalSignature')) return undefined;
  return { reason: 'UsagesDiffer', field: fields.certificate, message: 'does not allow digitalSignature' };
};

/**
 * Reports a weak key. Peers refuse a chain that contains such a key, even if no path uses it (crypto/tls checkKeySize).
 */
function findWeakKey({ subject, weakKey }: Certificate, field: string): readonly UserSecretViolation[] {
  return weakKey === undefined ? [] : [{ reason: 'WeakKey', field, message: `${subject}: its ${weakKey}` }];
}

/** The checks in the order in which the messages are most useful. */
const USER_SECRET_CHECKS: readonly Check[] = [
  nameSecretFields(checkKey), // servers would not start with this pair
  nameSecretFields(checkStart), // peers refuse it until it is valid
  nameSecretFields(checkEnd), // peers refuse it
  checkChain, // peers that trust this bundle refuse it
  nameSecretFields(checkDnsNames), // peers that dial a generated URL refuse it
  nameSecretFields(checkIpAddresses), // peers that dial a generated address refuse it
  nameSecretFields(checkUsages), // peers refuse it in one of its roles
  checkSigning, // every handshake fails
];

/**
 * Returns all problems of a user-provided Secret. A certificate that expires soon is not a problem, because the owner
 * of the Secret renews it. If the certificates are unreadable or one has a weak key, that is reported, and the leaf
 * certificate is not checked further.
 */
export function inspectUserSecret(input: UserSecretInput): UserSecretInspection {
  const { fields } = input;
  const bundle = read(input.certificate, fields.certificate, parseCertificates);
  const key = read(input.privateKey, fields.privateKey, parsePrivateKey);
  const trust = read(input.trust, fields.trust, parseCertificates);
  const violations = [bundle, key, trust].flatMap((reading) => reading.violations);
  const [leaf, ...intermediates] = bundle.value ?? [];
  const weak = (bundle.value ?? []).flatMap((certificate) => findWeakKey(certificate, fields.certificate));
  if (leaf === undefined || weak.length > 0) return { leaf, violations: [...weak, ...violations] };
  const matches = key.value === undefined || keyMatches(leaf, key.value);
  const present = { ...input, leaf, intermediates, keyMatches: matches, trusted: trust.value };
  return { leaf, violations: [...violations, ...USER_SECRET_CHECKS.flatMap((check) => check(present) ?? [])] };
}
