import { hasCode } from '../errors.ts';
import { type Certificate, parseCertificates } from './certificate.ts';
import { isIssuedBy } from './chain.ts';
import type { ExtendedKeyUsage } from './extensions.ts';
import { canonicalIpAddress } from './ip-address.ts';
import type { KeyAlgorithm } from './key-algorithm.ts';
import type { SubjectAltNames } from './name-constraints.ts';
import { keyMatches, parsePrivateKey } from './private-key.ts';

export type ReissueReason =
  | 'Missing'
  | 'Unreadable'
  | 'KeyMismatch'
  | 'WrongAuthority'
  | 'NotYetValid'
  | 'Expired'
  | 'Due'
  | 'NamesDiffer'
  | 'UsagesDiffer'
  | 'AlgorithmDiffers';

/** Why a leaf must be issued again: `field` is the part of the certificate or of the Secret at fault. */
export type Violation = { readonly reason: ReissueReason; readonly field: string; readonly message: string };

/** What a Secret holds now. `intermediates` follow the leaf in the same bundle. */
export type StoredLeaf =
  | { readonly state: 'missing'; readonly field: string }
  | { readonly state: 'unreadable'; readonly field: string; readonly message: string }
  | {
      readonly state: 'present';
      readonly certificate: Certificate;
      readonly intermediates: readonly Certificate[];
      readonly keyMatches: boolean;
    };

export type WantedLeaf = SubjectAltNames & {
  readonly commonName: string;
  readonly usages: readonly ExtendedKeyUsage[];
  readonly keyAlgorithm: KeyAlgorithm;
};

export type ReissueInput = {
  readonly leaf: StoredLeaf;
  readonly wanted: WantedLeaf;
  readonly authority: Certificate;
  readonly now: Date;
  readonly renewBeforeMs: number;
};

type PresentInput = Omit<ReissueInput, 'leaf'> & { readonly leaf: Certificate; readonly keyMatches: boolean };
type Check = (input: PresentInput) => Violation | undefined;

const keyMismatch: Check = ({ leaf, keyMatches: matches }) =>
  matches ? undefined : { reason: 'KeyMismatch', field: 'tls.key', message: `the key is not that of ${leaf.subject}` };

const wrongAuthority: Check = ({ leaf, authority }) => {
  if (isIssuedBy(leaf, authority)) return undefined;
  const message = `issued by ${leaf.issuer}, not by the present key of ${authority.subject}`;
  return { reason: 'WrongAuthority', field: 'issuer', message };
};

const notYetValid: Check = ({ leaf, now }) => {
  if (now.getTime() >= leaf.notBefore.getTime()) return undefined;
  return { reason: 'NotYetValid', field: 'notBefore', message: `valid only from ${leaf.notBefore.toISOString()}` };
};

const expired: Check = ({ leaf, now }) => {
  if (now.getTime() <= leaf.notAfter.getTime()) return undefined;
  return { reason: 'Expired', field: 'notAfter', message: `expired at ${leaf.notAfter.toISOString()}` };
};

/** A leaf that lasts as long as its authority gains nothing from being issued again: the authority is due instead. */
const due: Check = ({ leaf, authority, now, renewBeforeMs }) => {
  const renewAt = leaf.notAfter.getTime() - renewBeforeMs;
  if (now.getTime() < renewAt || leaf.notAfter.getTime() >= authority.notAfter.getTime()) return undefined;
  return { reason: 'Due', field: 'notAfter', message: `expires at ${leaf.notAfter.toISOString()}` };
};

function certifiesDns(leaf: Certificate, name: string): boolean {
  const lower = name.toLowerCase();
  return leaf.dnsNames.includes(lower) || leaf.dnsNames.includes(lower.replace(/^[^.*]+\./, '*.'));
}

/** More names than wanted do no harm: extra ones stay until the next renewal. */
const namesDiffer: Check = ({ leaf, wanted }) => {
  const dns = wanted.dnsNames.filter((name) => !certifiesDns(leaf, name));
  const ip = wanted.ipAddresses.filter((address) => !leaf.ipAddresses.includes(canonicalIpAddress(address) ?? address));
  if (dns.length > 0) return { reason: 'NamesDiffer', field: 'dnsNames', message: `does not name ${dns.join(', ')}` };
  if (ip.length > 0) return { reason: 'NamesDiffer', field: 'ipAddresses', message: `does not name ${ip.join(', ')}` };
  const commonName = leaf.commonName ?? '';
  if (commonName === wanted.commonName) return undefined;
  const message = `is ${JSON.stringify(commonName)}, expected ${JSON.stringify(wanted.commonName)}`;
  return { reason: 'NamesDiffer', field: 'commonName', message };
};

/** Absent usages allow every use (RFC 5280 §4.2.1.12). */
const usagesDiffer: Check = ({ leaf, wanted }) => {
  const stated = leaf.extendedKeyUsage;
  const lacking = stated === undefined ? [] : wanted.usages.filter((usage) => !stated.includes(usage));
  if (lacking.length === 0) return undefined;
  return { reason: 'UsagesDiffer', field: 'extendedKeyUsage', message: `does not allow ${lacking.join(', ')}` };
};

const algorithmDiffers: Check = ({ leaf, wanted }) => {
  if (leaf.keyAlgorithm === wanted.keyAlgorithm) return undefined;
  const message = `is ${leaf.keyName}, expected ${wanted.keyAlgorithm}`;
  return { reason: 'AlgorithmDiffers', field: 'keyAlgorithm', message };
};

/** In the order in which a reader wants to hear of them: what is broken now before what is merely due or changed. */
const REISSUE_CHECKS: readonly Check[] = [
  keyMismatch, // servers would not start with this pair
  wrongAuthority, // peers that trust the present authority refuse it
  notYetValid, // peers refuse it until later
  expired, // peers refuse it already
  due, // peers will refuse it within renewBefore
  namesDiffer, // peers that dial a wanted name refuse it
  usagesDiffer, // peers refuse it in one of its roles
  algorithmDiffers, // works, but is not what was asked for
];

/** The first reason to issue this leaf again; undefined keeps it. */
export function reissueViolation(input: ReissueInput): Violation | undefined {
  const { leaf } = input;
  switch (leaf.state) {
    case 'missing':
      return { reason: 'Missing', field: leaf.field, message: 'is not there yet' };
    case 'unreadable':
      return { reason: 'Unreadable', field: leaf.field, message: leaf.message };
    case 'present': {
      const present = { ...input, leaf: leaf.certificate, keyMatches: leaf.keyMatches };
      return REISSUE_CHECKS.map((check) => check(present)).find((violation) => violation !== undefined);
    }
  }
}

/** Reads `tls.crt` and `tls.key` of a Secret; what cannot be read becomes a state, since re-issuing heals it. */
export function readStoredLeaf(certificatePem: string | undefined, privateKeyPem: string | undefined): StoredLeaf {
  if (certificatePem === undefined) return { state: 'missing', field: 'tls.crt' };
  if (privateKeyPem === undefined) return { state: 'missing', field: 'tls.key' };
  try {
    const [certificate, ...intermediates] = parseCertificates(certificatePem, 'tls.crt');
    if (certificate === undefined) return { state: 'missing', field: 'tls.crt' };
    const matches = keyMatches(certificate, parsePrivateKey(privateKeyPem, 'tls.key'));
    return { state: 'present', certificate, intermediates, keyMatches: matches };
  } catch (error) {
    if (!hasCode(error, 'PKI_INVALID')) throw error;
    return { state: 'unreadable', field: error.details.field, message: error.message };
  }
}
