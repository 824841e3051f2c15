import type { Certificate } from './certificate.ts';
import type { CertifiedNames, SubjectAltNames } from './extensions.ts';
import { encodeIpAddress } from './ip-address.ts';
import { isDomain, type NameConstraints, parseMailbox } from './name-constraints.ts';

/**
 * Checks whether the name is in the subtree. `.example.com` requires one more label (crypto/x509 dnsHasSuffix); the
 * empty subtree contains every name.
 */
function isBelow(name: string, subtree: string): boolean {
  if (subtree === '' || name === subtree) return true;
  return name.endsWith(subtree.startsWith('.') ? subtree : `.${subtree}`);
}

/**
 * Checks whether the name is excluded. A wildcard is excluded too if it covers an excluded name (crypto/x509
 * parentConstraints, since Go 1.25).
 */
function isExcludedDns(name: string, subtree: string): boolean {
  return isBelow(name, subtree) || (name.startsWith('*.') && subtree.replace(/^[^.]*/, '') === name.slice(1));
}

/**
 * Checks whether the subtree permits the host of a URI or email address. In RFC 5280 §4.2.1.10, a subtree without a
 * leading dot is the host itself.
 */
function isPermittedHost(host: string, subtree: string): boolean {
  return subtree.startsWith('.') ? isBelow(host, subtree) : subtree === '' || host === subtree;
}

type Range = { readonly address: Buffer; readonly mask: Buffer };

function parseRange(hex: string): Range {
  const bytes = Buffer.from(hex, 'hex');
  const half = bytes.length / 2;
  return { address: bytes.subarray(0, half), mask: bytes.subarray(half) };
}

function isInRange(bytes: Buffer, { address, mask }: Range): boolean {
  if (address.length !== bytes.length) return false;
  return bytes.every((byte, index) => ((byte ^ (address[index] ?? 0)) & (mask[index] ?? 0)) === 0);
}

/**
 * Checks whether the range permits the address. Go finds ranges by their first address, so a range with bits beyond its
 * mask may permit nothing. Go reads addresses of ::ffff:0:0/96 as IPv4, which no IPv6 range permits.
 */
function isPermittedAddress(bytes: Buffer, range: Range): boolean {
  const isExact = range.address.every((byte, index) => (byte & ~(range.mask[index] ?? 0)) === 0);
  const isMapped = bytes.length === 16 && bytes.subarray(0, 12).equals(Buffer.from('00000000000000000000ffff', 'hex'));
  return isExact && !isMapped && isInRange(bytes, range);
}

function isForbiddenAddress({ permitted, excluded }: NameConstraints, address: string): boolean {
  const bytes = encodeIpAddress(address);
  if (bytes === undefined) return true;
  const [allowed, refused] = [permitted.ipRanges.map(parseRange), excluded.ipRanges.map(parseRange)];
  if (refused.some((range) => isInRange(bytes, range))) return true;
  return allowed.length > 0 && !allowed.some((range) => isPermittedAddress(bytes, range));
}

function isForbiddenDns({ permitted, excluded }: NameConstraints, written: string): boolean {
  const name = written.toLowerCase();
  if (!isDomain(name) || excluded.dnsNames.some((subtree) => isExcludedDns(name, subtree))) return true;
  return permitted.dnsNames.length > 0 && !permitted.dnsNames.some((subtree) => isBelow(name, subtree));
}

function isForbiddenEmail({ permitted, excluded }: NameConstraints, address: string): boolean {
  const mailbox = parseMailbox(address);
  if (mailbox === undefined) return true;
  const isThis = (subtree: string): boolean => {
    const other = parseMailbox(subtree);
    return other?.local === mailbox.local && other.domain === mailbox.domain;
  };
  if (excluded.emailAddresses.some((subtree) => isThis(subtree) || isBelow(mailbox.domain, subtree))) return true;
  const allowed = permitted.emailAddresses;
  return allowed.length > 0 && !allowed.some((each) => isThis(each) || isPermittedHost(mailbox.domain, each));
}

/**
 * Checks whether the constraints forbid a URI. Under a CA with name constraints of any kind, Go refuses URIs without a
 * host and URIs whose host is an IP address.
 */
function isForbiddenUri({ permitted, excluded }: NameConstraints, uri: string): boolean {
  const host = /^[^:]+:\/\/([^/?#:]+)/.exec(uri)?.[1]?.toLowerCase();
  if (host === undefined || !isDomain(host) || encodeIpAddress(host) !== undefined) return true;
  if (excluded.uriHosts.some((subtree) => isBelow(host, subtree))) return true;
  return permitted.uriHosts.length > 0 && !permitted.uriHosts.some((subtree) => isPermittedHost(host, subtree));
}

/** Returns the names that a CA with these constraints may not certify. */
export function findForbiddenNames(
  constraints: NameConstraints,
  names: SubjectAltNames & Partial<CertifiedNames>,
): readonly string[] {
  return [
    ...names.dnsNames.filter((name) => isForbiddenDns(constraints, name)),
    ...names.ipAddresses.filter((address) => isForbiddenAddress(constraints, address)),
    ...(names.emailAddresses ?? []).filter((address) => isForbiddenEmail(constraints, address)),
    ...(names.uris ?? []).filter((uri) => isForbiddenUri(constraints, uri)),
  ];
}

/** The names by permission. `forbidden` contains the names that at least one of the CAs may not certify. */
type DividedNames = { readonly permitted: SubjectAltNames; readonly forbidden: readonly string[] };

/** Splits names into those that every one of `cas` (a CA and the CAs above it) may certify, and the others. */
export function divideNames(
  cas: readonly Pick<Certificate, 'nameConstraints'>[],
  names: SubjectAltNames,
): DividedNames {
  const forbidden = cas.flatMap(({ nameConstraints }) =>
    nameConstraints === undefined ? [] : findForbiddenNames(nameConstraints, names),
  );
  const isPermitted = (name: string): boolean => !forbidden.includes(name);
  return {
    permitted: { dnsNames: names.dnsNames.filter(isPermitted), ipAddresses: names.ipAddresses.filter(isPermitted) },
    forbidden: [...new Set(forbidden)],
  };
}
