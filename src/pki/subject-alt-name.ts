import { type Asn1, bytesOf, isTagged, sequenceOf } from './der.ts';
import { decodeIpAddress } from './ip-address.ts';

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

/** A pattern for visible ASCII. Go allows control characters and spaces too, which do not occur in names. */
const VISIBLE = /^[\x21-\x7e]+$/;
const MAX_DNS_NAME = 253;

/**
 * A pattern for a scheme, then either a plain host with a port or no authority part: texts that Go's net/url reads
 * alike.
 */
const URI =
  /^[A-Za-z][A-Za-z0-9+.-]*:(?:\/\/(?:[\w-]+(?:\.[\w-]+)*)?(?::\d{1,5})?(?=[/?#]|$)|(?!\/\/))(?:[\w.~!$&'()*+,;=:@/?#-]|%[\da-fA-F]{2})*$/;

function visible(bytes: Buffer, what: string): string {
  const text = bytes.toString('latin1');
  if (!VISIBLE.test(text)) throw new Error(`${what} holds characters that none has`);
  return text;
}

/** Reads a SubjectAltName extension; throws a plain Error on a malformed one. Names of other types are left out. */
export function decodeSubjectAltName(node: Asn1): CertifiedNames {
  const names = sequenceOf(node, 'subjectAltName');
  const read = (type: number, what: string, decode: (bytes: Buffer) => string): readonly string[] =>
    names.filter((name) => isTagged(name, type)).map((name) => decode(bytesOf(name, what)));
  return {
    dnsNames: read(NAME_TYPE.dnsName, 'a DNS name', (bytes) => {
      const text = visible(bytes, 'a DNS name');
      if (text.length > MAX_DNS_NAME) throw new Error(`a DNS name has ${text.length} characters, expected at most 253`);
      return text.toLowerCase();
    }),
    ipAddresses: read(NAME_TYPE.ipAddress, 'an IP address', (bytes) => {
      const text = decodeIpAddress(bytes);
      if (text === undefined) throw new Error('an IP address has neither 4 nor 16 bytes');
      return text;
    }),
    emailAddresses: read(NAME_TYPE.email, 'an email address', (bytes) => visible(bytes, 'an email address')),
    uris: read(NAME_TYPE.uri, 'a URI', (bytes) => {
      const text = visible(bytes, 'a URI');
      if (!URI.test(text)) throw new Error('a URI is malformed');
      return text;
    }),
  };
}
