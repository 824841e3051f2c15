import { accept, type Grammar, refuse } from './row.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----\s*\n[A-Za-z0-9+/=][A-Za-z0-9+/=\s]*-----END CERTIFICATE-----/;
const PRIVATE_KEY =
  /-----BEGIN (?<kind>EC |RSA |)PRIVATE KEY-----\s*\n[A-Za-z0-9+/=][A-Za-z0-9+/=\s]*-----END \k<kind>PRIVATE KEY-----/;
/** The pattern ends at the END line or, if that is damaged, at the end of the text. */
const ANY_PRIVATE_KEY = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g;

/**
 * The grammar of certificates as PEM text (RFC 7468); the `pki` code parses and checks them. A private key in the text
 * is refused and masked, because files often hold both.
 */
export const certificatePem: Grammar<string> = {
  expected: 'certificates as PEM, each from its `-----BEGIN CERTIFICATE-----` to its `-----END CERTIFICATE-----` line',
  example: '',
  typing: { type: 'string' },
  parse: (text) => {
    if (findPrivateKeys(text).length > 0) {
      return refuse({ expected: `${certificatePem.expected}, without the private key` });
    }
    return CERTIFICATE.test(text) ? accept(text) : refuse();
  },
  secrets: findPrivateKeys,
};

/** The grammar of an unencrypted private key as PEM text: PKCS#8, SEC 1 or PKCS#1. */
export const privateKeyPem: Grammar<string> = {
  expected: 'one unencrypted private key as PEM, from its `-----BEGIN … PRIVATE KEY-----` to its END line',
  example: '',
  typing: { type: 'string' },
  parse: (text) => (PRIVATE_KEY.test(text) ? accept(text) : refuse()),
  secrets: (text) => [text],
};

function findPrivateKeys(text: string): readonly string[] {
  return text.match(ANY_PRIVATE_KEY) ?? [];
}
