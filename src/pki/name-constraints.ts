import { type Asn1, isTagged, readBytes, readParts, readSequence, sequence, tagged, taggedBytes } from './der.ts';
import { NAME_TYPE } from './extensions.ts';
import { encodeIpAddress } from './ip-address.ts';

/** The subtrees of RFC 5280 §4.2.1.10. `ipRanges`: address bytes followed by mask bytes, in hex. */
export type Subtrees = {
  readonly dnsNames: readonly string[];
  readonly ipRanges: readonly string[];
  readonly emailAddresses: readonly string[];
  readonly uriHosts: readonly string[];
};
export type NameConstraints = { readonly permitted: Subtrees; readonly excluded: Subtrees };

const EVERY_IP_RANGE = [Buffer.alloc(8), Buffer.alloc(32)];
const UNDERSTOOD: readonly number[] = Object.values(NAME_TYPE);

/** Builds name constraints that permit only these DNS subtrees, and no IP address at all. */
export function encodeNameConstraints(permittedDnsNames: readonly string[]): Asn1 {
  const permitted = permittedDnsNames.map((name) =>
    sequence(taggedBytes(NAME_TYPE.dnsName, Buffer.from(name, 'latin1'))),
  );
  const excluded = EVERY_IP_RANGE.map((range) => sequence(taggedBytes(NAME_TYPE.ipAddress, range)));
  return sequence(tagged(0, ...permitted), tagged(1, ...excluded));
}

/** A pattern for one or more labels, none of them empty, as in Go's crypto/x509 domainNameValid. */
const DOMAIN = /^[\x21-\x2d\x2f-\x7e]+(?:\.[\x21-\x2d\x2f-\x7e]+)*$/;
const MAILBOX = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@[^@]+$/;

export function isDomain(text: string): boolean {
  return DOMAIN.test(text);
}

/** Returns the parts of a plain mailbox; undefined for any other text, quoted local parts included. */
export function parseMailbox(text: string): { readonly local: string; readonly domain: string } | undefined {
  const at = text.lastIndexOf('@');
  const domain = text.slice(at + 1).toLowerCase();
  return MAILBOX.test(text) && isDomain(domain) ? { local: text.slice(0, at), domain } : undefined;
}

/** Reads the domain of a subtree, which may be empty or begin with a dot. */
function decodeDomain(bytes: Buffer, part: string): string {
  const text = bytes.toString('latin1').toLowerCase();
  if (text !== '' && !isDomain(text.replace(/^\./, ''))) throw new Error(`${part} is malformed`);
  return text;
}

function decodeEmail(bytes: Buffer): string {
  const text = bytes.toString('latin1');
  if (!text.includes('@')) return decodeDomain(bytes, 'an email subtree');
  if (parseMailbox(text) === undefined) throw new Error('an email subtree is malformed');
  return text;
}

function decodeUriHost(bytes: Buffer): string {
  const host = decodeDomain(bytes, 'a URI subtree');
  if (encodeIpAddress(host) !== undefined) throw new Error('a URI subtree is an IP address');
  return host;
}

function decodeIpRange(bytes: Buffer): string {
  const mask = bytes.subarray(bytes.length / 2);
  const bits = [...mask].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  if ((bytes.length !== 8 && bytes.length !== 32) || !/^1*0*$/.test(bits))
    throw new Error('an IP subtree is malformed');
  return bytes.toString('hex');
}

function decodeSubtrees(node: Asn1 | undefined): { readonly bases: readonly Asn1[]; readonly subtrees: Subtrees } {
  const bases = (node === undefined ? [] : readParts(node, 'name constraints')).map((subtree) => {
    const [base, ...distances] = readSequence(subtree, 'a subtree');
    if (base === undefined || distances.length > 0) throw new Error('a subtree has a minimum or a maximum');
    return base;
  });
  const read = (type: number, decode: (bytes: Buffer) => string): readonly string[] =>
    bases.filter((base) => isTagged(base, type)).map((base) => decode(readBytes(base, 'a subtree')));
  return {
    bases,
    subtrees: {
      dnsNames: read(NAME_TYPE.dnsName, (bytes) => decodeDomain(bytes, 'a DNS subtree')),
      ipRanges: read(NAME_TYPE.ipAddress, decodeIpRange),
      emailAddresses: read(NAME_TYPE.email, decodeEmail),
      uriHosts: read(NAME_TYPE.uri, decodeUriHost),
    },
  };
}

/**
 * Reads a NameConstraints extension. Throws a plain Error on a malformed one, and on a critical one with subtrees of
 * other types (directory names, for example), because Go refuses every chain through such a CA. In a noncritical one,
 * other types are left out.
 */
export function decodeNameConstraints(node: Asn1, isCritical: boolean): NameConstraints {
  const parts = readSequence(node, 'name constraints');
  const [first, second] = parts;
  const [permitted, excluded] = isTagged(first, 0) ? [first, second] : [undefined, first];
  const isOrdered = parts.length === (permitted === undefined ? 0 : 1) + (excluded === undefined ? 0 : 1);
  if (!isOrdered || (excluded !== undefined && !isTagged(excluded, 1)))
    throw new Error('name constraints are malformed');
  const [allowed, refused] = [decodeSubtrees(permitted), decodeSubtrees(excluded)];
  const bases = [...allowed.bases, ...refused.bases];
  if (bases.length === 0) throw new Error('name constraints are empty');
  if (isCritical && !bases.every((base) => UNDERSTOOD.some((type) => isTagged(base, type)))) {
    throw new Error('the critical name constraints have a type that is not supported');
  }
  return { permitted: allowed.subtrees, excluded: refused.subtrees };
}
