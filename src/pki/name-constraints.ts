import { type Asn1, bytesOf, isTagged, partsOf, sequence, sequenceOf, tagged, taggedBytes } from './der.ts';
import { encodeIpAddress } from './ip-address.ts';

/** Subtrees of RFC 5280 §4.2.1.10. `ipRanges`: address bytes followed by mask bytes, in hex. */
type Subtrees = { readonly dnsNames: readonly string[]; readonly ipRanges: readonly string[] };
export type NameConstraints = { readonly permitted: Subtrees; readonly excluded: Subtrees };
export type SubjectAltNames = { readonly dnsNames: readonly string[]; readonly ipAddresses: readonly string[] };

const DNS_NAME = 2;
const IP_ADDRESS = 7;
const EVERY_IP_RANGE = [Buffer.alloc(8), Buffer.alloc(32)];

/** Only these DNS subtrees, and no IP address at all. */
export function encodeNameConstraints(permittedDnsNames: readonly string[]): Asn1 {
  const permitted = permittedDnsNames.map((name) => sequence(taggedBytes(DNS_NAME, Buffer.from(name, 'latin1'))));
  const excluded = EVERY_IP_RANGE.map((range) => sequence(taggedBytes(IP_ADDRESS, range)));
  return sequence(tagged(0, ...permitted), tagged(1, ...excluded));
}

/** Subtrees of other kinds (mail, directory names) bind nothing that a server or client certificate here names. */
function decodeSubtrees(node: Asn1 | undefined): Subtrees {
  if (node === undefined) return { dnsNames: [], ipRanges: [] };
  const bases = partsOf(node, 'name constraints').map((subtree) => sequenceOf(subtree, 'a subtree')[0]);
  return {
    dnsNames: bases
      .filter((base) => isTagged(base, DNS_NAME))
      .map((base) => bytesOf(base, 'a DNS subtree').toString('latin1').toLowerCase()),
    ipRanges: bases
      .filter((base) => isTagged(base, IP_ADDRESS))
      .map((base) => bytesOf(base, 'an IP subtree').toString('hex')),
  };
}

/** Throws a plain Error on a malformed extension. */
export function decodeNameConstraints(node: Asn1): NameConstraints {
  const parts = sequenceOf(node, 'name constraints');
  return {
    permitted: decodeSubtrees(parts.find((part) => isTagged(part, 0))),
    excluded: decodeSubtrees(parts.find((part) => isTagged(part, 1))),
  };
}

function inDnsSubtree(name: string, subtree: string): boolean {
  const base = subtree.replace(/^\./, '');
  return base === '' || name === base || name.endsWith(`.${base}`);
}

function inIpRange(address: string, rangeHex: string): boolean {
  const bytes = encodeIpAddress(address);
  const range = Buffer.from(rangeHex, 'hex');
  if (bytes === undefined || range.length !== 2 * bytes.length) return false;
  return bytes.every((byte, index) => {
    const mask = range[bytes.length + index] ?? 0;
    return (byte & mask) === ((range[index] ?? 0) & mask);
  });
}

/** The names an authority with these constraints may not certify. */
export function forbiddenNames(constraints: NameConstraints, names: SubjectAltNames): readonly string[] {
  const { permitted, excluded } = constraints;
  const dns = names.dnsNames.filter((name) => {
    const within = (subtree: string): boolean => inDnsSubtree(name.toLowerCase(), subtree);
    return (permitted.dnsNames.length > 0 && !permitted.dnsNames.some(within)) || excluded.dnsNames.some(within);
  });
  const ip = names.ipAddresses.filter((address) => {
    const within = (range: string): boolean => inIpRange(address, range);
    return (permitted.ipRanges.length > 0 && !permitted.ipRanges.some(within)) || excluded.ipRanges.some(within);
  });
  return [...dns, ...ip];
}
