import {
  type Asn1,
  bitString,
  boolean,
  bytesOf,
  decodeDer,
  encodeDer,
  integer,
  isTagged,
  isUniversal,
  octetString,
  oid,
  oidOf,
  sequence,
  sequenceOf,
  TAG,
  taggedBytes,
} from './der.ts';
import { decodeIpAddress, encodeIpAddress } from './ip-address.ts';
import { decodeNameConstraints, type NameConstraints, type SubjectAltNames } from './name-constraints.ts';

/** Extensions of RFC 5280 §4.2 that are read or written here. */
export const EXTENSION = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  certificatePolicies: '2.5.29.32',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const;

/** Bit names of RFC 5280 §4.2.1.3, bit 0 first. */
const KEY_USAGES = [
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
type KeyUsage = (typeof KEY_USAGES)[number];

/** The purposes of RFC 5280 §4.2.1.12 that TLS knows. */
const PURPOSES = { serverAuth: '1.3.6.1.5.5.7.3.1', clientAuth: '1.3.6.1.5.5.7.3.2' } as const;
export type ExtendedKeyUsage = keyof typeof PURPOSES;

export type Extensions = SubjectAltNames & {
  readonly isAuthority: boolean;
  readonly pathLength: number | undefined;
  /** Undefined when the certificate does not say: then every use is allowed. */
  readonly keyUsage: readonly KeyUsage[] | undefined;
  /** `serverAuth`, `clientAuth` or a dotted identifier; undefined when the certificate does not say. */
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly subjectKeyId: string | undefined;
  readonly authorityKeyId: string | undefined;
  readonly nameConstraints: NameConstraints | undefined;
};

const CRITICAL = true;
const DNS_NAME = 2;
const IP_ADDRESS = 7;

function extension(id: string, critical: boolean, value: Asn1): Asn1 {
  const body = octetString(encodeDer(value));
  return critical ? sequence(oid(id), boolean(true), body) : sequence(oid(id), body);
}

/** A leaf's is empty: DER leaves out the default `cA FALSE` (RFC 5280 §4.2.1.9). */
export function basicConstraints(authority: { readonly pathLength: number } | undefined): Asn1 {
  const parts = authority === undefined ? [] : [boolean(true), integer(Uint8Array.of(authority.pathLength))];
  return extension(EXTENSION.basicConstraints, CRITICAL, sequence(...parts));
}

/** The seven usages of the first byte; trailing zero bits are left out as X.690 §11.2.2 demands. */
export function keyUsage(usages: readonly KeyUsage[]): Asn1 {
  const byte = usages.reduce((bits, usage) => bits | (0x80 >> KEY_USAGES.indexOf(usage)), 0);
  const unusedBits = 31 - Math.clz32(byte & -byte);
  return extension(EXTENSION.keyUsage, CRITICAL, bitString(Uint8Array.of(byte), unusedBits));
}

export function extendedKeyUsage(usages: readonly ExtendedKeyUsage[]): Asn1 {
  return extension(EXTENSION.extendedKeyUsage, false, sequence(...usages.map((usage) => oid(PURPOSES[usage]))));
}

export function subjectKeyId(keyId: Uint8Array): Asn1 {
  return extension(EXTENSION.subjectKeyId, false, octetString(keyId));
}

export function authorityKeyId(keyId: Uint8Array): Asn1 {
  return extension(EXTENSION.authorityKeyId, false, sequence(taggedBytes(0, keyId)));
}

export function nameConstraints(value: Asn1): Asn1 {
  return extension(EXTENSION.nameConstraints, CRITICAL, value);
}

/** Critical when the subject is empty (RFC 5280 §4.2.1.6). The addresses are valid ones by now. */
export function subjectAltName(names: SubjectAltNames, critical: boolean): Asn1 {
  const dns = names.dnsNames.map((name) => taggedBytes(DNS_NAME, Buffer.from(name, 'latin1')));
  const ip = names.ipAddresses.flatMap((address) => {
    const bytes = encodeIpAddress(address);
    return bytes === undefined ? [] : [taggedBytes(IP_ADDRESS, bytes)];
  });
  return extension(EXTENSION.subjectAltName, critical, sequence(...dns, ...ip));
}

function decodeKeyUsage(node: Asn1): readonly KeyUsage[] {
  if (!isUniversal(node, TAG.bitString)) throw new Error('keyUsage is not a BIT STRING');
  const bits = bytesOf(node, 'keyUsage').subarray(1);
  return KEY_USAGES.filter((_, bit) => ((bits[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

function decodePurpose(node: Asn1): string {
  const id = oidOf(node, 'extendedKeyUsage');
  if (id === PURPOSES.serverAuth) return 'serverAuth';
  return id === PURPOSES.clientAuth ? 'clientAuth' : id;
}

function decodeSubjectAltName(node: Asn1): SubjectAltNames {
  const names = sequenceOf(node, 'subjectAltName');
  return {
    dnsNames: names
      .filter((name) => isTagged(name, DNS_NAME))
      .map((name) => {
        const text = bytesOf(name, 'a DNS name').toString('latin1');
        if (!/^[\x21-\x7e]{1,253}$/.test(text)) throw new Error('a DNS name holds characters no DNS name has');
        return text.toLowerCase();
      }),
    ipAddresses: names
      .filter((name) => isTagged(name, IP_ADDRESS))
      .map((name) => {
        const text = decodeIpAddress(bytesOf(name, 'an IP address'));
        if (text === undefined) throw new Error('an IP address has neither 4 nor 16 bytes');
        return text;
      }),
  };
}

function decodeBasicConstraints(node: Asn1): Pick<Extensions, 'isAuthority' | 'pathLength'> {
  const parts = sequenceOf(node, 'basicConstraints');
  const isAuthority = parts.some((part) => isUniversal(part, TAG.boolean) && bytesOf(part, 'cA')[0] === 0xff);
  const length = parts.find((part) => isUniversal(part, TAG.integer));
  if (length === undefined) return { isAuthority, pathLength: undefined };
  const bytes = bytesOf(length, 'pathLenConstraint');
  if (bytes.length !== 1 || bytes.readInt8(0) < 0) throw new Error('pathLenConstraint is out of range');
  return { isAuthority, pathLength: bytes.readInt8(0) };
}

/** Extension values by identifier; an unknown critical one makes a certificate unusable (RFC 5280 §4.2). */
function valuesOf(node: Asn1 | undefined): ReadonlyMap<string, Asn1> {
  const values = new Map<string, Asn1>();
  for (const entry of node === undefined ? [] : sequenceOf(node, 'extensions')) {
    const parts = sequenceOf(entry, 'an extension');
    const id = oidOf(parts[0], 'an extension identifier');
    const body = parts.at(-1);
    if (!isUniversal(body, TAG.octetString)) throw new Error(`extension ${id} has no value`);
    if (values.has(id)) throw new Error(`extension ${id} occurs twice`);
    const known = Object.values(EXTENSION).some((value) => value === id);
    if (known) values.set(id, decodeDer(bytesOf(body, id)));
    else if (parts.length === 3) throw new Error(`the critical extension ${id} is not understood`);
  }
  return values;
}

/** Throws a plain Error on malformed extensions. */
export function decodeExtensions(node: Asn1 | undefined): Extensions {
  const values = valuesOf(node);
  const read = <Value>(id: string, decode: (value: Asn1) => Value): Value | undefined => {
    const value = values.get(id);
    return value === undefined ? undefined : decode(value);
  };
  return {
    ...(read(EXTENSION.basicConstraints, decodeBasicConstraints) ?? { isAuthority: false, pathLength: undefined }),
    ...(read(EXTENSION.subjectAltName, decodeSubjectAltName) ?? { dnsNames: [], ipAddresses: [] }),
    keyUsage: read(EXTENSION.keyUsage, decodeKeyUsage),
    extendedKeyUsage: read(EXTENSION.extendedKeyUsage, (value) => sequenceOf(value, 'usages').map(decodePurpose)),
    subjectKeyId: read(EXTENSION.subjectKeyId, (value) => bytesOf(value, 'subjectKeyIdentifier').toString('hex')),
    authorityKeyId: read(EXTENSION.authorityKeyId, (value) => {
      const keyId = sequenceOf(value, 'authorityKeyIdentifier').find((part) => isTagged(part, 0));
      return keyId === undefined ? undefined : bytesOf(keyId, 'authorityKeyIdentifier').toString('hex');
    }),
    nameConstraints: read(EXTENSION.nameConstraints, decodeNameConstraints),
  };
}
