import type { Certificate } from './certificate.ts';
import type { CertificatePem } from './pem.ts';

/** Returns the certificates in their order, each once. */
export function trustBundle(first: Certificate, ...others: readonly Certificate[]): CertificatePem {
  const seen = new Set([first.fingerprint256]);
  const further = others.filter(({ fingerprint256 }) => !seen.has(fingerprint256) && seen.add(fingerprint256));
  return `${first.pem}${further.map(({ pem }) => pem).join('')}`;
}
