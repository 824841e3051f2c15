import {
  type Asn1,
  decodeDer,
  encodeDer,
  isTagged,
  isUniversal,
  nullValue,
  readBitString,
  readBytes,
  readOid,
  readParts,
  readSequence,
  readSmallInteger,
  TAG,
} from './der.ts';

/** The signed part of a certificate (RFC 5280 §4.1), with its fields still encoded. */
export type TbsCertificate = {
  /** The version. Version 1 has no extensions, so only the root of a chain may have it. */
  readonly version: 1 | 3;
  readonly serial: Buffer;
  readonly signature: Asn1;
  readonly issuer: Asn1;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly subject: Asn1;
  readonly publicKeyInfo: Asn1;
  readonly extensions: Asn1 | undefined;
};

const RSA = '1.2.840.113549.1.1.1';
const EC = '1.2.840.10045.2.1';
const ED25519 = '1.3.101.112';
const UNCOMPRESSED = 0x04;

function decodeVersion(part: Asn1 | undefined): 1 | 3 {
  const [number, ...rest] = readParts(part, 'version');
  if (rest.length > 0 || readSmallInteger(number, 'version') !== 2) throw new Error('neither version 1 nor 3');
  return 3;
}

function decodeTime(node: Asn1 | undefined): Date {
  const digits = readBytes(node, 'a date').toString('latin1');
  const generalized = isUniversal(node, TAG.generalizedTime);
  if (!generalized && !isUniversal(node, TAG.utcTime)) throw new Error('a date is neither UTCTime nor GeneralizedTime');
  const full = generalized ? digits : `${Number(digits.slice(0, 2)) >= 50 ? '19' : '20'}${digits}`;
  const iso = full.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6.000Z');
  const date = new Date(iso);
  if (iso === full || Number.isNaN(date.getTime()) || date.toISOString() !== iso)
    throw new Error('a date is malformed');
  return date;
}

function decodeSerial(node: Asn1 | undefined): Buffer {
  const bytes = isUniversal(node, TAG.integer) ? readBytes(node, 'serial') : Buffer.alloc(0);
  // Go refuses negative serial numbers since 1.23.
  if (bytes.length === 0 || bytes.readInt8(0) < 0) throw new Error('the serial number is negative or missing');
  return bytes;
}

/** Returns the extensions after the two unused identifiers of issuer and subject; refuses any other field. */
function decodeExtensions(optional: readonly Asn1[], version: 1 | 3): Asn1 | undefined {
  const isIdentifier = (part: Asn1 | undefined, tag: number): boolean =>
    isTagged(part, tag) && typeof part?.value === 'string';
  const withoutIssuer = isIdentifier(optional[0], 1) ? optional.slice(1) : optional;
  const [wrapped, ...rest] = isIdentifier(withoutIssuer[0], 2) ? withoutIssuer.slice(1) : withoutIssuer;
  if (wrapped === undefined) return undefined;
  const [extensions, ...others] = readParts(wrapped, 'extensions');
  if (version === 1 || !isTagged(wrapped, 3) || rest.length > 0 || others.length > 0) {
    throw new Error('the fields after the public key are malformed');
  }
  return extensions;
}

/**
 * Refuses encodings of keys that OpenSSL reads and Go does not (crypto/x509 parsePublicKey): parameters that are
 * missing or too many, curves that are not named, compressed points, even moduli.
 */
function requireReadableKey(publicKeyInfo: Asn1 | undefined): void {
  const [algorithm, bits, ...rest] = readSequence(publicKeyInfo, 'the public key');
  const [id, parameters, ...others] = readSequence(algorithm, 'the key algorithm');
  const key = readBitString(bits, 'the public key');
  const isSound = ((): boolean => {
    switch (readOid(id, 'the key algorithm')) {
      case RSA: {
        const [modulus, exponent, ...more] = readSequence(decodeDer(key), 'the RSA key');
        const isOdd = ((readBytes(modulus, 'the RSA modulus').at(-1) ?? 0) & 1) === 1;
        const hasNull = parameters !== undefined && encodeDer(parameters).equals(encodeDer(nullValue()));
        return hasNull && isOdd && exponent !== undefined && more.length === 0;
      }
      case EC:
        return isUniversal(parameters, TAG.oid) && key[0] === UNCOMPRESSED;
      case ED25519:
        return parameters === undefined;
      default:
        return true; // No peer accepts such a key: see `weakKey`.
    }
  })();
  if (!isSound || rest.length > 0 || others.length > 0) throw new Error('the public key is not encoded as Go reads it');
}

/** Reads the fixed fields of a certificate; throws a plain Error on a malformed one. */
export function decodeTbsCertificate(certificate: Asn1): TbsCertificate {
  const [tbs, outer, signatureValue, ...rest] = readSequence(certificate, 'the certificate');
  const parts = readSequence(tbs, 'tbs');
  const version = isTagged(parts[0], 0) ? decodeVersion(parts[0]) : 1;
  const [serial, signature, issuer, validity, subject, publicKeyInfo, ...optional] =
    version === 1 ? parts : parts.slice(1);
  readBitString(signatureValue, 'the signature');
  if (rest.length > 0) throw new Error('there is data after the signature');
  if (outer === undefined || signature === undefined || !encodeDer(outer).equals(encodeDer(signature))) {
    throw new Error('its two signature algorithms differ');
  }
  requireReadableKey(publicKeyInfo);
  if (issuer === undefined || subject === undefined || publicKeyInfo === undefined)
    throw new Error('a field is missing');
  const [notBefore, notAfter] = readSequence(validity, 'validity');
  return {
    version,
    serial: decodeSerial(serial),
    signature,
    issuer,
    notBefore: decodeTime(notBefore),
    notAfter: decodeTime(notAfter),
    subject,
    publicKeyInfo,
    extensions: decodeExtensions(optional, version),
  };
}
