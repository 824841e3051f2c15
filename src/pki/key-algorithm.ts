import { generateKeyPair as generate, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

export const KEY_ALGORITHMS = ['ecdsa-p256', 'ecdsa-p384', 'ed25519', 'rsa-2048', 'rsa-3072', 'rsa-4096'] as const;
export type KeyAlgorithm = (typeof KEY_ALGORITHMS)[number];

type KeyPair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

const generateRsa = promisify(generate);

/**
 * Creates a key pair. EC and Ed25519 keys take well under 1 ms and are generated synchronously. RSA takes up to
 * seconds, off the event loop.
 */
export async function generateKeyPair(algorithm: KeyAlgorithm): Promise<KeyPair> {
  switch (algorithm) {
    case 'ecdsa-p256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'ecdsa-p384':
      return generateKeyPairSync('ec', { namedCurve: 'P-384' });
    case 'ed25519':
      return generateKeyPairSync('ed25519');
    case 'rsa-2048':
      return generateRsa('rsa', { modulusLength: 2048 });
    case 'rsa-3072':
      return generateRsa('rsa', { modulusLength: 3072 });
    case 'rsa-4096':
      return generateRsa('rsa', { modulusLength: 4096 });
  }
}

/**
 * Returns a name for any key, for example `ecdsa-p256`, `rsa-1024` or `dsa`; the name is a `KeyAlgorithm` if this
 * Action can generate such a key.
 */
export function describeKey(key: KeyObject): string {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'rsa') return `rsa-${details?.modulusLength ?? 0}`;
  if (type !== 'ec') return type ?? 'unknown';
  if (details?.namedCurve === 'prime256v1') return 'ecdsa-p256';
  if (details?.namedCurve === 'secp384r1') return 'ecdsa-p384';
  return `ecdsa-${details?.namedCurve ?? 'unnamed'}`;
}

/** Returns the algorithm of the key; undefined if this Action cannot generate such a key. */
export function findKeyAlgorithm(key: KeyObject): KeyAlgorithm | undefined {
  const name = describeKey(key);
  return KEY_ALGORITHMS.find((algorithm) => algorithm === name);
}
