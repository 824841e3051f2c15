import { canonicalIpAddress } from './ip-address.ts';

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const DNS_NAME = new RegExp(`^(?:\\*\\.)?${LABEL}(?:\\.${LABEL})*$`);

/**
 * Checks whether a certificate can contain the name, in lower case, as a dNSName (RFC 5280 section 4.2.1.6 with the
 * preferred syntax of RFC 1034 section 3.5, and a wildcard as the whole first label). A name of digits and dots alone
 * is refused, because it is a mistyped address.
 */
export function isDnsName(name: string): boolean {
  return name.length <= 253 && DNS_NAME.test(name) && canonicalIpAddress(name) === undefined && !/^[\d.]+$/.test(name);
}
