import { type Certificate, describeEnd, describeExpiry, describeStart } from './certificate.ts';
import type { KeyAlgorithm } from './key-algorithm.ts';

type CaReason = 'NotYetValid' | 'Expired' | 'Due' | 'AlgorithmDiffers';

/** The reason why a CA must be replaced. `field` is the invalid part of its certificate. */
export type CaViolation = {
  readonly reason: CaReason;
  readonly field: string;
  readonly message: string;
};

type RenewalSettings = {
  /** The validity of the leaf certificates that the CA signs, in milliseconds. */
  readonly certificateValidityMs: number;
  readonly renewBeforeMs: number;
};

export type WantedCa = RenewalSettings & { readonly keyAlgorithm: KeyAlgorithm; readonly now: Date };

type Check = (certificate: Certificate, wanted: WantedCa) => CaViolation | undefined;

/**
 * Returns when to replace a CA. A leaf certificate expires with its CA at the latest. A CA with less time left than the
 * validity of a leaf certificate would sign ever shorter certificates, down to ones that are due as soon as they are
 * issued. Therefore the CA is replaced before it shortens any, and never later than `renewBeforeMs` before its end. A
 * CA that lasts hardly longer than its leaf certificates would then always be due, so a CA is never due before two
 * thirds of its lifetime.
 */
export function computeCaDueDate(
  certificate: Certificate,
  { certificateValidityMs, renewBeforeMs }: RenewalSettings,
): Date {
  const end = certificate.notAfter.getTime();
  const third = (end - certificate.notBefore.getTime()) / 3;
  return new Date(end - Math.min(Math.max(renewBeforeMs, certificateValidityMs), third));
}

const checkStart: Check = (certificate, { now }) => {
  if (now.getTime() >= certificate.notBefore.getTime()) return undefined;
  return { reason: 'NotYetValid', field: 'notBefore', message: describeStart(certificate) };
};

const checkEnd: Check = (certificate, { now }) => {
  if (now.getTime() <= certificate.notAfter.getTime()) return undefined;
  return { reason: 'Expired', field: 'notAfter', message: describeExpiry(certificate) };
};

const checkDue: Check = (certificate, wanted) => {
  if (wanted.now.getTime() < computeCaDueDate(certificate, wanted).getTime()) return undefined;
  return { reason: 'Due', field: 'notAfter', message: describeEnd(certificate) };
};

const checkAlgorithm: Check = (certificate, { keyAlgorithm }) => {
  if (certificate.keyAlgorithm === keyAlgorithm) return undefined;
  const message = `is ${certificate.keyName}, expected ${keyAlgorithm}`;
  return { reason: 'AlgorithmDiffers', field: 'keyAlgorithm', message };
};

/** The checks. Problems that break connections now come first, then a CA that is due, then a changed algorithm. */
const CA_CHECKS: readonly Check[] = [
  checkStart, // peers refuse all that it signed until it is valid
  checkEnd, // peers refuse all that it signed
  checkDue, // it would shorten the next leaf certificates
  checkAlgorithm, // it works, but differs from the input
];

/** Returns the first reason to replace this CA; undefined keeps it. */
export function checkCa(certificate: Certificate, wanted: WantedCa): CaViolation | undefined {
  return CA_CHECKS.map((check) => check(certificate, wanted)).find((violation) => violation !== undefined);
}
