import type { SubjectAltNames } from '../../cluster/spec.ts';
import { canonicalIpAddress, isDnsName } from '../../pki/ip-address.ts';
import { KEY_ALGORITHMS } from '../../pki/key-algorithm.ts';
import { choice, list } from '../grammar/choice.ts';
import { duration } from '../grammar/duration.ts';
import { clientName, secretName } from '../grammar/kubernetes-name.ts';
import { certificatePem, privateKeyPem } from '../grammar/pem.ts';
import {
  accepted,
  DESCRIBING_COMMANDS,
  defaulted,
  type Grammar,
  optional,
  refused,
  type ValueOf,
} from '../grammar/row.ts';

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
      const name = subjectAltName(word);
      if (name === undefined) return refused({ expected: expectedInstead(word), suggestion: repaired(words) });
      names.set(name.value, name);
    }
    if (names.size === 0 || names.size > MAX_NAMES) return refused();
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

const group = 'Certificates';
const issuers = [...DESCRIBING_COMMANDS, 'rotate'] as const;

export const certificateRows = {
  keyAlgorithm: defaulted(choice(KEY_ALGORITHMS), {
    name: 'key-algorithm',
    group,
    description: 'Algorithm of every generated key.',
    default: 'ecdsa-p256',
    commands: issuers,
  }),
  certificateValidity: defaulted(duration('10m', '3650d'), {
    name: 'certificate-validity',
    group,
    description: 'Validity of server, route and client certificates.',
    default: '90d',
    commands: issuers,
  }),
  caValidity: defaulted(duration('1h', '18250d'), {
    name: 'ca-validity',
    group,
    description: 'Validity of a generated CA. The default is five years.',
    default: '1825d',
    commands: issuers,
  }),
  renewBefore: defaulted(duration('1m', '3650d'), {
    name: 'renew-before',
    group,
    description:
      'Renew certificates this long before they expire. `verify` fails when less than half of this time remains.',
    default: '30d',
    commands: [...DESCRIBING_COMMANDS, 'verify', 'rotate'],
  }),
  caOverlap: defaulted(duration('0s', '365d'), {
    name: 'ca-overlap',
    group,
    description: 'How long the old CA and the old client user stay valid after a rotation.',
    default: '7d',
    commands: issuers,
  }),
  caCertificate: optional(certificatePem, {
    name: 'ca-certificate',
    group,
    description:
      'Your own CA for client-facing certificates, as a PEM chain, signing CA first. Set it together with `ca-private-key`, in every run that may issue a certificate. Default: a CA that is generated and stored in the cluster.',
    commands: issuers,
  }),
  caPrivateKey: optional(privateKeyPem, {
    name: 'ca-private-key',
    group,
    description: 'Private key of `ca-certificate`, as PEM. It is never stored in the cluster.',
    commands: issuers,
  }),
  subjectAltNames: optional(subjectAltNames, {
    name: 'subject-alt-names',
    group,
    description: 'Additional DNS names and IP addresses in the server certificate, separated by commas or line breaks.',
    commands: DESCRIBING_COMMANDS,
  }),
  clientVerify: defaulted(choice(['none', 'verify', 'verify-and-map']), {
    name: 'client-verify',
    group,
    description:
      'Whether clients must present a certificate: `none`, `verify` (in addition to the password), or `verify-and-map` (the certificate identifies the user).',
    default: 'none',
    commands: DESCRIBING_COMMANDS,
  }),
  clientCertificates: optional(list(clientName), {
    name: 'client-certificates',
    group,
    description:
      'Names of clients, separated by commas or line breaks. Each gets a certificate in a Secret of its own.',
    commands: DESCRIBING_COMMANDS,
  }),
  serverTlsSecret: optional(secretName, {
    name: 'server-tls-secret',
    group,
    description:
      'Secret with your own server certificate (`tls.crt`, `tls.key`, `ca.crt`). The action checks it and never writes it. Default: a generated certificate.',
    commands: DESCRIBING_COMMANDS,
  }),
  routeTlsSecret: optional(secretName, {
    name: 'route-tls-secret',
    group,
    description:
      'Secret with your own route certificate (`tls.crt`, `tls.key`, `ca.crt`). The action checks it and never writes it. Default: generated certificates.',
    commands: DESCRIBING_COMMANDS,
  }),
} as const;

/** Reads the inputs of every command that issues certificates. */
export function readIssuance(valueOf: ValueOf) {
  const certificate = valueOf(certificateRows.caCertificate);
  const privateKey = valueOf(certificateRows.caPrivateKey);
  return {
    keyAlgorithm: valueOf(certificateRows.keyAlgorithm),
    certificateValidityMs: valueOf(certificateRows.certificateValidity),
    caValidityMs: valueOf(certificateRows.caValidity),
    caOverlapMs: valueOf(certificateRows.caOverlap),
    /** PEM text of the user's own CA, whose private key is a secret. One without the other is a contradiction. */
    authority: certificate === undefined || privateKey === undefined ? undefined : { certificate, privateKey },
    ...readRenewal(valueOf),
  } as const;
}

export function readRenewal(valueOf: ValueOf) {
  return { renewBeforeMs: valueOf(certificateRows.renewBefore) } as const;
}

/** Reads the names of the certificates, and the Secrets with certificates that the user provides. */
export function readCertificates(valueOf: ValueOf) {
  return {
    subjectAltNames: valueOf(certificateRows.subjectAltNames) ?? { dnsNames: [], ipAddresses: [] },
    clientVerify: valueOf(certificateRows.clientVerify),
    clientCertificates: valueOf(certificateRows.clientCertificates) ?? [],
    serverTlsSecret: valueOf(certificateRows.serverTlsSecret),
    routeTlsSecret: valueOf(certificateRows.routeTlsSecret),
  } as const;
}
