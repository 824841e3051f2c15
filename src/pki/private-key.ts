import { createPrivateKey, type KeyObject, verify, X509Certificate } from 'node:crypto';
import type { Certificate } from './certificate.ts';
import { pkiInvalid } from './invalid.ts';
import { keyNameOf } from './key-algorithm.ts';
import { encodePrivateKeyPem, type PrivateKeyPem, parsePem } from './pem.ts';
import { signatureAlgorithmOf, signDer } from './signature-algorithm.ts';

/** What is signed to prove a key. */
const PROOF = Buffer.from('nats');
const HINT = 'give the unencrypted private key in PEM form: PKCS#8, SEC 1 (EC) or PKCS#1 (RSA)';
const STRONG_HINT = 'use an ECDSA key (P-256, P-384 or P-521), Ed25519, or RSA of 2048 to 8192 bits';
/** RSA of 8192 bits takes 4.7 KiB. Longer numbers would only make signing take as long as their author likes. */
const MAX_KEY_BYTES = 8192;
const DER_TYPES: ReadonlyMap<string, 'pkcs8' | 'sec1' | 'pkcs1'> = new Map([
  ['PRIVATE KEY', 'pkcs8'],
  ['EC PRIVATE KEY', 'sec1'],
  ['RSA PRIVATE KEY', 'pkcs1'],
]);

/**
 * One unencrypted private key; an EC PARAMETERS block beside it is ignored, as OpenSSL writes one.
 * @throws ActionError PKI_INVALID naming `field`; content of the key is never quoted.
 */
export function parsePrivateKey(pem: string, field: string): KeyObject {
  const blocks = parsePem(pem, field).filter(({ label }) => label !== 'EC PARAMETERS');
  const [block, ...rest] = blocks;
  if (block === undefined || rest.length > 0)
    throw pkiInvalid(field, `holds ${blocks.length} keys, expected one`, HINT);
  const type = DER_TYPES.get(block.label);
  if (type === undefined) throw pkiInvalid(field, `holds ${block.label}, expected PRIVATE KEY`, HINT);
  const key = decodeKey(block.der, type, field);
  if (signatureAlgorithmOf(key) !== undefined) return key;
  throw pkiInvalid(field, `${keyNameOf(key)} is not accepted`, STRONG_HINT, undefined, 'WeakKey');
}

function decodeKey(der: Buffer, type: 'pkcs8' | 'sec1' | 'pkcs1', field: string): KeyObject {
  if (der.length > MAX_KEY_BYTES)
    throw pkiInvalid(field, `${der.length} bytes, expected at most ${MAX_KEY_BYTES}`, HINT);
  try {
    return createPrivateKey({ key: der, format: 'der', type });
  } catch (cause) {
    throw pkiInvalid(field, 'not a readable private key', HINT, cause);
  }
}

export function encodePrivateKey(privateKey: KeyObject): PrivateKeyPem {
  return encodePrivateKeyPem(privateKey.export({ type: 'pkcs8', format: 'der' }));
}

/**
 * Whether what the key signs can be verified with the certificate. Comparing public parts is not enough: a damaged
 * private key carries its public part unharmed.
 */
export function keyMatches(certificate: Certificate, privateKey: KeyObject): boolean {
  const x509 = new X509Certificate(certificate.pem);
  const algorithm = signatureAlgorithmOf(privateKey);
  if (algorithm === undefined || !x509.checkPrivateKey(privateKey)) return false;
  try {
    return verify(algorithm.hash, PROOF, x509.publicKey, signDer(algorithm, PROOF, privateKey));
  } catch (error) {
    // OpenSSL notices some damaged keys only when they are to sign: such a key belongs to no certificate.
    if (Error.isError(error) && 'code' in error) return false;
    throw error;
  }
}
