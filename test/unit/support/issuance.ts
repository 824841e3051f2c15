import { randomBytes } from 'node:crypto';
import { type Authority, parseAuthority } from '../../../src/pki/authority.ts';
import { type Certificate, parseCertificates } from '../../../src/pki/certificate.ts';
import { crossCertify } from '../../../src/pki/cross-certificate.ts';
import {
  type AuthorityRequest,
  type Issued,
  issueAuthority,
  issueLeaf,
  type LeafRequest,
} from '../../../src/pki/issue.ts';
import type { CertificateTerms } from '../../../src/pki/signed-certificate.ts';
import { validity } from '../../../src/pki/signed-certificate.ts';

export const DAY_MS = 86_400_000;
/** The real time, because OpenSSL, Go and Node check these certificates by their own clocks. */
export const NOW = new Date(Math.floor(Date.now() / 1000) * 1000);

export type IssuedAuthority = Issued & { readonly authority: Authority };
export type IssuedLeaf = Issued & { readonly leaf: Certificate; readonly intermediates: readonly Certificate[] };

export async function makeAuthority(overrides: Partial<AuthorityRequest> = {}): Promise<IssuedAuthority> {
  const issued = await issueAuthority({
    commonName: 'nats authority',
    keyAlgorithm: 'ecdsa-p256',
    serial: randomBytes(16),
    pathLength: 0,
    ...validity(NOW, 365 * DAY_MS),
    ...overrides,
  });
  return { ...issued, authority: parseAuthority(issued.certificatePem, issued.privateKeyPem) };
}

/** Makes a CA for leaf certificates below `root`, whose path length must allow it. */
export async function makeIntermediate(root: Authority, overrides: Partial<AuthorityRequest> = {}): Promise<Authority> {
  const { authority, privateKeyPem } = await makeAuthority({ commonName: 'intermediate', ...overrides });
  const certificatePem = crossCertify(root, authority, crossTerms());
  return parseAuthority(certificatePem + root.certificate.pem, privateKeyPem);
}

export function crossTerms(overrides: Partial<CertificateTerms> = {}): CertificateTerms {
  return { serial: randomBytes(16), ...validity(NOW, 30 * DAY_MS), ...overrides };
}

export async function makeLeaf(authority: Authority, overrides: Partial<LeafRequest> = {}): Promise<IssuedLeaf> {
  const issued = await issueLeaf(authority, {
    commonName: 'nats-0',
    keyAlgorithm: 'ecdsa-p256',
    serial: randomBytes(16),
    subjectAltNames: { dnsNames: ['nats-0.example.svc', 'localhost'], ipAddresses: ['127.0.0.1', '::1'] },
    usages: ['serverAuth', 'clientAuth'],
    ...validity(NOW, 90 * DAY_MS),
    ...overrides,
  });
  const [leaf, ...intermediates] = parseCertificates(issued.certificatePem, 'leaf');
  if (leaf === undefined) throw new Error('nothing issued');
  return { ...issued, leaf, intermediates };
}
