import { type KeyObject, sign } from 'node:crypto';
import {
  type Asn1,
  encodeDer,
  isTagged,
  isUniversal,
  nullValue,
  oid,
  readOid,
  readParts,
  readSequence,
  sequence,
  TAG,
} from './der.ts';

type SignatureAlgorithm = {
  readonly oid: string;
  readonly hash: 'sha256' | 'sha384' | 'sha512' | null;
  /** The parameters: RFC 4055 §5 requires NULL for RSA; RFC 5758 §3.2 and RFC 8410 §3 require none for the others. */
  readonly parameters: 'null' | 'absent';
};

/** The stated signature of a certificate. `weakness` is the reason why no TLS peer should accept it. */
export type StatedSignature = { readonly name: string; readonly weakness: string | undefined };

const RSASSA_PSS = '1.2.840.113549.1.1.10';
const ED25519 = '1.3.101.112';

/** The algorithms accepted on user-provided certificates: all that Go's crypto/x509 verifies, except SHA-1 and MD5. */
const ACCEPTED: ReadonlyMap<string, string> = new Map([
  ['1.2.840.10045.4.3.2', 'ecdsa-with-SHA256'],
  ['1.2.840.10045.4.3.3', 'ecdsa-with-SHA384'],
  ['1.2.840.10045.4.3.4', 'ecdsa-with-SHA512'],
  [RSASSA_PSS, 'rsassa-pss'],
  ['1.2.840.113549.1.1.11', 'sha256WithRSAEncryption'],
  ['1.2.840.113549.1.1.12', 'sha384WithRSAEncryption'],
  ['1.2.840.113549.1.1.13', 'sha512WithRSAEncryption'],
  [ED25519, 'ed25519'],
]);

const MGF1 = '1.2.840.113549.1.1.8';
/** The hashes that Go accepts for RSA-PSS, each with its length in bytes, which the salt must have too. */
const PSS_HASHES: ReadonlyMap<string, number> = new Map([
  ['2.16.840.1.101.3.4.2.1', 32],
  ['2.16.840.1.101.3.4.2.2', 48],
  ['2.16.840.1.101.3.4.2.3', 64],
]);

const MIN_RSA_BITS = 2048;
/**
 * The maximum RSA key length, because Go's crypto/tls refuses longer keys (maxRSAKeySize), and a signature with a
 * hostile key could take hours.
 */
const MAX_RSA_BITS = 8192;
/**
 * The maximum exponent. Go reads exponents of 31 bits and refuses even ones (crypto/internal/fips140/rsa,
 * checkPublicKey).
 */
const MAX_RSA_EXPONENT = 0x7fffffffn;

/** Reads the AlgorithmIdentifier of a signature; throws a plain Error on a malformed one. */
export function decodeSignatureAlgorithm(node: Asn1 | undefined): StatedSignature {
  const [id, ...parameters] = readSequence(node, 'the signature algorithm');
  const dotted = readOid(id, 'the signature algorithm');
  const name = ACCEPTED.get(dotted);
  if (name === undefined) {
    const weakness = `signature algorithm ${dotted} is not accepted (SHA-1 and MD5 are broken)`;
    return { name: dotted, weakness };
  }
  if (dotted === RSASSA_PSS && !hasSoundPssParameters(parameters[0])) {
    const weakness =
      'RSA-PSS parameters are not accepted: expected SHA-256, SHA-384 or SHA-512, also for MGF1 and salt';
    return { name, weakness };
  }
  const isBare = dotted !== ED25519 || parameters.length === 0;
  return { name, weakness: isBare ? undefined : 'Ed25519 with parameters, expected none (RFC 8410 §3)' };
}

/**
 * Checks whether Go accepts these RSASSA-PSS-params (RFC 4055 §3.1; crypto/x509 getSignatureAlgorithmFromAI): one hash
 * of SHA-2 for message and MGF1, a salt as long as the hash, the default trailer.
 */
function hasSoundPssParameters(node: Asn1 | undefined): boolean {
  if (!isUniversal(node, TAG.sequence)) return false;
  const [hash, mask, salt, ...rest] = readSequence(node, 'the RSA-PSS parameters');
  if (!isTagged(hash, 0) || !isTagged(mask, 1) || !isTagged(salt, 2) || rest.length > 0) return false;
  const [hashId] = readParts(hash, 'the RSA-PSS hash');
  const [maskId] = readParts(mask, 'the RSA-PSS mask');
  const [saltLength] = readParts(salt, 'the RSA-PSS salt');
  const [generator, generatorHash] = readSequence(maskId, 'the RSA-PSS mask');
  const name = decodeHash(hashId);
  const length = name === undefined ? undefined : PSS_HASHES.get(name);
  return (
    length !== undefined &&
    readOid(generator, 'the RSA-PSS mask') === MGF1 &&
    decodeHash(generatorHash) === name &&
    saltLength !== undefined &&
    encodeDer(saltLength).equals(Buffer.of(0x02, 1, length))
  );
}

/** Returns the identifier of a hash without parameters or with NULL; undefined for any other. */
function decodeHash(node: Asn1 | undefined): string | undefined {
  const [id, parameter, ...rest] = readSequence(node, 'the RSA-PSS hash');
  const isPlain = parameter === undefined || encodeDer(parameter).equals(encodeDer(nullValue()));
  return isPlain && rest.length === 0 ? readOid(id, 'the RSA-PSS hash') : undefined;
}

/** Returns the algorithm with which this key signs certificates; undefined for a key that TLS peers do not accept. */
export function chooseSignatureAlgorithm(key: KeyObject): SignatureAlgorithm | undefined {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'ed25519') return { oid: ED25519, hash: null, parameters: 'absent' };
  if (type === 'ec') return chooseEcdsaAlgorithm(details?.namedCurve);
  const bits = type === 'rsa' ? (details?.modulusLength ?? 0) : 0;
  const exponent = details?.publicExponent ?? 0n;
  if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) return undefined;
  if (exponent < 3n || exponent > MAX_RSA_EXPONENT || exponent % 2n === 0n) return undefined;
  return { oid: '1.2.840.113549.1.1.11', hash: 'sha256', parameters: 'null' };
}

function chooseEcdsaAlgorithm(curve: string | undefined): SignatureAlgorithm | undefined {
  if (curve === 'prime256v1') return { oid: '1.2.840.10045.4.3.2', hash: 'sha256', parameters: 'absent' };
  if (curve === 'secp384r1') return { oid: '1.2.840.10045.4.3.3', hash: 'sha384', parameters: 'absent' };
  if (curve === 'secp521r1') return { oid: '1.2.840.10045.4.3.4', hash: 'sha512', parameters: 'absent' };
  return undefined;
}

export function encodeAlgorithmIdentifier(algorithm: SignatureAlgorithm): Asn1 {
  return algorithm.parameters === 'null' ? sequence(oid(algorithm.oid), nullValue()) : sequence(oid(algorithm.oid));
}

export function signDer(algorithm: SignatureAlgorithm, der: Uint8Array, privateKey: KeyObject): Buffer {
  return sign(algorithm.hash, der, privateKey);
}
