import type { Certificate } from './certificate.ts';
import type { KeyAlgorithm } from './key-algorithm.ts';

type AuthorityReason = 'NotYetValid' | 'Expired' | 'Due' | 'AlgorithmDiffers';

/** The reason why a CA must be replaced. `field` is the invalid part of its certificate. */
export type AuthorityViolation = {
  readonly reason: AuthorityReason;
  readonly field: string;
  readonly message: string;
};

type RenewalTerms = {
  /** The validity of the leaf certificates that the CA signs, in milliseconds. */
  readonly certificateValidityMs: number;
  readonly renewBeforeMs: number;
};

export type WantedAuthority = RenewalTerms & { readonly keyAlgorithm: KeyAlgorithm; readonly now: Date };

type Check = (certificate: Certificate, wanted: WantedAuthority) => AuthorityViolation | undefined;

/**
 * Returns when to replace a CA. A leaf certificate ends with its CA at the latest. A CA with less time left than the
 * validity of a leaf certificate would sign ever shorter certificates, down to ones that are due as soon as they are
 * issued. Therefore the CA is replaced before it shortens any, and never later than `renewBeforeMs` before its end. A
 * CA that lasts hardly longer than its leaf certificates would then be due always, so two thirds of its lifetime are
 * always used.
 */
export function authorityDueAt(certificate: Certificate, { certificateValidityMs, renewBeforeMs }: RenewalTerms): Date {
  const end = certificate.notAfter.getTime();
  const third = (end - certificate.notBefore.getTime()) / 3;
  return new Date(end - Math.min(Math.max(renewBeforeMs, certificateValidityMs), third));
}

const notYetValid: Check = ({ notBefore }, { now }) => {
  if (now.getTime() >= notBefore.getTime()) return undefined;
  return { reason: 'NotYetValid', field: 'notBefore', message: `valid only from ${notBefore.toISOString()}` };
};

const expired: Check = ({ notAfter }, { now }) => {
  if (now.getTime() <= notAfter.getTime()) return undefined;
  return { reason: 'Expired', field: 'notAfter', message: `expired at ${notAfter.toISOString()}` };
};

const due: Check = (certificate, wanted) => {
  if (wanted.now.getTime() < authorityDueAt(certificate, wanted).getTime()) return undefined;
  return { reason: 'Due', field: 'notAfter', message: `expires at ${certificate.notAfter.toISOString()}` };
};

const algorithmDiffers: Check = (certificate, { keyAlgorithm }) => {
  if (certificate.keyAlgorithm === keyAlgorithm) return undefined;
  const message = `is ${certificate.keyName}, expected ${keyAlgorithm}`;
  return { reason: 'AlgorithmDiffers', field: 'keyAlgorithm', message };
};

/** The checks. Problems that break connections now come before a CA that is due or changed. */
const AUTHORITY_CHECKS: readonly Check[] = [
  notYetValid, // peers refuse all that it signed until it is valid
  expired, // peers refuse all that it signed
  due, // it would shorten the next leaf certificates
  algorithmDiffers, // it works, but differs from the input
];

/** Returns the first reason to replace this CA; undefined keeps it. */
export function authorityViolation(certificate: Certificate, wanted: WantedAuthority): AuthorityViolation | undefined {
  return AUTHORITY_CHECKS.map((check) => check(certificate, wanted)).find((violation) => violation !== undefined);
}
