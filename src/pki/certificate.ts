import { X509Certificate } from 'node:crypto';
import { formatDate } from '../text/duration-text.ts';
import { type Asn1, decodeDer, encodeDer } from './der.ts';
import { decodeName } from './distinguished-name.ts';
import { decodeExtensions, type Extensions } from './extension-decoding.ts';
import { describeKey, findKeyAlgorithm, type KeyAlgorithm } from './key-algorithm.ts';
import { type CertificatePem, createPkiError, encodeCertificatePem, parsePem } from './pem.ts';
import { chooseSignatureAlgorithm, decodeSignatureAlgorithm } from './signature-algorithm.ts';
import { decodeTbsCertificate, type TbsCertificate } from './tbs-certificate.ts';

/**
 * One parsed X.509 certificate, as plain data. Weak certificates are read too; `chain.ts` decides whether one may be
 * used.
 */
export type Certificate = Extensions & {
  readonly version: 1 | 3;
  /** The names in the order of the certificate, for example `CN=nats-0`. */
  readonly subject: string;
  readonly issuer: string;
  readonly commonName: string | undefined;
  /** The serial number in lower-case hex without a leading 00. */
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** The SHA-256 fingerprint of the whole DER, in lower-case hex without colons. */
  readonly fingerprint256: string;
  /** The algorithm; undefined if this Action cannot generate such a key. `keyName` is set for every key. */
  readonly keyAlgorithm: KeyAlgorithm | undefined;
  readonly keyName: string;
  /** The reason why no TLS peer should accept the key; undefined for a strong one. */
  readonly weakKey: string | undefined;
  readonly signatureAlgorithm: string;
  /** The reason why no TLS peer should accept the signature; it does not count if the certificate itself is trusted. */
  readonly weakSignature: string | undefined;
  /** The hex of the DER. Chains are built by names and keys as encoded (RFC 5280 §7.1 allows it, Go does it). */
  readonly encoded: { readonly subject: string; readonly issuer: string; readonly publicKeyInfo: string };
  readonly pem: CertificatePem;
};

type EncodedParts = Pick<TbsCertificate, 'subject' | 'publicKeyInfo' | 'extensions'>;

/** The maximum size of a bundle. A system trusts about 150 public CAs; a longer bundle only costs time. */
const MAX_CERTIFICATES = 500;
/** The maximum size of a certificate, in bytes. Real certificates have 0.5 to 4 KiB, far less than this limit. */
const MAX_DER_BYTES = 65_536;
const HINT = 'give an X.509 v3 certificate in PEM form that `openssl x509 -noout -text` can print';

/** Returns the hex of the DER of a part. */
const encodeHex = (part: Asn1): string => encodeDer(part).toString('hex');

function decodeCertificate(der: Buffer<ArrayBuffer>): Certificate {
  if (der.length > MAX_DER_BYTES) throw new Error(`${der.length} bytes, expected at most ${MAX_DER_BYTES}`);
  const tbs = decodeTbsCertificate(decodeDer(der));
  const x509 = new X509Certificate(der);
  const key = x509.publicKey;
  const subject = decodeName(tbs.subject, 'subject');
  const signature = decodeSignatureAlgorithm(tbs.signature);
  return {
    ...decodeExtensions(tbs.extensions),
    version: tbs.version,
    subject: subject.text,
    commonName: subject.commonName,
    issuer: decodeName(tbs.issuer, 'issuer').text,
    serial: tbs.serial.toString('hex').replace(/^00(?=.)/, ''),
    notBefore: tbs.notBefore,
    notAfter: tbs.notAfter,
    fingerprint256: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
    keyAlgorithm: findKeyAlgorithm(key),
    keyName: describeKey(key),
    weakKey: chooseSignatureAlgorithm(key) === undefined ? `key ${describeKey(key)} is not accepted` : undefined,
    signatureAlgorithm: signature.name,
    weakSignature: signature.weakness,
    encoded: {
      subject: encodeHex(tbs.subject),
      issuer: encodeHex(tbs.issuer),
      publicKeyInfo: encodeHex(tbs.publicKeyInfo),
    },
    pem: encodeCertificatePem(der),
  };
}

/**
 * Parses exactly one certificate.
 * @throws ActionError PKI_INVALID naming `field` for any input except a certificate that Go reads.
 */
export function parseCertificate(input: string | Uint8Array, field: string): Certificate {
  if (typeof input === 'string') {
    const [certificate, ...rest] = parseCertificates(input, field);
    if (certificate !== undefined && rest.length === 0) return certificate;
    throw createPkiError(field, `holds ${rest.length + 1} certificates, expected one`, HINT);
  }
  try {
    return decodeCertificate(Buffer.from(input));
  } catch (cause) {
    // node-forge and OpenSSL throw errors of many kinds on hostile bytes; each means that the certificate is unusable.
    const problem = Error.isError(cause) ? cause.message : 'unreadable';
    throw createPkiError(field, `not a usable certificate: ${problem}`, HINT, cause);
  }
}

/**
 * Parses every certificate of a PEM bundle in its order, at least one.
 * @throws ActionError PKI_INVALID naming `field`, also for blocks of other types.
 */
export function parseCertificates(pem: string, field: string): readonly Certificate[] {
  const blocks = parsePem(pem, field);
  if (blocks.length > MAX_CERTIFICATES) {
    const problem = `holds ${blocks.length} certificates, expected at most ${MAX_CERTIFICATES}`;
    throw createPkiError(field, problem, 'keep the CAs that are needed');
  }
  return blocks.map(({ label, der }, index) => {
    if (label === 'CERTIFICATE') return parseOnce(der, field);
    throw createPkiError(field, `block ${index + 1} is ${label}, expected CERTIFICATE`, HINT);
  });
}

/**
 * The parsed certificates by their DER. A run reads the same few certificates many times, and each takes a millisecond.
 */
const known = new Map<string, Certificate>();

function parseOnce(der: Buffer, field: string): Certificate {
  const key = der.toString('latin1');
  const certificate = known.get(key) ?? parseCertificate(der, field);
  if (known.size < MAX_CERTIFICATES) known.set(key, certificate);
  return certificate;
}

/** Returns the parts of a certificate exactly as encoded. */
export function readEncodedParts(certificate: Certificate): EncodedParts {
  return decodeTbsCertificate(decodeDer(new X509Certificate(certificate.pem).raw));
}

/** Returns the certificates in their order, each once. */
export function bundleTrust(first: Certificate, ...others: readonly Certificate[]): CertificatePem {
  const distinct = new Map([first, ...others].map(({ fingerprint256, pem }) => [fingerprint256, pem]));
  distinct.delete(first.fingerprint256);
  return `${first.pem}${[...distinct.values()].join('')}`;
}

/** Returns a sentence part about the time from which a certificate is valid. */
export function describeStart({ notBefore }: Pick<Certificate, 'notBefore'>): string {
  return `valid only from ${formatDate(notBefore)}`;
}

/** Returns a sentence part about the end of a certificate that is valid. */
export function describeEnd({ notAfter }: Pick<Certificate, 'notAfter'>): string {
  return `expires at ${formatDate(notAfter)}`;
}

/** Returns a sentence part about the end of a certificate that is no longer valid. */
export function describeExpiry({ notAfter }: Pick<Certificate, 'notAfter'>): string {
  return `expired at ${formatDate(notAfter)}`;
}

/** Returns the first 12 of the 64 hex digits of a SHA-256 fingerprint, which are enough to distinguish certificates. */
export function shortenFingerprint(hex: string): string {
  return hex.slice(0, 12);
}
