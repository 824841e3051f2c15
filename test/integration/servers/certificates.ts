import { randomBytes, X509Certificate } from 'node:crypto';
import { type Ca, parseCa } from '../../../src/pki/ca.ts';
import { type IssuedCertificate, issueCaCertificate, issueLeaf } from '../../../src/pki/issue.ts';
import type { ClientCertificate } from '../../../src/servers/dial.ts';

const DAY_MS = 24 * 60 * 60_000;

export type TestAuthority = { readonly authority: Ca; readonly trust: string };

export async function makeTestCa(commonName: string): Promise<TestAuthority> {
  const issued = await issueCaCertificate({
    commonName,
    keyAlgorithm: 'ecdsa-p256',
    serial: randomBytes(16),
    pathLength: 0,
    notBefore: new Date(Date.now() - 100 * DAY_MS),
    notAfter: new Date(Date.now() + 100 * DAY_MS),
  });
  return { authority: parseCa(issued.certificatePem, issued.privateKeyPem), trust: issued.certificatePem };
}

/** Issues a leaf certificate for both directions on this machine, by default until tomorrow. */
export async function issueTestCertificate(
  { authority }: TestAuthority,
  days = 1,
  names: readonly string[] = [],
): Promise<ClientCertificate> {
  const issued: IssuedCertificate = await issueLeaf(authority, {
    commonName: 'test',
    keyAlgorithm: 'ecdsa-p256',
    serial: randomBytes(16),
    notBefore: new Date(Date.now() - 50 * DAY_MS),
    notAfter: new Date(Date.now() + days * DAY_MS),
    subjectAltNames: { dnsNames: ['localhost', ...names], ipAddresses: ['127.0.0.1'] },
    usages: ['serverAuth', 'clientAuth'],
  });
  return { certificate: issued.certificatePem, privateKey: issued.privateKeyPem };
}

export function fingerprintOf({ certificate }: ClientCertificate): string {
  return new X509Certificate(certificate).fingerprint256.replaceAll(':', '').toLowerCase();
}
