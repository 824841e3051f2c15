import { randomBytes } from 'node:crypto';
import { type Ca, parseCa } from '../../../src/pki/ca.ts';
import { type Certificate, parseCertificates } from '../../../src/pki/certificate.ts';
import { signCrossCertificate } from '../../../src/pki/cross-certificate.ts';
import {
  type CaRequest,
  type IssuedCertificate,
  issueCaCertificate,
  issueLeaf,
  type LeafRequest,
} from '../../../src/pki/issue.ts';
import type { SerialAndValidity } from '../../../src/pki/signed-certificate.ts';
import { computeValidity } from '../../../src/pki/signed-certificate.ts';

export const DAY_MS = 86_400_000;
/** The real time, because OpenSSL, Go and Node check these certificates by their own clocks. */
export const NOW = new Date(Math.floor(Date.now() / 1000) * 1000);

export type IssuedAuthority = IssuedCertificate & { readonly authority: Ca };
export type IssuedLeaf = IssuedCertificate & {
  readonly leaf: Certificate;
  readonly intermediates: readonly Certificate[];
};

export async function makeAuthority(overrides: Partial<CaRequest> = {}): Promise<IssuedAuthority> {
  const issued = await issueCaCertificate({
    commonName: 'nats authority',
    keyAlgorithm: 'ecdsa-p256',
    serial: randomBytes(16),
    pathLength: 0,
    ...computeValidity(NOW, 365 * DAY_MS),
    ...overrides,
  });
  return { ...issued, authority: parseCa(issued.certificatePem, issued.privateKeyPem) };
}

/** Makes a CA for leaf certificates below `root`, whose path length must allow it. */
export async function makeIntermediate(root: Ca, overrides: Partial<CaRequest> = {}): Promise<Ca> {
  const { authority, privateKeyPem } = await makeAuthority({ commonName: 'intermediate', ...overrides });
  const certificatePem = signCrossCertificate(root, authority, crossTerms());
  return parseCa(certificatePem + root.certificate.pem, privateKeyPem);
}

export function crossTerms(overrides: Partial<SerialAndValidity> = {}): SerialAndValidity {
  return { serial: randomBytes(16), ...computeValidity(NOW, 30 * DAY_MS), ...overrides };
}

export async function makeLeaf(authority: Ca, overrides: Partial<LeafRequest> = {}): Promise<IssuedLeaf> {
  const issued = await issueLeaf(authority, {
    commonName: 'nats-0',
    keyAlgorithm: 'ecdsa-p256',
    serial: randomBytes(16),
    subjectAltNames: { dnsNames: ['nats-0.example.svc', 'localhost'], ipAddresses: ['127.0.0.1', '::1'] },
    usages: ['serverAuth', 'clientAuth'],
    ...computeValidity(NOW, 90 * DAY_MS),
    ...overrides,
  });
  const [leaf, ...intermediates] = parseCertificates(issued.certificatePem, 'leaf');
  if (leaf === undefined) throw new Error('nothing issued');
  return { ...issued, leaf, intermediates };
}
