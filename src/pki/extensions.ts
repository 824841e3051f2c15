import {
  type Asn1,
  bitString,
  boolean,
  encodeDer,
  integer,
  isTagged,
  octetString,
  oid,
  readBytes,
  readSequence,
  sequence,
  taggedBytes,
} from './der.ts';
import { decodeIpAddress, encodeIpAddress } from './ip-address.ts';

/** The tags of the GeneralName types (RFC 5280 §4.2.1.6) that TLS peers look at. */
export const NAME_TYPE = { email: 1, dnsName: 2, uri: 6, ipAddress: 7 } as const;

/** The names that server and client certificates of this Action contain. */
export type SubjectAltNames = { readonly dnsNames: readonly string[]; readonly ipAddresses: readonly string[] };

/** All names of a certificate that name constraints can restrict. */
export type CertifiedNames = SubjectAltNames & {
  readonly emailAddresses: readonly string[];
  readonly uris: readonly string[];
};

export const NO_NAMES: CertifiedNames = { dnsNames: [], ipAddresses: [], emailAddresses: [], uris: [] };

/** A pattern for visible ASCII. Go also allows control characters and spaces, but real names do not contain them. */
const VISIBLE = /^[\x21-\x7e]+$/;
const MAX_DNS_NAME = 253;

/**
 * A pattern for a scheme, followed by a plain host with an optional port, or by no host: Go's net/url reads such texts
 * in the same way.
 */
const URI =
  /^[A-Za-z][A-Za-z0-9+.-]*:(?:\/\/(?:[\w-]+(?:\.[\w-]+)*)?(?::\d{1,5})?(?=[/?#]|$)|(?!\/\/))(?:[\w.~!$&'()*+,;=:@/?#-]|%[\da-fA-F]{2})*$/;

function requireVisible(bytes: Buffer, part: string): string {
  const text = bytes.toString('latin1');
  if (!VISIBLE.test(text)) throw new Error(`${part} contains characters that it must not contain`);
  return text;
}

/** Reads a SubjectAltName extension; throws a plain Error on a malformed one. Names of other types are left out. */
export function decodeSubjectAltName(node: Asn1): CertifiedNames {
  const names = readSequence(node, 'subjectAltName');
  const read = (type: number, part: string, decode: (bytes: Buffer) => string): readonly string[] =>
    names.filter((name) => isTagged(name, type)).map((name) => decode(readBytes(name, part)));
  return {
    dnsNames: read(NAME_TYPE.dnsName, 'a DNS name', (bytes) => {
      const text = requireVisible(bytes, 'a DNS name');
      if (text.length > MAX_DNS_NAME) throw new Error(`a DNS name has ${text.length} characters, expected at most 253`);
      return text.toLowerCase();
    }),
    ipAddresses: read(NAME_TYPE.ipAddress, 'an IP address', (bytes) => {
      const text = decodeIpAddress(bytes);
      if (text === undefined) throw new Error('an IP address has neither 4 nor 16 bytes');
      return text;
    }),
    emailAddresses: read(NAME_TYPE.email, 'an email address', (bytes) => requireVisible(bytes, 'an email address')),
    uris: read(NAME_TYPE.uri, 'a URI', (bytes) => {
      const text = requireVisible(bytes, 'a URI');
      if (!URI.test(text)) throw new Error('a URI is malformed');
      return text;
    }),
  };
}

/** The extensions of RFC 5280 §4.2 that are read or written here: all that Go's crypto/x509 understands. */
export const EXTENSION = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyId: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  inhibitAnyPolicy: '2.5.29.54',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
} as const;

/** The bit names of RFC 5280 §4.2.1.3, bit 0 first. */
export const KEY_USAGES = [
  'digitalSignature',
  'contentCommitment',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUsage = (typeof KEY_USAGES)[number];

/** The purposes of RFC 5280 §4.2.1.12 that TLS knows. */
export const PURPOSES = { serverAuth: '1.3.6.1.5.5.7.3.1', clientAuth: '1.3.6.1.5.5.7.3.2' } as const;
export type ExtendedKeyUsage = keyof typeof PURPOSES;

const CRITICAL = true;

function encodeExtension(id: string, critical: boolean, value: Asn1): Asn1 {
  const body = octetString(encodeDer(value));
  return critical ? sequence(oid(id), boolean(true), body) : sequence(oid(id), body);
}

/**
 * Builds basicConstraints. Those of a leaf certificate are empty: DER leaves out the default `cA FALSE` (RFC 5280
 * §4.2.1.9).
 */
export function encodeBasicConstraints(authority: { readonly pathLength: number } | undefined): Asn1 {
  const parts = authority === undefined ? [] : [boolean(true), integer(Uint8Array.of(authority.pathLength))];
  return encodeExtension(EXTENSION.basicConstraints, CRITICAL, sequence(...parts));
}

/** Builds keyUsage from the usages of the first byte; trailing zero bits are left out, as X.690 §11.2.2 requires. */
export function encodeKeyUsage(usages: readonly KeyUsage[]): Asn1 {
  const byte = usages.reduce((bits, usage) => bits | (0x80 >> KEY_USAGES.indexOf(usage)), 0);
  const unusedBits = 31 - Math.clz32(byte & -byte);
  return encodeExtension(EXTENSION.keyUsage, CRITICAL, bitString(Uint8Array.of(byte), unusedBits));
}

export function encodeExtendedKeyUsage(usages: readonly ExtendedKeyUsage[]): Asn1 {
  return encodeExtension(EXTENSION.extendedKeyUsage, false, sequence(...usages.map((usage) => oid(PURPOSES[usage]))));
}

export function encodeSubjectKeyId(keyId: Uint8Array): Asn1 {
  return encodeExtension(EXTENSION.subjectKeyId, false, octetString(keyId));
}

export function encodeAuthorityKeyId(keyId: Uint8Array): Asn1 {
  return encodeExtension(EXTENSION.authorityKeyId, false, sequence(taggedBytes(0, keyId)));
}

export function wrapNameConstraints(value: Asn1): Asn1 {
  return encodeExtension(EXTENSION.nameConstraints, CRITICAL, value);
}

/**
 * Builds subjectAltName, critical if the subject is empty (RFC 5280 §4.2.1.6). The caller has checked the addresses.
 */
export function encodeSubjectAltName(names: SubjectAltNames, critical: boolean): Asn1 {
  const dns = names.dnsNames.map((name) => taggedBytes(NAME_TYPE.dnsName, Buffer.from(name, 'latin1')));
  const ip = names.ipAddresses.flatMap((address) => {
    const bytes = encodeIpAddress(address);
    return bytes === undefined ? [] : [taggedBytes(NAME_TYPE.ipAddress, bytes)];
  });
  return encodeExtension(EXTENSION.subjectAltName, critical, sequence(...dns, ...ip));
}
