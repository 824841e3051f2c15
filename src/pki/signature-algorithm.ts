import { type KeyObject, sign } from 'node:crypto';
import { type Asn1, nullValue, oid, sequence } from './der.ts';

type SignatureAlgorithm = {
  readonly oid: string;
  readonly hash: 'sha256' | 'sha384' | 'sha512' | null;
  /** RFC 4055 §5 demands a NULL parameter for RSA; RFC 5758 §3.2 and RFC 8410 §3 demand none for the others. */
  readonly parameters: 'null' | 'absent';
};

/** Accepted on certificates made elsewhere. SHA-1 and MD5 are absent on purpose: Go and OpenSSL refuse them. */
const ACCEPTED: ReadonlyMap<string, string> = new Map([
  ['1.2.840.10045.4.3.2', 'ecdsa-with-SHA256'],
  ['1.2.840.10045.4.3.3', 'ecdsa-with-SHA384'],
  ['1.2.840.10045.4.3.4', 'ecdsa-with-SHA512'],
  ['1.2.840.113549.1.1.10', 'rsassa-pss'],
  ['1.2.840.113549.1.1.11', 'sha256WithRSAEncryption'],
  ['1.2.840.113549.1.1.12', 'sha384WithRSAEncryption'],
  ['1.2.840.113549.1.1.13', 'sha512WithRSAEncryption'],
  ['1.3.101.112', 'ed25519'],
]);

const MIN_RSA_BITS = 2048;
/** Go's crypto/tls refuses longer keys (maxRSAKeySize), and a hostile one would take hours to sign. */
const MAX_RSA_BITS = 8192;

export function signatureAlgorithmName(dotted: string): string | undefined {
  return ACCEPTED.get(dotted);
}

/** How this key signs certificates; undefined for keys no TLS peer would accept here. */
export function signatureAlgorithmOf(key: KeyObject): SignatureAlgorithm | undefined {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'ed25519') return { oid: '1.3.101.112', hash: null, parameters: 'absent' };
  if (type === 'ec') return ecdsa(details?.namedCurve);
  const bits = type === 'rsa' ? (details?.modulusLength ?? 0) : 0;
  if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) return undefined;
  return { oid: '1.2.840.113549.1.1.11', hash: 'sha256', parameters: 'null' };
}

function ecdsa(curve: string | undefined): SignatureAlgorithm | undefined {
  if (curve === 'prime256v1') return { oid: '1.2.840.10045.4.3.2', hash: 'sha256', parameters: 'absent' };
  if (curve === 'secp384r1') return { oid: '1.2.840.10045.4.3.3', hash: 'sha384', parameters: 'absent' };
  if (curve === 'secp521r1') return { oid: '1.2.840.10045.4.3.4', hash: 'sha512', parameters: 'absent' };
  return undefined;
}

export function algorithmIdentifier(algorithm: SignatureAlgorithm): Asn1 {
  return algorithm.parameters === 'null' ? sequence(oid(algorithm.oid), nullValue()) : sequence(oid(algorithm.oid));
}

export function signDer(algorithm: SignatureAlgorithm, der: Uint8Array, privateKey: KeyObject): Buffer {
  return sign(algorithm.hash, der, privateKey);
}
