import type { Certificate } from './certificate.ts';
import type { KeyAlgorithm } from './key-algorithm.ts';

type AuthorityReason = 'NotYetValid' | 'Expired' | 'Due' | 'AlgorithmDiffers';

/** Why an authority must be replaced: `field` is the part of its certificate at fault. */
export type AuthorityViolation = {
  readonly reason: AuthorityReason;
  readonly field: string;
  readonly message: string;
};

type RenewalTerms = {
  /** How long the leaves are to last that it signs. */
  readonly certificateValidityMs: number;
  readonly renewBeforeMs: number;
};

export type WantedAuthority = RenewalTerms & { readonly keyAlgorithm: KeyAlgorithm; readonly now: Date };

type Check = (certificate: Certificate, wanted: WantedAuthority) => AuthorityViolation | undefined;

/**
 * When to replace an authority. A leaf is cut off where its authority ends, so an authority with less left than a
 * leaf's validity signs ever shorter leaves, down to ones that are due as soon as they are issued: it is replaced
 * before it shortens any, and never later than `renewBeforeMs` before its end. An authority made to last hardly longer
 * than its leaves would then be due at once and forever; so two thirds of its lifetime are always used.
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

/** What is broken now before what is merely due or changed. */
const AUTHORITY_CHECKS: readonly Check[] = [
  notYetValid, // peers refuse all it signed until later
  expired, // peers refuse all it signed already
  due, // it would shorten the next leaves it signs
  algorithmDiffers, // works, but is not what was asked for
];

/** The first reason to replace this authority; undefined keeps it. */
export function authorityViolation(certificate: Certificate, wanted: WantedAuthority): AuthorityViolation | undefined {
  return AUTHORITY_CHECKS.map((check) => check(certificate, wanted)).find((violation) => violation !== undefined);
}
