import type { KeyObject } from 'node:crypto';
import { type Asn1, bitString, encodeDer, sequence } from '../../../src/pki/der.ts';
import { type CertificatePem, encodeCertificatePem } from '../../../src/pki/pem.ts';
import { chooseSignatureAlgorithm, encodeAlgorithmIdentifier, signDer } from '../../../src/pki/signature-algorithm.ts';

/** Returns the AlgorithmIdentifier of the signatures of this key. */
export function signatureAlgorithmOf(privateKey: KeyObject): Asn1 {
  return encodeAlgorithmIdentifier(requireAlgorithm(privateKey));
}

/** Signs the fields of a certificate (RFC 5280 §4.1.2) as they are, also fields that the action never writes. */
export function signFields(fields: readonly Asn1[], privateKey: KeyObject): CertificatePem {
  const tbs = sequence(...fields);
  const signature = signDer(requireAlgorithm(privateKey), encodeDer(tbs), privateKey);
  return encodeCertificatePem(encodeDer(sequence(tbs, signatureAlgorithmOf(privateKey), bitString(signature))));
}

function requireAlgorithm(privateKey: KeyObject) {
  const algorithm = chooseSignatureAlgorithm(privateKey);
  if (algorithm === undefined) throw new Error('the key cannot sign');
  return algorithm;
}
