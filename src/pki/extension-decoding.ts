import {
  type Asn1,
  decodeDer,
  encodeDer,
  isTagged,
  isUniversal,
  readBoolean,
  readBytes,
  readOid,
  readSequence,
  readSmallInteger,
  TAG,
} from './der.ts';
import {
  type CertifiedNames,
  decodeSubjectAltName,
  EXTENSION,
  KEY_USAGES,
  type KeyUsage,
  NO_NAMES,
  PURPOSES,
} from './extensions.ts';
import { decodeNameConstraints, type NameConstraints } from './name-constraints.ts';

const ANY_POLICY = '2.5.29.32.0';

function requireDistinctPolicies(node: Asn1): void {
  const policies = readSequence(node, 'certificatePolicies').map((each) =>
    readOid(readSequence(each, 'a policy')[0], 'a policy'),
  );
  if (new Set(policies).size < policies.length) throw new Error('certificatePolicies names a policy twice');
}

function mapsAnyPolicy(node: Asn1): boolean {
  const ids = readSequence(node, 'policyMappings').flatMap((each) => {
    const [issuer, subject] = readSequence(each, 'a policy mapping');
    return [readOid(issuer, 'a policy mapping'), readOid(subject, 'a policy mapping')];
  });
  return ids.includes(ANY_POLICY);
}

/**
 * Returns the policy requirement of a certificate because of which verifiers may refuse its chain; undefined without a
 * requirement. Go evaluates the policies of RFC 5280 §6.1 (crypto/x509 policiesValid), but this Action does not. Throws
 * a plain Error on malformed extensions.
 */
function findPolicyDemand(extension: (id: string) => Asn1 | undefined): string | undefined {
  const [policies, mappings] = [extension(EXTENSION.certificatePolicies), extension(EXTENSION.policyMappings)];
  const [constraints, inhibit] = [extension(EXTENSION.policyConstraints), extension(EXTENSION.inhibitAnyPolicy)];
  if (policies !== undefined) requireDistinctPolicies(policies);
  if (inhibit !== undefined) readSmallInteger(inhibit, 'inhibitAnyPolicy');
  if (mappings !== undefined && mapsAnyPolicy(mappings)) return 'policyMappings of anyPolicy';
  const parts = constraints === undefined ? [] : readSequence(constraints, 'policyConstraints');
  return parts.every((part) => isTagged(part, 1)) ? undefined : 'policyConstraints with requireExplicitPolicy';
}

export type Extensions = CertifiedNames & {
  readonly isCa: boolean;
  readonly pathLength: number | undefined;
  /** The key usages; undefined if the certificate states none: then every use is allowed. */
  readonly keyUsage: readonly KeyUsage[] | undefined;
  /** The purposes: `serverAuth`, `clientAuth` or a dotted identifier; undefined if the certificate states none. */
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly subjectKeyId: string | undefined;
  readonly authorityKeyId: string | undefined;
  readonly nameConstraints: NameConstraints | undefined;
  /**
   * The policy requirement of the certificate, which this Action does not evaluate; undefined without a requirement.
   */
  readonly policyDemand: string | undefined;
  /** The hex of the SubjectAltName extension as encoded; undefined without one. */
  readonly encodedAltNames: string | undefined;
};

type RawExtension = { readonly value: Asn1; readonly isCritical: boolean };

/** The extensions that Go refuses to read if they are marked critical (crypto/x509 processExtensions). */
const NEVER_CRITICAL: readonly string[] = [
  EXTENSION.subjectKeyId,
  EXTENSION.authorityKeyId,
  EXTENSION.authorityInfoAccess,
];

function decodeKeyUsage(node: Asn1): readonly KeyUsage[] {
  if (!isUniversal(node, TAG.bitString)) throw new Error('keyUsage is not a BIT STRING');
  const [unused = 8, ...bits] = readBytes(node, 'keyUsage');
  const padding = (bits.at(-1) ?? 0) & ((1 << unused) - 1);
  if (unused > 7 || (bits.length === 0 && unused > 0) || padding !== 0) throw new Error('keyUsage is malformed');
  return KEY_USAGES.filter((_, bit) => ((bits[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

function decodePurpose(node: Asn1): string {
  const id = readOid(node, 'extendedKeyUsage');
  if (id === PURPOSES.serverAuth) return 'serverAuth';
  return id === PURPOSES.clientAuth ? 'clientAuth' : id;
}

/** Decodes the purposes. An empty list allows no use; Go reads it as every use. */
function decodeExtendedKeyUsage(node: Asn1): readonly string[] {
  return readSequence(node, 'extendedKeyUsage').map(decodePurpose);
}

/** Decodes the parts of RFC 5280 §4.2.1.9, in this order only, because Go ignores a `cA` after the path length. */
function decodeBasicConstraints(node: Asn1): Pick<Extensions, 'isCa' | 'pathLength'> {
  const parts = readSequence(node, 'basicConstraints');
  const isStated = isUniversal(parts[0], TAG.boolean);
  const [length, ...rest] = isStated ? parts.slice(1) : parts;
  if (rest.length > 0) throw new Error('basicConstraints holds more than cA and pathLenConstraint');
  return {
    isCa: isStated && readBoolean(parts[0], 'cA'),
    pathLength: length === undefined ? undefined : readSmallInteger(length, 'pathLenConstraint'),
  };
}

function decodeSubjectKeyId(node: Asn1): string {
  if (!isUniversal(node, TAG.octetString)) throw new Error('subjectKeyIdentifier is not an OCTET STRING');
  return readBytes(node, 'subjectKeyIdentifier').toString('hex');
}

function decodeAuthorityKeyId(node: Asn1): string | undefined {
  const keyId = readSequence(node, 'authorityKeyIdentifier').find((part) => isTagged(part, 0));
  return keyId === undefined ? undefined : readBytes(keyId, 'authorityKeyIdentifier').toString('hex');
}

function decodeExtension(entry: Asn1): RawExtension & { readonly id: string } {
  const [identifier, ...others] = readSequence(entry, 'an extension');
  const id = readOid(identifier, 'an extension identifier');
  const [body, ...rest] = isUniversal(others[0], TAG.boolean) ? others.slice(1) : others;
  const isCritical = body !== others[0] && readBoolean(others[0], `critical of ${id}`);
  if (!isUniversal(body, TAG.octetString) || rest.length > 0) throw new Error(`extension ${id} has no value`);
  const isKnown = Object.values(EXTENSION).some((value) => value === id);
  if (isCritical && !isKnown) throw new Error(`the critical extension ${id} is not understood`);
  if (isCritical && NEVER_CRITICAL.includes(id)) throw new Error(`extension ${id} must not be critical`);
  return { id, isCritical, value: isKnown ? decodeDer(readBytes(body, id)) : entry };
}

/** Collects the extensions by identifier; an unknown critical one makes a certificate unusable (RFC 5280 §4.2). */
function collectExtensions(node: Asn1 | undefined): ReadonlyMap<string, RawExtension> {
  const extensions = new Map<string, RawExtension>();
  for (const entry of node === undefined ? [] : readSequence(node, 'extensions')) {
    const { id, ...extension } = decodeExtension(entry);
    if (extensions.has(id)) throw new Error(`extension ${id} occurs twice`);
    extensions.set(id, extension);
  }
  return extensions;
}

/** Refuses a critical SubjectAltName extension that contains only names of unknown types. */
function requireUnderstoodNames({ isCritical }: RawExtension, names: CertifiedNames): void {
  const isEmpty = Object.values(names).every((list) => list.length === 0);
  if (isCritical && isEmpty) throw new Error('the critical subjectAltName holds no name that is understood');
}

/** Reads all extensions of a certificate; throws a plain Error on malformed ones and on unknown critical ones. */
export function decodeExtensions(node: Asn1 | undefined): Extensions {
  const extensions = collectExtensions(node);
  const read = <Value>(id: string, decode: (value: Asn1, raw: RawExtension) => Value): Value | undefined => {
    const extension = extensions.get(id);
    return extension === undefined ? undefined : decode(extension.value, extension);
  };
  const listOf = (value: Asn1): number =>
    readSequence(value, 'an extension').map((each) => readSequence(each, 'its parts')).length;
  read(EXTENSION.crlDistributionPoints, listOf);
  read(EXTENSION.authorityInfoAccess, listOf);
  return {
    ...(read(EXTENSION.basicConstraints, decodeBasicConstraints) ?? { isCa: false, pathLength: undefined }),
    ...(read(EXTENSION.subjectAltName, (value, raw) => {
      const names = decodeSubjectAltName(value);
      requireUnderstoodNames(raw, names);
      return names;
    }) ?? NO_NAMES),
    keyUsage: read(EXTENSION.keyUsage, decodeKeyUsage),
    extendedKeyUsage: read(EXTENSION.extendedKeyUsage, decodeExtendedKeyUsage),
    subjectKeyId: read(EXTENSION.subjectKeyId, decodeSubjectKeyId),
    authorityKeyId: read(EXTENSION.authorityKeyId, decodeAuthorityKeyId),
    nameConstraints: read(EXTENSION.nameConstraints, (value, raw) => decodeNameConstraints(value, raw.isCritical)),
    policyDemand: findPolicyDemand((id) => extensions.get(id)?.value),
    encodedAltNames: read(EXTENSION.subjectAltName, (value) => encodeDer(value).toString('hex')),
  };
}
