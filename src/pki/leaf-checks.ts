import { type Certificate, describeExpiry, describeStart } from './certificate.ts';
import type { ExtendedKeyUsage, SubjectAltNames } from './extensions.ts';
import { canonicalizeIpAddress } from './ip-address.ts';

type LeafReason = 'KeyMismatch' | 'NotYetValid' | 'Expired' | 'NamesDiffer' | 'UsagesDiffer';

/** A violation. `field` is the key of a Secret or the invalid part of the certificate. */
type LeafViolation = { readonly reason: LeafReason; readonly field: string; readonly message: string };

type LeafInput = {
  readonly leaf: Certificate;
  readonly keyMatches: boolean;
  readonly wanted: WantedUse;
  readonly now: Date;
};

/** The names and usages that a leaf certificate must have, regardless of its issuer. */
export type WantedUse = SubjectAltNames & { readonly usages: readonly ExtendedKeyUsage[] };
export type LeafCheck = (input: LeafInput) => LeafViolation | undefined;

export const checkKey: LeafCheck = ({ leaf, keyMatches }) =>
  keyMatches
    ? undefined
    : { reason: 'KeyMismatch', field: 'tls.key', message: `the key is not that of ${leaf.subject}` };

export const checkStart: LeafCheck = ({ leaf, now }) => {
  if (now.getTime() >= leaf.notBefore.getTime()) return undefined;
  return { reason: 'NotYetValid', field: 'notBefore', message: describeStart(leaf) };
};

export const checkEnd: LeafCheck = ({ leaf, now }) => {
  if (now.getTime() <= leaf.notAfter.getTime()) return undefined;
  return { reason: 'Expired', field: 'notAfter', message: describeExpiry(leaf) };
};

/**
 * Checks whether the certificate contains the name itself or a wildcard in place of its first label (RFC 9525 §6.3).
 */
function certifiesDns(leaf: Certificate, name: string): boolean {
  const lower = name.toLowerCase();
  return leaf.dnsNames.includes(lower) || leaf.dnsNames.includes(lower.replace(/^[^.*]+\./, '*.'));
}

/** Reports missing names. Additional names do no harm: they stay until the next renewal. */
export const checkDnsNames: LeafCheck = ({ leaf, wanted }) => {
  const lacking = wanted.dnsNames.filter((name) => !certifiesDns(leaf, name));
  if (lacking.length === 0) return undefined;
  return { reason: 'NamesDiffer', field: 'dnsNames', message: `does not name ${lacking.join(', ')}` };
};

export const checkIpAddresses: LeafCheck = ({ leaf, wanted }) => {
  const named = (address: string): boolean => leaf.ipAddresses.includes(canonicalizeIpAddress(address) ?? address);
  const lacking = wanted.ipAddresses.filter((address) => !named(address));
  if (lacking.length === 0) return undefined;
  return { reason: 'NamesDiffer', field: 'ipAddresses', message: `does not name ${lacking.join(', ')}` };
};

/** Reports missing usages. Absent usages allow every use (RFC 5280 §4.2.1.12). */
export const checkUsages: LeafCheck = ({ leaf, wanted }) => {
  const stated = leaf.extendedKeyUsage;
  const lacking = stated === undefined ? [] : wanted.usages.filter((usage) => !stated.includes(usage));
  if (lacking.length === 0) return undefined;
  return { reason: 'UsagesDiffer', field: 'extendedKeyUsage', message: `does not allow ${lacking.join(', ')}` };
};
