import type { SubjectAltNames } from '../cluster/spec.ts';
import { isDnsName } from '../pki/dns-name.ts';
import { canonicalIpAddress } from '../pki/ip-address.ts';
import { accepted, type Grammar, refused } from './grammar.ts';

/**
 * A name of RFC 5280 section 4.2.1.6, of the two kinds that a NATS client checks: exactly those that `pki/issue.ts`
 * issues.
 */
type SubjectAltName =
  | { readonly kind: 'dns'; readonly value: string }
  | { readonly kind: 'ip'; readonly value: string };

const MOST_NAMES = 100;

/** The grammar of names separated by commas, spaces or line breaks; repeated ones are kept once. */
export const subjectAltNames: Grammar<SubjectAltNames> = {
  expected: `up to ${MOST_NAMES} DNS names (\`*\` only as the whole first label) or IP addresses, one a line or separated by commas`,
  example: 'nats.example.com',
  typing: { type: 'string' },
  parse: (text) => {
    const words = text.split(/[\s,]+/).filter((word) => word !== '');
    const names = new Map<string, SubjectAltName>();
    for (const word of words) {
      const name = subjectAltName(word);
      if (name === undefined) return refused({ expected: expectedInstead(word), suggestion: repaired(words) });
      names.set(name.value, name);
    }
    if (names.size === 0 || names.size > MOST_NAMES) return refused();
    return accepted({ dnsNames: valuesOf('dns', names), ipAddresses: valuesOf('ip', names) });
  },
};

function valuesOf(kind: SubjectAltName['kind'], names: ReadonlyMap<string, SubjectAltName>): readonly string[] {
  return [...names.values()].filter((name) => name.kind === kind).map(({ value }) => value);
}

function subjectAltName(word: string): SubjectAltName | undefined {
  const value = word.toLowerCase();
  if (canonicalIpAddress(value) !== undefined) return { kind: 'ip', value };
  return isDnsName(value) ? { kind: 'dns', value } : undefined;
}

function expectedInstead(word: string): string {
  const why = word.includes('_') ? ': no certificate can hold a DNS name with `_`' : '';
  return `DNS names (\`*\` only as the whole first label) or IP addresses; ${JSON.stringify(word.slice(0, 80))} is neither${why}`;
}

/** Reduces URLs and `host:port` to the host, if that makes every word a name. */
function repaired(words: readonly string[]): string | undefined {
  const hosts = words.map((word) =>
    subjectAltName(word) === undefined
      ? word
          .replace(/^[a-z]+:\/\//i, '')
          .replace(/[/?#].*/, '')
          .replace(/^\[(.*)\](?::\d+)?$/, '$1')
          .replace(/^([^:]*):\d+$/, '$1')
          .replace(/\.$/, '')
      : word,
  );
  return hosts.every((host) => subjectAltName(host) !== undefined) ? hosts.join(', ') : undefined;
}
