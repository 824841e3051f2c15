import { X509Certificate } from 'node:crypto';
import type { Certificate } from './certificate.ts';
import type { ExtendedKeyUsage } from './extensions.ts';
import { type ChainViolation, type Path, pathViolation, requireValidity } from './path-rules.ts';

export type { ChainViolation };

type ChainTerms = {
  /** The chain must hold for each: Go clients ask a server for `serverAuth`, servers ask a client for `clientAuth`. */
  readonly usages: readonly ExtendedKeyUsage[];
  readonly now: Date;
};

type ChainInput = ChainTerms & {
  readonly leaf: Certificate;
  /** In any order, as Go takes them. */
  readonly intermediates: readonly Certificate[];
  readonly trusted: readonly Certificate[];
};

/** Longer chains do not occur. */
const MAX_AUTHORITIES = 8;
/** As many as Go looks at (crypto/x509 maxChainSignatureChecks), so that no bundle takes long to search. */
const MAX_CANDIDATES = 100;

/** Names and key identifiers agree; a differing key identifier keeps OpenSSL from taking an issuer, though not Go. */
function isNamedAsIssuer(certificate: Certificate, issuer: Certificate): boolean {
  const [wanted, actual] = [certificate.authorityKeyId, issuer.subjectKeyId];
  const isKeyNamed = wanted === undefined || actual === undefined || wanted === actual;
  return isKeyNamed && certificate.encoded.issuer === issuer.encoded.subject;
}

/** The names agree and the signature is the issuer's; whether the issuer may sign is another question. */
export function isIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
  if (!isNamedAsIssuer(certificate, issuer)) return false;
  try {
    return new X509Certificate(certificate.pem).verify(new X509Certificate(issuer.pem).publicKey);
  } catch (error) {
    // OpenSSL throws where a signature is of an algorithm that it does not know: then it is not the issuer's.
    if (Error.isError(error) && 'code' in error) return false;
    throw error;
  }
}

/** Go takes no certificate into a path twice, and knows it by name, key and alternative names (alreadyInChain). */
function isSame(left: Certificate, right: Certificate): boolean {
  const isKeySame = left.encoded.publicKeyInfo === right.encoded.publicKeyInfo;
  return isKeySame && left.encoded.subject === right.encoded.subject && left.encodedAltNames === right.encodedAltNames;
}

type Search = Pick<ChainInput, 'intermediates' | 'trusted'> & {
  readonly found: Path[];
  /** The longest path that leads nowhere. */
  deadEnd: readonly Certificate[];
  candidates: number;
};

/** Adds every path from `path` up to a trusted certificate to the search. */
function extendPath(search: Search, path: readonly [Certificate, ...Certificate[]]): void {
  const [leaf, ...authorities] = path;
  const last = authorities.at(-1) ?? leaf;
  if (path.length > search.deadEnd.length) search.deadEnd = path;
  if (authorities.length === MAX_AUTHORITIES) return;
  for (const candidate of [...search.trusted, ...search.intermediates]) {
    if (!isNamedAsIssuer(last, candidate) || path.some((each) => isSame(each, candidate))) continue;
    search.candidates += 1;
    if (search.candidates > MAX_CANDIDATES) return;
    // A weak signature is not worth checking: a rule refuses it and says so.
    if (last.weakSignature === undefined && !isIssuedBy(last, candidate)) continue;
    if (search.trusted.includes(candidate)) search.found.push({ leaf, authorities: [...authorities, candidate] });
    else extendPath(search, [leaf, ...authorities, candidate]);
  }
}

function findPaths({ leaf, intermediates, trusted }: ChainInput): Pick<Search, 'found' | 'deadEnd'> {
  if (trusted.some(({ fingerprint256 }) => fingerprint256 === leaf.fingerprint256)) {
    return { found: [{ leaf, authorities: [] }], deadEnd: [leaf] };
  }
  const search: Search = { intermediates, trusted, found: [], deadEnd: [leaf], candidates: 0 };
  extendPath(search, [leaf]);
  return search;
}

function untrusted(deadEnd: readonly Certificate[], now: Date): ChainViolation {
  const [leaf, ...authorities] = deadEnd;
  const last = deadEnd.at(-1);
  const message = `${last?.subject} was issued by ${last?.issuer}, which is not a trusted CA`;
  return requireValidity({ leaf, authorities }, { now }) ?? { reason: 'UnknownAuthority', field: 'issuer', message };
}

/**
 * Returns undefined when `leaf` chains to one of `trusted` by the rules of Go's crypto/x509, which nats-server and most
 * clients apply; otherwise what the first of the possible chains violates, from the leaf upwards.
 */
export function verifyChain(input: ChainInput): ChainViolation | undefined {
  const { usages, now } = input;
  const { found, deadEnd } = findPaths(input);
  if (found.length === 0) return untrusted(deadEnd, now);
  for (const usage of usages) {
    const violations = found.map((path) => pathViolation(path, { usage, now }));
    if (!violations.includes(undefined)) return violations[0];
  }
  return undefined;
}

/**
 * Returns why peers would refuse what a CA signs now, whether they trust it or only the topmost CA of its chain;
 * undefined when they accept it. The names of the certificates are another question: see `permittedNames`.
 */
export function issuerViolation(
  { certificate, chain }: { readonly certificate: Certificate; readonly chain: readonly Certificate[] },
  { usages, now }: ChainTerms,
): ChainViolation | undefined {
  const path = { leaf: undefined, authorities: [certificate, ...chain] };
  return usages.map((usage) => pathViolation(path, { usage, now })).find((violation) => violation !== undefined);
}
