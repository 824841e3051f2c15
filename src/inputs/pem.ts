import { accepted, type Grammar, refused } from './grammar.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----\s*\n[A-Za-z0-9+/=][A-Za-z0-9+/=\s]*-----END CERTIFICATE-----/;
const PRIVATE_KEY =
  /-----BEGIN (?<kind>EC |RSA |)PRIVATE KEY-----\s*\n[A-Za-z0-9+/=][A-Za-z0-9+/=\s]*-----END \k<kind>PRIVATE KEY-----/;
/** Up to its end or, damaged, to the end of the text. */
const ANY_PRIVATE_KEY = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g;

/**
 * Certificates as PEM text (RFC 7468); what they are is judged where they are parsed (pki). A private key that came
 * along, as files with both in them are common, is refused and masked.
 */
export const certificatePem: Grammar<string> = {
  expected: 'certificates as PEM, each from its `-----BEGIN CERTIFICATE-----` to its `-----END CERTIFICATE-----` line',
  example: '',
  typing: { type: 'string' },
  parse: (text) => {
    if (privateKeysIn(text).length > 0) {
      return refused({ expected: `${certificatePem.expected}, without the private key` });
    }
    return CERTIFICATE.test(text) ? accepted(text) : refused();
  },
  secrets: privateKeysIn,
};

/** An unencrypted private key as PEM text: PKCS#8, SEC 1 or PKCS#1. */
export const privateKeyPem: Grammar<string> = {
  expected: 'one unencrypted private key as PEM, from its `-----BEGIN … PRIVATE KEY-----` to its END line',
  example: '',
  typing: { type: 'string' },
  parse: (text) => (PRIVATE_KEY.test(text) ? accepted(text) : refused()),
  secrets: (text) => [text],
};

function privateKeysIn(text: string): readonly string[] {
  return text.match(ANY_PRIVATE_KEY) ?? [];
}
