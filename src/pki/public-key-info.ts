import { createHash, type KeyObject } from 'node:crypto';
import { type Asn1, bitStringBytes, decodeDer, sequenceOf } from './der.ts';

/** Returns the SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) of a public key. */
export function publicKeyInfoOf(publicKey: KeyObject): Asn1 {
  return decodeDer(publicKey.export({ type: 'spki', format: 'der' }));
}

/**
 * Computes the key identifier (RFC 5280 §4.2.1.2 method 1): SHA-1 of the public key's bits. It names a key and protects
 * nothing.
 */
export function keyIdOf(publicKeyInfo: Asn1): Buffer {
  const [, bits] = sequenceOf(publicKeyInfo, 'the public key');
  return createHash('sha1').update(bitStringBytes(bits, 'the public key')).digest();
}
