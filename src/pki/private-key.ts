import { createPrivateKey, type KeyObject, verify, X509Certificate } from 'node:crypto';
import type { Certificate } from './certificate.ts';
import { describeKey } from './key-algorithm.ts';
import { createPkiError, encodePrivateKeyPem, type PrivateKeyPem, parsePem } from './pem.ts';
import { chooseSignatureAlgorithm, signDer } from './signature-algorithm.ts';

/** The bytes that are signed to verify a key. */
const PROOF = Buffer.from('nats');
const HINT = 'give the unencrypted private key in PEM form: PKCS#8, SEC 1 (EC) or PKCS#1 (RSA)';
const STRONG_HINT = 'use an ECDSA key (P-256, P-384 or P-521), Ed25519, or RSA of 2048 to 8192 bits';
/**
 * The maximum size of a key, in bytes. RSA of 8192 bits takes 4.7 KiB; longer numbers could make signing take
 * arbitrarily long.
 */
const MAX_KEY_BYTES = 8192;
const DER_TYPES: ReadonlyMap<string, 'pkcs8' | 'sec1' | 'pkcs1'> = new Map([
  ['PRIVATE KEY', 'pkcs8'],
  ['EC PRIVATE KEY', 'sec1'],
  ['RSA PRIVATE KEY', 'pkcs1'],
]);

/**
 * Parses one unencrypted private key. An EC PARAMETERS block next to it is ignored, because OpenSSL writes one.
 * @throws ActionError PKI_INVALID naming `field`; content of the key is never quoted.
 */
export function parsePrivateKey(pem: string, field: string): KeyObject {
  const blocks = parsePem(pem, field).filter(({ label }) => label !== 'EC PARAMETERS');
  const [block, ...rest] = blocks;
  if (block === undefined || rest.length > 0)
    throw createPkiError(field, `holds ${blocks.length} keys, expected one`, HINT);
  const type = DER_TYPES.get(block.label);
  if (type === undefined) throw createPkiError(field, `holds ${block.label}, expected PRIVATE KEY`, HINT);
  const key = decodeKey(block.der, type, field);
  if (chooseSignatureAlgorithm(key) !== undefined) return key;
  throw createPkiError(field, `${describeKey(key)} is not accepted`, STRONG_HINT, undefined, 'WeakKey');
}

function decodeKey(der: Buffer, type: 'pkcs8' | 'sec1' | 'pkcs1', field: string): KeyObject {
  if (der.length > MAX_KEY_BYTES)
    throw createPkiError(field, `${der.length} bytes, expected at most ${MAX_KEY_BYTES}`, HINT);
  try {
    return createPrivateKey({ key: der, format: 'der', type });
  } catch (cause) {
    throw createPkiError(field, 'not a readable private key', HINT, cause);
  }
}

export function encodePrivateKey(privateKey: KeyObject): PrivateKeyPem {
  return encodePrivateKeyPem(privateKey.export({ type: 'pkcs8', format: 'der' }));
}

/**
 * Checks whether the certificate verifies a signature of the key. A comparison of the public parts is not enough,
 * because a damaged private key can still contain an intact public part.
 */
export function keyMatches(certificate: Certificate, privateKey: KeyObject): boolean {
  const x509 = new X509Certificate(certificate.pem);
  const algorithm = chooseSignatureAlgorithm(privateKey);
  if (algorithm === undefined || !x509.checkPrivateKey(privateKey)) return false;
  try {
    return verify(algorithm.hash, PROOF, x509.publicKey, signDer(algorithm, PROOF, privateKey));
  } catch (error) {
    // OpenSSL detects some damaged keys only when they sign. Such a key does not match any certificate.
    if (Error.isError(error) && 'code' in error) return false;
    throw error;
  }
}
