import { X509Certificate } from 'node:crypto';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

const verdicts = new Map<string, boolean>();

/** Checks whether a certificate, with the chain that follows it, leads to a CA of the bundle. Its dates do not count. */
export function isTrusted(chain: string, bundle: string): boolean {
  const key = `${chain}\n${bundle}`;
  const known = verdicts.get(key) ?? leadsTo(certificatesIn(chain), certificatesIn(bundle));
  verdicts.set(key, known);
  return known;
}

function certificatesIn(pem: string): readonly X509Certificate[] {
  return (pem.match(CERTIFICATE) ?? []).map((each) => new X509Certificate(each));
}

function leadsTo([leaf, ...above]: readonly X509Certificate[], authorities: readonly X509Certificate[]): boolean {
  if (leaf === undefined) return false;
  const isIssued = (issuer: X509Certificate): boolean => leaf.checkIssued(issuer) && leaf.verify(issuer.publicKey);
  return authorities.some(isIssued) || (above.some(isIssued) && leadsTo(above, authorities));
}
