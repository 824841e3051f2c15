import { hasCode } from '../errors.ts';
import { type Certificate, parseCertificates } from './certificate.ts';
import { type ChainViolation, verifyChain } from './chain.ts';
import type { Weakness } from './invalid.ts';
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
import { keyMatches, parsePrivateKey } from './private-key.ts';

type LeafReason = NonNullable<ReturnType<LeafCheck>>['reason'];
type AdoptedReason = 'Missing' | 'Unreadable' | Weakness | LeafReason | ChainViolation['reason'];

/** One thing wrong with a Secret that its owner must mend. `field` is one of the fields of the input. */
export type AdoptedViolation = { readonly reason: AdoptedReason; readonly field: string; readonly message: string };

/** A Secret in cert-manager's layout, as read: the leaf with its chain, its key, and the authorities to trust. */
type AdoptedInput = {
  readonly certificate: string | undefined;
  readonly privateKey: string | undefined;
  readonly trust: string | undefined;
  /** Where a reader finds each, for example `Secret nats/server-tls tls.crt`. */
  readonly fields: { readonly certificate: string; readonly privateKey: string; readonly trust: string };
  readonly wanted: WantedUse;
  readonly now: Date;
};

/** `leaf` as far as it could be read: its `notAfter` says when its owner must renew it. */
type Adopted = { readonly leaf: Certificate | undefined; readonly violations: readonly AdoptedViolation[] };

type Reading<Value> = { readonly value: Value | undefined; readonly violations: readonly AdoptedViolation[] };

/** What could be read; the checks that need a missing part pass, as the part's own violation is told already. */
type PresentInput = AdoptedInput & {
  readonly leaf: Certificate;
  readonly intermediates: readonly Certificate[];
  readonly keyMatches: boolean;
  readonly trusted: readonly Certificate[] | undefined;
};
type Check = (input: PresentInput) => AdoptedViolation | undefined;

function read<Value>(text: string | undefined, field: string, parse: (text: string, field: string) => Value) {
  const reading = (violation: AdoptedViolation): Reading<Value> => ({ value: undefined, violations: [violation] });
  // cert-manager writes empty values before it has something to put there.
  if (text === undefined || text === '') return reading({ reason: 'Missing', field, message: 'is not there' });
  try {
    return { value: parse(text, field), violations: [] };
  } catch (error) {
    if (!hasCode(error, 'PKI_INVALID')) throw error;
    const { reason } = error;
    const weak = reason === 'WeakKey' || reason === 'WeakSignature';
    return reading({ reason: weak ? reason : 'Unreadable', field, message: error.message.replace(`${field}: `, '') });
  }
}

/** A check of any leaf, told in the terms of the Secret. */
function ofSecret(check: LeafCheck): Check {
  return (input) => {
    const violation = check(input);
    if (violation === undefined) return undefined;
    const { certificate, privateKey } = input.fields;
    return { ...violation, field: violation.field === 'tls.key' ? privateKey : certificate };
  };
}

/** Verifies the chain at the nearest moment when the leaf is valid: its own dates and usages have checks of their own. */
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

/** TLS 1.3 and every ECDHE suite sign with the key; absent usages allow it (RFC 5280 §4.2.1.3). */
const signingForbidden: Check = ({ leaf, fields }) => {
  if (leaf.keyUsage === undefined || leaf.keyUsage.includes('digitalSignature')) return undefined;
  return { reason: 'UsagesDiffer', field: fields.certificate, message: 'does not allow digitalSignature' };
};

/** Peers refuse a chain with such a key in it, even where no path leads over it (crypto/tls checkKeySize). */
function weakKeyViolation({ subject, weakKey }: Certificate, field: string): readonly AdoptedViolation[] {
  return weakKey === undefined ? [] : [{ reason: 'WeakKey', field, message: `${subject}: its ${weakKey}` }];
}

/** In the order in which a reader wants to hear of them. */
const ADOPTED_CHECKS: readonly Check[] = [
  ofSecret(keyMismatch), // servers would not start with this pair
  ofSecret(notYetValid), // peers refuse it until later
  ofSecret(expired), // peers refuse it already
  chainBroken, // peers that trust this bundle refuse it
  ofSecret(dnsNamesDiffer), // peers that dial a generated URL refuse it
  ofSecret(ipAddressesDiffer), // the same for an address
  ofSecret(usagesDiffer), // peers refuse it in one of its roles
  signingForbidden, // no handshake comes about
];

/**
 * Everything wrong with a Secret that somebody else keeps. That it expires soon is not wrong: its owner renews it.
 * A certificate that cannot be read, or has a weak key, is told as such and not looked into further.
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
