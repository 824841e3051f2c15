import { hasCode } from '../errors.ts';
import { type Certificate, parseCertificates } from './certificate.ts';
import { isIssuedBy } from './chain.ts';
import type { KeyAlgorithm } from './key-algorithm.ts';
import {
  dnsNamesDiffer,
  expired,
  ipAddressesDiffer,
  keyMismatch,
  notYetValid,
  usagesDiffer,
  type WantedUse,
} from './leaf-checks.ts';
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

export type WantedLeaf = WantedUse & {
  readonly commonName: string;
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

const wrongAuthority: Check = ({ leaf, authority }) => {
  if (isIssuedBy(leaf, authority)) return undefined;
  const message = `issued by ${leaf.issuer}, not by the present key of ${authority.subject}`;
  return { reason: 'WrongAuthority', field: 'issuer', message };
};

/** A leaf that lasts as long as its authority gains nothing from being issued again: the authority is due instead. */
const due: Check = ({ leaf, authority, now, renewBeforeMs }) => {
  const renewAt = leaf.notAfter.getTime() - renewBeforeMs;
  if (now.getTime() < renewAt || leaf.notAfter.getTime() >= authority.notAfter.getTime()) return undefined;
  return { reason: 'Due', field: 'notAfter', message: `expires at ${leaf.notAfter.toISOString()}` };
};

const commonNameDiffers: Check = ({ leaf, wanted }) => {
  const commonName = leaf.commonName ?? '';
  if (commonName === wanted.commonName) return undefined;
  const message = `is ${JSON.stringify(commonName)}, expected ${JSON.stringify(wanted.commonName)}`;
  return { reason: 'NamesDiffer', field: 'commonName', message };
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
  dnsNamesDiffer, // peers that dial a wanted name refuse it
  ipAddressesDiffer, // the same for a wanted address
  commonNameDiffers, // the name in logs, and what `verify-and-map` may go by
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
    const weakness = certificate.weakKey ?? certificate.weakSignature;
    if (weakness !== undefined) return { state: 'unreadable', field: 'tls.crt', message: `its ${weakness}` };
    const matches = keyMatches(certificate, parsePrivateKey(privateKeyPem, 'tls.key'));
    return { state: 'present', certificate, intermediates, keyMatches: matches };
  } catch (error) {
    if (!hasCode(error, 'PKI_INVALID')) throw error;
    return { state: 'unreadable', field: error.details.field, message: error.message };
  }
}
