import { hasCode } from '../errors/action-error.ts';
import { type Certificate, describeEnd, parseCertificates } from './certificate.ts';
import { isIssuedBy } from './chain.ts';
import type { KeyAlgorithm } from './key-algorithm.ts';
import {
  checkDnsNames,
  checkEnd,
  checkIpAddresses,
  checkKey,
  checkStart,
  checkUsages,
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

/**
 * The reason why a leaf certificate must be issued again. `field` is the invalid part of the certificate or of the
 * Secret.
 */
export type ReissueViolation = { readonly reason: ReissueReason; readonly field: string; readonly message: string };

/** The present content of a Secret. `intermediates` follow the leaf in the same bundle. */
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
  readonly ca: Certificate;
  readonly now: Date;
  readonly renewBeforeMs: number;
};

type PresentInput = Omit<ReissueInput, 'leaf'> & { readonly leaf: Certificate; readonly keyMatches: boolean };
type Check = (input: PresentInput) => ReissueViolation | undefined;

const checkIssuingCa: Check = ({ leaf, ca: authority }) => {
  if (isIssuedBy(leaf, authority)) return undefined;
  const message = `issued by ${leaf.issuer}, not by the present key of ${authority.subject}`;
  return { reason: 'WrongAuthority', field: 'issuer', message };
};

/**
 * Checks whether the certificate is due. A certificate that lasts as long as its CA is not due, because a new
 * certificate would not last longer: the CA must be replaced first.
 */
const checkDue: Check = ({ leaf, ca: authority, now, renewBeforeMs }) => {
  const renewAt = leaf.notAfter.getTime() - renewBeforeMs;
  if (now.getTime() < renewAt || leaf.notAfter.getTime() >= authority.notAfter.getTime()) return undefined;
  return { reason: 'Due', field: 'notAfter', message: describeEnd(leaf) };
};

const checkCommonName: Check = ({ leaf, wanted }) => {
  const commonName = leaf.commonName ?? '';
  if (commonName === wanted.commonName) return undefined;
  const message = `is ${JSON.stringify(commonName)}, expected ${JSON.stringify(wanted.commonName)}`;
  return { reason: 'NamesDiffer', field: 'commonName', message };
};

const checkAlgorithm: Check = ({ leaf, wanted }) => {
  if (leaf.keyAlgorithm === wanted.keyAlgorithm) return undefined;
  const message = `is ${leaf.keyName}, expected ${wanted.keyAlgorithm}`;
  return { reason: 'AlgorithmDiffers', field: 'keyAlgorithm', message };
};

/**
 * The checks in the order in which the messages are most useful: problems that break connections now come before a
 * certificate that is due or changed.
 */
const REISSUE_CHECKS: readonly Check[] = [
  checkKey, // servers would not start with this pair
  checkIssuingCa, // peers that trust the present CA refuse it
  checkStart, // peers refuse it until it is valid
  checkEnd, // peers refuse it
  checkDue, // peers will refuse it within renewBefore
  checkDnsNames, // peers that dial a wanted name refuse it
  checkIpAddresses, // peers that dial a wanted address refuse it
  checkCommonName, // logs show the name, and `verify-and-map` may use it
  checkUsages, // peers refuse it in one of its roles
  checkAlgorithm, // it works, but differs from the input
];

/** Returns the first reason to issue this leaf certificate again; undefined keeps it. */
export function checkStoredLeaf(input: ReissueInput): ReissueViolation | undefined {
  const { leaf } = input;
  switch (leaf.state) {
    case 'missing':
      return { reason: 'Missing', field: leaf.field, message: 'does not exist yet' };
    case 'unreadable':
      return { reason: 'Unreadable', field: leaf.field, message: leaf.message };
    case 'present': {
      const present = { ...input, leaf: leaf.certificate, keyMatches: leaf.keyMatches };
      return REISSUE_CHECKS.map((check) => check(present)).find((violation) => violation !== undefined);
    }
  }
}

/**
 * Reads `tls.crt` and `tls.key` of a Secret. Unreadable content is a state, not an error, because a new certificate
 * replaces it.
 */
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
