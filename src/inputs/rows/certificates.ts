import { KEY_ALGORITHMS } from '../../pki/key-algorithm.ts';
import { certificatePem, privateKeyPem, subjectAltNames } from '../grammar/certificate.ts';
import { choice, list } from '../grammar/choice.ts';
import { duration } from '../grammar/duration.ts';
import { clientName, secretName } from '../grammar/kubernetes-name.ts';
import { DESCRIBING_COMMANDS, defineOptionalRow, defineRow, type ValueOf } from '../grammar/row.ts';

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
    description: 'Additional DNS names and IP addresses for the server certificate.',
    unset: 'no additional names',
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
    /**
     * The PEM text of the user's own CA; its private key is a secret. It is a contradiction if only one of the two
     * inputs is set.
     */
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
