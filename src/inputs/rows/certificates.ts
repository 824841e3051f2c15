import type { SubjectAltNames } from '../../cluster/spec.ts';
import { canonicalizeIpAddress, isDnsName } from '../../pki/ip-address.ts';
import { KEY_ALGORITHMS } from '../../pki/key-algorithm.ts';
import { choice, list } from '../grammar/choice.ts';
import { duration } from '../grammar/duration.ts';
import { clientName, secretName } from '../grammar/kubernetes-name.ts';
import { certificatePem, privateKeyPem } from '../grammar/pem.ts';
import {
  accept,
  DESCRIBING_COMMANDS,
  defineOptionalRow,
  defineRow,
  type Grammar,
  refuse,
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

const group = 'Certificates';
const issuers = [...DESCRIBING_COMMANDS, 'rotate'] as const;

export const certificateRows = {
  keyAlgorithm: defineRow(choice(KEY_ALGORITHMS), {
    name: 'key-algorithm',
    group,
    description: 'Algorithm of every generated key.',
    default: 'ecdsa-p256',
    commands: issuers,
  }),
  certificateValidity: defineRow(duration('10m', '3650d'), {
    name: 'certificate-validity',
    group,
    description: 'How long a server, route or client certificate is valid; at most `ca-validity`.',
    default: '90d',
    commands: issuers,
  }),
  caValidity: defineRow(duration('1h', '18250d'), {
    name: 'ca-validity',
    group,
    description: 'How long a generated CA is valid. The default is five years.',
    default: '1825d',
    commands: issuers,
  }),
  renewBefore: defineRow(duration('1m', '3650d'), {
    name: 'renew-before',
    group,
    description:
      'Renew certificates this long before they expire; less than `certificate-validity`. `verify` fails when less than half of it remains.',
    default: '30d',
    commands: [...DESCRIBING_COMMANDS, 'verify', 'rotate'],
  }),
  caOverlap: defineRow(duration('0s', '365d'), {
    name: 'ca-overlap',
    group,
    description: 'How long clients may still use the old CA or the old client user after a rotation.',
    guide: 'docs/certificates.md#rotation-without-a-restart',
    default: '7d',
    commands: issuers,
  }),
  caCertificate: defineOptionalRow(certificatePem, {
    name: 'ca-certificate',
    group,
    description:
      'Your own CA for server and client certificates, as a PEM chain with the signing CA first. Only runs that issue a certificate need it.',
    unset: 'a generated CA, stored in the Kubernetes cluster',
    required: 'together with `ca-private-key`',
    guide: 'docs/certificates.md',
    commands: issuers,
  }),
  caPrivateKey: defineOptionalRow(privateKeyPem, {
    name: 'ca-private-key',
    group,
    description: 'Private key of `ca-certificate`. It is never stored in the Kubernetes cluster.',
    required: 'together with `ca-certificate`',
    commands: issuers,
  }),
  subjectAltNames: defineOptionalRow(subjectAltNames, {
    name: 'subject-alt-names',
    group,
    description: 'More DNS names and IP addresses for the server certificate.',
    unset: 'no more names',
    commands: DESCRIBING_COMMANDS,
  }),
  clientVerify: defineRow(choice(['none', 'verify', 'verify-and-map']), {
    name: 'client-verify',
    group,
    description:
      'Whether clients must present a certificate: no (`none`), in addition to a password (`verify`), or instead of it, with the common name as user name (`verify-and-map`).',
    default: 'none',
    commands: DESCRIBING_COMMANDS,
  }),
  clientCertificates: defineOptionalRow(list(clientName), {
    name: 'client-certificates',
    group,
    description: 'Names of clients. Each gets a certificate in a Secret of its own.',
    unset: 'no client certificates',
    guide: 'docs/certificates.md#clients-with-certificates',
    commands: DESCRIBING_COMMANDS,
  }),
  serverTlsSecret: defineOptionalRow(secretName, {
    name: 'server-tls-secret',
    group,
    description:
      'Secret with your own server certificate (`tls.crt`, `tls.key`, `ca.crt`). The action checks it and never writes it.',
    unset: 'the certificate is generated',
    commands: DESCRIBING_COMMANDS,
  }),
  routeTlsSecret: defineOptionalRow(secretName, {
    name: 'route-tls-secret',
    group,
    description:
      'Secret with your own route certificate (`tls.crt`, `tls.key`, `ca.crt`). The action checks it and never writes it.',
    unset: 'the certificates are generated',
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
    ca: certificate === undefined || privateKey === undefined ? undefined : { certificate, privateKey },
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
