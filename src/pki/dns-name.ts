import { canonicalIpAddress } from './ip-address.ts';

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const DNS_NAME = new RegExp(`^(?:\\*\\.)?${LABEL}(?:\\.${LABEL})*$`);

/**
 * Returns whether a certificate can hold the name, in lower case, as a dNSName (RFC 5280 section 4.2.1.6 with the
 * preferred syntax of RFC 1034 section 3.5, and a wildcard as the whole first label). Digits and dots alone are an
 * address with a mistake in it.
 */
export function isDnsName(name: string): boolean {
  return name.length <= 253 && DNS_NAME.test(name) && canonicalIpAddress(name) === undefined && !/^[\d.]+$/.test(name);
}
