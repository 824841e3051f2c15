import { X509Certificate } from 'node:crypto';
import type { Certificate } from './certificate.ts';
import type { ExtendedKeyUsage } from './extensions.ts';
import { type ChainViolation, checkPath, type Path, requireValidity } from './path-rules.ts';

export type { ChainViolation };

type ChainUse = {
  /**
   * The usages that the chain must allow: Go clients require `serverAuth` of a server, servers `clientAuth` of a
   * client.
   */
  readonly usages: readonly ExtendedKeyUsage[];
  readonly now: Date;
};

type ChainInput = ChainUse & {
  readonly leaf: Certificate;
  /** The intermediate certificates in any order, as Go accepts them. */
  readonly intermediates: readonly Certificate[];
  readonly trusted: readonly Certificate[];
};

/** The maximum number of CAs in a chain; longer chains do not occur. */
const MAX_CAS = 8;
/**
 * The maximum number of candidates, the same as in Go (crypto/x509 maxChainSignatureChecks); it limits the time of a
 * search.
 */
const MAX_CANDIDATES = 100;

/**
 * Checks whether names and key identifiers agree. OpenSSL refuses an issuer with a different key identifier, though Go
 * does not.
 */
function isNamedAsIssuer(certificate: Certificate, issuer: Certificate): boolean {
  const [wanted, actual] = [certificate.authorityKeyId, issuer.subjectKeyId];
  const isKeyNamed = wanted === undefined || actual === undefined || wanted === actual;
  return isKeyNamed && certificate.encoded.issuer === issuer.encoded.subject;
}

/** Checks whether the names agree and the signature is the issuer's, but not whether the issuer may sign. */
export function isIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
  if (!isNamedAsIssuer(certificate, issuer)) return false;
  try {
    return new X509Certificate(certificate.pem).verify(new X509Certificate(issuer.pem).publicKey);
  } catch (error) {
    // OpenSSL throws if it does not know the algorithm of the signature: then the signature is not the issuer's.
    if (Error.isError(error) && 'code' in error) return false;
    throw error;
  }
}

/**
 * Checks whether two certificates are the same for Go, which compares name, key and alternative names (alreadyInChain).
 * Go never uses the same certificate twice in a path.
 */
function isSame(left: Certificate, right: Certificate): boolean {
  const isKeySame = left.encoded.publicKeyInfo === right.encoded.publicKeyInfo;
  return isKeySame && left.encoded.subject === right.encoded.subject && left.encodedAltNames === right.encodedAltNames;
}

type Search = Pick<ChainInput, 'intermediates' | 'trusted'> & {
  readonly found: Path[];
  /** The longest path that does not end at a trusted certificate. */
  deadEnd: readonly Certificate[];
  candidates: number;
};

/** Adds every path from `path` up to a trusted certificate to the search. */
function extendPath(search: Search, path: readonly [Certificate, ...Certificate[]]): void {
  const [leaf, ...cas] = path;
  const last = cas.at(-1) ?? leaf;
  if (path.length > search.deadEnd.length) search.deadEnd = path;
  if (cas.length === MAX_CAS) return;
  for (const candidate of [...search.trusted, ...search.intermediates]) {
    if (!isNamedAsIssuer(last, candidate) || path.some((each) => isSame(each, candidate))) continue;
    search.candidates += 1;
    if (search.candidates > MAX_CANDIDATES) return;
    // A weak signature is not verified: a rule refuses and reports it.
    if (last.weakSignature === undefined && !isIssuedBy(last, candidate)) continue;
    if (search.trusted.includes(candidate)) search.found.push({ leaf, cas: [...cas, candidate] });
    else extendPath(search, [leaf, ...cas, candidate]);
  }
}

function findPaths({ leaf, intermediates, trusted }: ChainInput): Pick<Search, 'found' | 'deadEnd'> {
  if (trusted.some(({ fingerprint256 }) => fingerprint256 === leaf.fingerprint256)) {
    return { found: [{ leaf, cas: [] }], deadEnd: [leaf] };
  }
  const search: Search = { intermediates, trusted, found: [], deadEnd: [leaf], candidates: 0 };
  extendPath(search, [leaf]);
  return search;
}

function explainDeadEnd(deadEnd: readonly Certificate[], now: Date): ChainViolation {
  const [leaf, ...cas] = deadEnd;
  const last = deadEnd.at(-1);
  const message = `${last?.subject} was issued by ${last?.issuer}, which is not a trusted CA`;
  return requireValidity({ leaf, cas }, { now }) ?? { reason: 'UnknownAuthority', field: 'issuer', message };
}

/**
 * Verifies that `leaf` chains to one of `trusted` by the rules of Go's crypto/x509, which nats-server and most clients
 * apply. Returns undefined if a chain is valid; otherwise the violation of the first possible chain, from the leaf
 * upwards.
 */
export function verifyChain(input: ChainInput): ChainViolation | undefined {
  const { usages, now } = input;
  const { found, deadEnd } = findPaths(input);
  if (found.length === 0) return explainDeadEnd(deadEnd, now);
  for (const usage of usages) {
    const violations = found.map((path) => checkPath(path, { usage, now }));
    if (!violations.includes(undefined)) return violations[0];
  }
  return undefined;
}

/**
 * Returns the reason why peers would refuse certificates that a CA signs now, whether they trust it or only the topmost
 * CA of its chain; undefined if they accept them. `divideNames` checks the names of the certificates.
 */
export function checkIssuer(
  { certificate, chain }: { readonly certificate: Certificate; readonly chain: readonly Certificate[] },
  { usages, now }: ChainUse,
): ChainViolation | undefined {
  const path = { leaf: undefined, cas: [certificate, ...chain] };
  return usages.map((usage) => checkPath(path, { usage, now })).find((violation) => violation !== undefined);
}
