import { KEY_ALGORITHMS } from '../../pki/key-algorithm.ts';
import { choice } from '../choice.ts';
import { duration } from '../duration.ts';
import { defaulted, optional, type ValueOf } from '../row.ts';
import { subjectAltNames } from '../subject-alt-name.ts';

const group = 'Certificates';
const commands = ['deploy'] as const;

export const certificateRows = {
  keyAlgorithm: defaulted(choice(KEY_ALGORITHMS), {
    name: 'key-algorithm',
    group,
    description: 'Algorithm of every key that is generated.',
    default: 'ecdsa-p256',
    commands,
  }),
  certificateValidity: defaulted(duration('10m', '3650d'), {
    name: 'certificate-validity',
    group,
    description: 'How long a server or route certificate is valid.',
    default: '90d',
    commands,
  }),
  caValidity: defaulted(duration('1h', '18250d'), {
    name: 'ca-validity',
    group,
    description: 'How long a generated authority is valid (the default is five years).',
    default: '1825d',
    commands,
  }),
  renewBefore: defaulted(duration('1m', '3650d'), {
    name: 'renew-before',
    group,
    description: 'A certificate is due for renewal when it is valid for less than this.',
    default: '30d',
    commands,
  }),
  subjectAltNames: optional(subjectAltNames, {
    name: 'subject-alt-names',
    group,
    description: 'Further DNS names and IP addresses in the server certificate, one a line or separated by commas.',
    commands,
  }),
} as const;

export function readCertificates(valueOf: ValueOf) {
  return {
    keyAlgorithm: valueOf(certificateRows.keyAlgorithm),
    certificateValidityMs: valueOf(certificateRows.certificateValidity),
    caValidityMs: valueOf(certificateRows.caValidity),
    renewBeforeMs: valueOf(certificateRows.renewBefore),
    subjectAltNames: valueOf(certificateRows.subjectAltNames) ?? { dnsNames: [], ipAddresses: [] },
  } as const;
}
