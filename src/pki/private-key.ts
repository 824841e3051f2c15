import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { Certificate } from './certificate.ts';
import { pkiInvalid } from './invalid.ts';
import { keyNameOf } from './key-algorithm.ts';
import { encodePrivateKeyPem, type PrivateKeyPem, parsePem } from './pem.ts';
import { signatureAlgorithmOf } from './signature-algorithm.ts';

const HINT = 'give the unencrypted private key in PEM form: PKCS#8, SEC 1 (EC) or PKCS#1 (RSA)';
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
  if (signatureAlgorithmOf(key) === undefined) throw pkiInvalid(field, `${keyNameOf(key)} is not accepted`, HINT);
  return key;
}

function decodeKey(der: Buffer, type: 'pkcs8' | 'sec1' | 'pkcs1', field: string): KeyObject {
  try {
    return createPrivateKey({ key: der, format: 'der', type });
  } catch (cause) {
    throw pkiInvalid(field, 'not a readable private key', HINT, cause);
  }
}

export function encodePrivateKey(privateKey: KeyObject): PrivateKeyPem {
  return encodePrivateKeyPem(privateKey.export({ type: 'pkcs8', format: 'der' }));
}

export function keyMatches(certificate: Certificate, privateKey: KeyObject): boolean {
  return new X509Certificate(certificate.pem).checkPrivateKey(privateKey);
}
