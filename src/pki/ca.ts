import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { type Certificate, parseCertificates, readEncodedParts } from './certificate.ts';
import { isIssuedBy } from './chain.ts';
import { type Asn1, decodeDer, readBitString, readSequence } from './der.ts';
import { createPkiError } from './pem.ts';
import { keyMatches, parsePrivateKey } from './private-key.ts';

/** Returns the SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) of a public key. */
export function encodePublicKeyInfo(publicKey: KeyObject): Asn1 {
  return decodeDer(publicKey.export({ type: 'spki', format: 'der' }));
}

/**
 * Computes the key identifier (RFC 5280 §4.2.1.2 method 1): SHA-1 of the public key's bits. It names a key and protects
 * nothing.
 */
export function computeKeyId(publicKeyInfo: Asn1): Buffer {
  const [, bits] = readSequence(publicKeyInfo, 'the public key');
  return createHash('sha1').update(readBitString(bits, 'the public key')).digest();
}

/** A CA that can sign leaf certificates. `chain` contains the CAs above it in order, if it is not self-signed. */
export type Ca = {
  readonly certificate: Certificate;
  readonly chain: readonly Certificate[];
  readonly privateKey: KeyObject;
  /** The subject of the CA as encoded; with `keyId`, a leaf certificate repeats it as its issuer. */
  readonly name: Asn1;
  readonly keyId: Buffer;
};

export type CaFields = { readonly certificate: string; readonly privateKey: string };

/** The names of the inputs in errors, unless the caller passes other names. */
const FIELDS: CaFields = { certificate: 'ca-certificate', privateKey: 'ca-private-key' };

/**
 * Reads the signing CA's certificate, followed by the CAs above it, and its key. `checkIssuer` checks whether peers
 * accept the certificates that it signs.
 * @throws ActionError PKI_INVALID naming the field: unreadable, not a CA, out of order, or the wrong key.
 */
export function parseCa(certificatePem: string, privateKeyPem: string, fields = FIELDS): Ca {
  const bundle = parseCertificates(certificatePem, fields.certificate);
  const [certificate, ...chain] = bundle;
  if (certificate === undefined) throw createPkiError(fields.certificate, 'is empty', 'give the certificate');
  for (const [index, authority] of bundle.entries()) {
    const where = `certificate ${index + 1} (${authority.subject})`;
    // A root may be of version 1, which cannot state that it is a CA.
    const isCa = authority.isCa || (index > 0 && authority.version === 1);
    if (!isCa || authority.keyUsage?.includes('keyCertSign') === false) {
      const hint = 'give a certificate with CA:TRUE and key usage keyCertSign';
      throw createPkiError(fields.certificate, `${where} is not a CA that may sign certificates`, hint);
    }
    const above = bundle[index + 1];
    if (above !== undefined && !isIssuedBy(authority, above)) {
      const hint = 'put the signing CA first, and each issuer after the certificate that it signed';
      throw createPkiError(fields.certificate, `${where} is not issued by the next one, ${above.subject}`, hint);
    }
  }
  const privateKey = parsePrivateKey(privateKeyPem, fields.privateKey);
  if (!keyMatches(certificate, privateKey)) {
    const hint = 'give the key that belongs to the first certificate of the bundle';
    throw createPkiError(fields.privateKey, `does not belong to ${certificate.subject}`, hint);
  }
  const { subjectKeyId } = certificate;
  const keyId =
    subjectKeyId === undefined
      ? computeKeyId(encodePublicKeyInfo(createPublicKey(privateKey)))
      : Buffer.from(subjectKeyId, 'hex');
  return { certificate, chain, privateKey, name: readEncodedParts(certificate).subject, keyId };
}
