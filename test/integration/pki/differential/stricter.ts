/** A case that this action refuses and Go accepts: the text of the verdict, the refused part, and the reason. */
export type Strictness = { readonly verdict: RegExp; readonly refused: string; readonly because: string };

/** The table of docs/certificates.md. */
export const STRICTER: readonly Strictness[] = [
  {
    verdict: /^WeakKey /,
    refused: 'RSA below 2048 bits, an even or long exponent, ECDSA P-224, DSA, Ed448 in a chain',
    because: 'other TLS clients refuse such keys, OpenSSL at its usual security level among them',
  },
  {
    verdict: /does not allow digitalSignature/,
    refused: 'a key usage of the leaf certificate without `digitalSignature`',
    because: 'TLS 1.3 signs with the key, and other TLS clients check it',
  },
  {
    verdict: /its key usage lacks keyCertSign/,
    refused: 'a CA with an empty key usage',
    because: 'Go reads an empty key usage as a missing one; RFC 5280 and OpenSSL do not',
  },
  {
    verdict: /^UsagesDiffer .*does not allow (serverAuth|clientAuth)/,
    refused: '`anyExtendedKeyUsage` in place of `serverAuth` and `clientAuth`, an empty list of usages',
    because: 'OpenSSL and Node.js refuse both',
  },
  {
    verdict: /^UnknownAuthority /,
    refused: 'an issuer whose key identifier is not the one that the certificate names',
    because: 'Go ignores key identifiers; OpenSSL and Node.js find no issuer',
  },
  {
    verdict: /^PoliciesDemanded /,
    refused: 'a chain that demands certificate policies (`requireExplicitPolicy`, a mapping of `anyPolicy`)',
    because: 'policies are not evaluated here, and Go may refuse the chain',
  },
  {
    verdict: /^WeakSignature .*RSA-PSS parameters/,
    refused: 'RSA-PSS parameters with a trailer field, even the default one',
    because: 'DER leaves out default values',
  },
  {
    verdict: /^NameNotPermitted /,
    refused:
      'a permitted host of a URI or email constraint without a dot, for hosts below it; IP ranges with bits beyond their mask',
    because: 'RFC 5280 means the host alone, as OpenSSL does, and Go finds such ranges only sometimes',
  },
  {
    verdict: /^Unreadable \S+: not a usable certificate: (neither version 1 nor 3|the fields after the public key)/,
    refused: 'version 2, and fields that version or RFC 5280 do not allow',
    because: 'OpenSSL refuses most of them',
  },
  {
    verdict: /not a usable certificate: (a DNS name|a URI|an email address|an email subtree|a subtree|an IP address) /,
    refused:
      'names with spaces or control characters, URIs with user or escapes in the host, quoted mailboxes, subtrees with a minimum',
    because: 'RFC 5280 does not allow them, and verifiers read them differently',
  },
  {
    verdict:
      /not a usable certificate: (basicConstraints|pathLenConstraint|subjectKeyIdentifier|an extension|extension|name constraints|inhibitAnyPolicy)/,
    refused: 'extensions with more content than RFC 5280 allows, a path length above 2^31',
    because: 'verifiers read them differently',
  },
  {
    verdict: /not a usable certificate: /,
    refused: 'other encodings than those of RFC 5280 in DER: dates without seconds, for example',
    because: 'verifiers read them differently or not at all',
  },
];
