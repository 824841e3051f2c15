import type { SubjectAltNames } from '../../cluster/spec.ts';
import { canonicalizeIpAddress, isDnsName } from '../../pki/ip-address.ts';
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

/**
 * A name of RFC 5280 section 4.2.1.6, of the two kinds that a NATS client checks: exactly those that `pki/issue.ts`
 * issues.
 */
type SubjectAltName =
  | { readonly kind: 'dns'; readonly value: string }
  | { readonly kind: 'ip'; readonly value: string };

const MAX_NAMES = 100;

/** The grammar of names separated by commas, spaces or line breaks; repeated ones are kept once. */
export const subjectAltNames: Grammar<SubjectAltNames> = {
  expected: `up to ${MAX_NAMES} DNS names (\`*\` only as the whole first label) or IP addresses, one a line or separated by commas`,
  example: 'nats.example.com',
  typing: { type: 'string' },
  parse: (text) => {
    const words = text.split(/[\s,]+/).filter((word) => word !== '');
    const names = new Map<string, SubjectAltName>();
    for (const word of words) {
      const name = parseSubjectAltName(word);
      if (name === undefined) return refuse({ expected: describeExpected(word), suggestion: repairNames(words) });
      names.set(name.value, name);
    }
    if (names.size === 0 || names.size > MAX_NAMES) return refuse();
    return accept({ dnsNames: selectNames('dns', names), ipAddresses: selectNames('ip', names) });
  },
};

function selectNames(kind: SubjectAltName['kind'], names: ReadonlyMap<string, SubjectAltName>): readonly string[] {
  return [...names.values()].filter((name) => name.kind === kind).map(({ value }) => value);
}

function parseSubjectAltName(word: string): SubjectAltName | undefined {
  const value = word.toLowerCase();
  if (canonicalizeIpAddress(value) !== undefined) return { kind: 'ip', value };
  return isDnsName(value) ? { kind: 'dns', value } : undefined;
}

function describeExpected(word: string): string {
  const why = word.includes('_') ? ': no certificate can hold a DNS name with `_`' : '';
  return `DNS names (\`*\` only as the whole first label) or IP addresses; ${JSON.stringify(word.slice(0, 80))} is neither${why}`;
}

/** Reduces URLs and `host:port` to the host, if that makes every word a name. */
function repairNames(words: readonly string[]): string | undefined {
  const hosts = words.map((word) =>
    parseSubjectAltName(word) === undefined
      ? word
          .replace(/^[a-z]+:\/\//i, '')
          .replace(/[/?#].*/, '')
          .replace(/^\[(.*)\](?::\d+)?$/, '$1')
          .replace(/^([^:]*):\d+$/, '$1')
          .replace(/\.$/, '')
      : word,
  );
  return hosts.every((host) => parseSubjectAltName(host) !== undefined) ? hosts.join(', ') : undefined;
}
