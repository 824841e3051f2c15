import { type KeyObject, X509Certificate } from 'node:crypto';
import { hasCode } from '../errors.ts';
import {
  type Asn1,
  bytesOf,
  decodeDer,
  encodeDer,
  isTagged,
  isUniversal,
  oidOf,
  partsOf,
  sequenceOf,
  TAG,
} from './der.ts';
import { decodeName } from './distinguished-name.ts';
import { decodeExtensions, type Extensions } from './extensions.ts';
import { pkiInvalid } from './invalid.ts';
import { type KeyAlgorithm, keyAlgorithmOf, keyNameOf } from './key-algorithm.ts';
import { type CertificatePem, encodeCertificatePem, parsePem } from './pem.ts';
import { signatureAlgorithmName, signatureAlgorithmOf } from './signature-algorithm.ts';

/** One parsed X.509 v3 certificate, as plain data. */
export type Certificate = Extensions & {
  /** Names in the order of the certificate, for example `CN=nats-0`. */
  readonly subject: string;
  readonly issuer: string;
  readonly commonName: string | undefined;
  /** Lower-case hex without a leading 00. */
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Lower-case hex without colons, of the whole DER. */
  readonly fingerprint256: string;
  /** Undefined for a key that could not have been generated here; then `keyName` says what it is. */
  readonly keyAlgorithm: KeyAlgorithm | undefined;
  readonly keyName: string;
  readonly signatureAlgorithm: string;
  readonly pem: CertificatePem;
};

type EncodedParts = {
  readonly subject: Asn1;
  readonly publicKeyInfo: Asn1;
  readonly extensions: Asn1 | undefined;
};

/** The public authorities that a system trusts are about 150; a longer bundle only costs time. */
const MAX_CERTIFICATES = 500;
/** Real certificates take 0.5 to 4 KiB; nobody's takes 64. */
const MAX_DER_BYTES = 65_536;
const HINT = 'give an X.509 v3 certificate in PEM form that `openssl x509 -noout -text` can print';
const STRONG_HINT =
  'have it issued again: ECDSA P-256 to P-521, Ed25519 or RSA of 2048 to 8192 bits, signed with SHA-2';

type TbsCertificate = {
  readonly serial: Asn1 | undefined;
  readonly signature: Asn1 | undefined;
  readonly issuer: Asn1 | undefined;
  readonly validity: Asn1 | undefined;
  readonly subject: Asn1 | undefined;
  readonly publicKeyInfo: Asn1 | undefined;
  readonly extensions: Asn1 | undefined;
};

/** RFC 5280 §4.1: the fields of the signed part, in their fixed order. */
function tbsOf(certificate: Asn1): TbsCertificate {
  const [tbs, outer, signatureValue, ...rest] = sequenceOf(certificate, 'the certificate');
  const [version, serial, signature, issuer, validity, subject, publicKeyInfo, ...optional] = sequenceOf(tbs, 'tbs');
  const [number] = isTagged(version, 0) ? partsOf(version, 'version') : [];
  if (number === undefined || bytesOf(number, 'version').toString('hex') !== '02') throw new Error('not version 3');
  if (rest.length > 0 || !isUniversal(signatureValue, TAG.bitString)) throw new Error('the signature is malformed');
  if (outer === undefined || signature === undefined || !encodeDer(outer).equals(encodeDer(signature))) {
    throw new Error('its two signature algorithms differ');
  }
  const wrapped = optional.find((part) => isTagged(part, 3));
  const extensions = wrapped === undefined ? undefined : partsOf(wrapped, 'extensions')[0];
  return { serial, signature, issuer, validity, subject, publicKeyInfo, extensions };
}

function decodeTime(node: Asn1 | undefined): Date {
  const digits = bytesOf(node, 'a date').toString('latin1');
  const generalized = isUniversal(node, TAG.generalizedTime);
  if (!generalized && !isUniversal(node, TAG.utcTime)) throw new Error('a date is neither UTCTime nor GeneralizedTime');
  const full = generalized ? digits : `${Number(digits.slice(0, 2)) >= 50 ? '19' : '20'}${digits}`;
  const iso = full.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6.000Z');
  const date = new Date(iso);
  if (iso === full || Number.isNaN(date.getTime()) || date.toISOString() !== iso)
    throw new Error('a date is malformed');
  return date;
}

function signatureNameOf(tbs: TbsCertificate, field: string): string {
  const id = oidOf(sequenceOf(tbs.signature, 'the signature algorithm')[0], 'the signature algorithm');
  const name = signatureAlgorithmName(id);
  if (name !== undefined) return name;
  const problem = `its signature algorithm ${id} is not accepted (SHA-1 and MD5 are broken)`;
  throw pkiInvalid(field, problem, STRONG_HINT, undefined, 'WeakSignature');
}

function checkKey(key: KeyObject, field: string): void {
  if (signatureAlgorithmOf(key) !== undefined) return;
  throw pkiInvalid(field, `its key ${keyNameOf(key)} is not accepted`, STRONG_HINT, undefined, 'WeakKey');
}

function decodeCertificate(der: Buffer<ArrayBuffer>, field: string): Certificate {
  if (der.length > MAX_DER_BYTES) throw new Error(`${der.length} bytes, expected at most ${MAX_DER_BYTES}`);
  const tbs = tbsOf(decodeDer(der));
  const [notBefore, notAfter] = sequenceOf(tbs.validity, 'validity');
  const x509 = new X509Certificate(der);
  const key = x509.publicKey;
  checkKey(key, field);
  const subject = decodeName(tbs.subject, 'subject');
  return {
    ...decodeExtensions(tbs.extensions),
    subject: subject.text,
    commonName: subject.commonName,
    issuer: decodeName(tbs.issuer, 'issuer').text,
    serial: bytesOf(tbs.serial, 'serial')
      .toString('hex')
      .replace(/^00(?=.)/, ''),
    notBefore: decodeTime(notBefore),
    notAfter: decodeTime(notAfter),
    fingerprint256: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
    keyAlgorithm: keyAlgorithmOf(key),
    keyName: keyNameOf(key),
    signatureAlgorithm: signatureNameOf(tbs, field),
    pem: encodeCertificatePem(der),
  };
}

/**
 * Exactly one certificate.
 * @throws ActionError PKI_INVALID naming `field` for whatever is not a certificate that TLS peers accept.
 */
export function parseCertificate(input: string | Uint8Array, field: string): Certificate {
  if (typeof input === 'string') {
    const [certificate, ...rest] = parseCertificates(input, field);
    if (certificate !== undefined && rest.length === 0) return certificate;
    throw pkiInvalid(field, `holds ${rest.length + 1} certificates, expected one`, HINT);
  }
  try {
    return decodeCertificate(Buffer.from(input), field);
  } catch (cause) {
    if (hasCode(cause, 'PKI_INVALID')) throw cause;
    // node-forge and OpenSSL throw errors of many kinds on hostile bytes; each means: no usable certificate.
    const problem = Error.isError(cause) ? cause.message : 'unreadable';
    throw pkiInvalid(field, `not a usable certificate: ${problem}`, HINT, cause);
  }
}

/**
 * Every certificate of a PEM bundle in its order, at least one.
 * @throws ActionError PKI_INVALID naming `field`, also for blocks that are no certificates.
 */
export function parseCertificates(pem: string, field: string): readonly Certificate[] {
  const blocks = parsePem(pem, field);
  if (blocks.length > MAX_CERTIFICATES) {
    const problem = `holds ${blocks.length} certificates, expected at most ${MAX_CERTIFICATES}`;
    throw pkiInvalid(field, problem, 'keep the authorities that are needed');
  }
  return blocks.map(({ label, der }, index) => {
    if (label === 'CERTIFICATE') return knownOrParsed(der, field);
    throw pkiInvalid(field, `block ${index + 1} is ${label}, expected CERTIFICATE`, HINT);
  });
}

/** By their DER: a run reads the few certificates of a deployment again and again, and each takes a millisecond. */
const known = new Map<string, Certificate>();

function knownOrParsed(der: Buffer, field: string): Certificate {
  const key = der.toString('latin1');
  const certificate = known.get(key) ?? parseCertificate(der, field);
  if (known.size < MAX_CERTIFICATES) known.set(key, certificate);
  return certificate;
}

/** Parts exactly as encoded: issuers' names are compared byte for byte (RFC 5280 §7.1 allows it, Go does it). */
export function encodedParts(certificate: Certificate): EncodedParts {
  const { subject, publicKeyInfo, extensions } = tbsOf(decodeDer(new X509Certificate(certificate.pem).raw));
  if (subject !== undefined && publicKeyInfo !== undefined) return { subject, publicKeyInfo, extensions };
  throw pkiInvalid('issuer', 'has no subject or no key', HINT);
}
