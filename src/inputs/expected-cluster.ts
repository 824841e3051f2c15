import { accepted, type Grammar, refused } from './grammar.ts';

/** The identity of the one Kubernetes cluster that a run may touch. */
export type ExpectedCluster =
  /** The API server's URL without a trailing slash. */
  | { readonly kind: 'url'; readonly url: string }
  /** SHA-256 of the DER of the cluster's CA, 64 lower-case hex digits. */
  | { readonly kind: 'ca-fingerprint'; readonly sha256: string };

export const expectedCluster: Grammar<ExpectedCluster> = {
  expected: 'the URL of the API server, or the SHA-256 fingerprint of its CA (64 hex digits, colons allowed)',
  example: 'https://kubernetes.example.com:6443',
  typing: { type: 'string' },
  parse: (text) => {
    const hex = text
      .replace(/^sha256(?: fingerprint)?[:=]/i, '')
      .replaceAll(':', '')
      .toLowerCase();
    if (/^[0-9a-f]{64}$/.test(hex)) return accepted({ kind: 'ca-fingerprint', sha256: hex });
    const url = normalizeServer(text);
    if (url !== undefined) return accepted({ kind: 'url', url });
    return refused({
      suggestion: text.includes('://') || text.length > 250 ? undefined : normalizeServer(`https://${text}`),
    });
  },
};

/** Returns the URL of an API server in one spelling: no default port, no trailing slash; undefined if it is invalid. */
export function normalizeServer(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !['https:', 'http:'].includes(url.protocol)) return undefined;
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '' || /\s/.test(text))
    return undefined;
  return `${url.origin}${url.pathname}`.replace(/(?<!\/)\/+$/, '');
}
