import type { KeyObject } from 'node:crypto';
import { type Asn1, bitString, encodeDer, integer, sequence, tagged, time } from './der.ts';
import { type CertificatePem, createPkiError, encodeCertificatePem } from './pem.ts';
import { chooseSignatureAlgorithm, encodeAlgorithmIdentifier, signDer } from './signature-algorithm.ts';

export type Validity = { readonly notBefore: Date; readonly notAfter: Date };

/**
 * The allowed difference between clocks, in milliseconds. A peer with a slow clock would refuse a certificate that is
 * valid only from now.
 */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * Computes the validity: from five minutes before `now` until `durationMs` after it, at most until `limit`. The limit
 * is the end of the CA, because a leaf certificate that outlives its CA fails before its own date. The times are whole
 * seconds, as in certificates.
 */
export function computeValidity(now: Date, durationMs: number, limit?: Date): Validity {
  const end = Math.min(now.getTime() + durationMs, limit?.getTime() ?? Number.POSITIVE_INFINITY);
  return {
    notBefore: new Date(Math.floor((now.getTime() - CLOCK_SKEW_MS) / 1000) * 1000),
    notAfter: new Date(Math.floor(end / 1000) * 1000),
  };
}

/** The validity of a certificate, and its serial number. */
export type SerialAndValidity = Validity & {
  /** The serial number: 16 random bytes. The top bit is cleared, so that the number stays positive in 16 bytes. */
  readonly serial: Uint8Array;
};

type CertificateBody = SerialAndValidity & {
  readonly subject: Asn1;
  readonly publicKeyInfo: Asn1;
  readonly extensions: readonly Asn1[];
};

type Signer = { readonly name: Asn1; readonly privateKey: KeyObject };

const VERSION_3 = Uint8Array.of(2);

function clearTopBit(serial: Uint8Array): Uint8Array {
  return serial.map((byte, index) => (index === 0 ? byte & 0x7f : byte));
}

/**
 * Checks the serial number and the validity.
 * @throws ActionError PKI_INVALID naming `serial` or `validity`, if certificates cannot contain the value.
 */
export function checkSerialAndValidity({ serial, notBefore, notAfter }: SerialAndValidity): void {
  if (serial.length !== 16 || clearTopBit(serial).every((byte) => byte === 0)) {
    throw createPkiError('serial', `${serial.length} bytes, expected 16 random ones`, 'pass 16 random bytes');
  }
  const years = [notBefore, notAfter].map((date) => date.getUTCFullYear());
  if (!years.every((year) => year >= 1950 && year <= 9999) || notAfter.getTime() <= notBefore.getTime()) {
    const problem = 'expected an end after its beginning, both in the years 1950 to 9999';
    throw createPkiError('validity', problem, 'check the validity');
  }
}

/**
 * Signs a certificate of RFC 5280 §4.1.
 * @throws ActionError PKI_INVALID naming the part that is invalid in certificates.
 */
export function signCertificate(body: CertificateBody, signer: Signer): CertificatePem {
  checkSerialAndValidity(body);
  const algorithm = chooseSignatureAlgorithm(signer.privateKey);
  if (algorithm === undefined) throw createPkiError('privateKey', 'cannot sign certificates', 'use EC, Ed25519 or RSA');
  const tbs = sequence(
    tagged(0, integer(VERSION_3)),
    integer(clearTopBit(body.serial)),
    encodeAlgorithmIdentifier(algorithm),
    signer.name,
    sequence(time(body.notBefore), time(body.notAfter)),
    body.subject,
    body.publicKeyInfo,
    tagged(3, sequence(...body.extensions)),
  );
  const signature = signDer(algorithm, encodeDer(tbs), signer.privateKey);
  return encodeCertificatePem(encodeDer(sequence(tbs, encodeAlgorithmIdentifier(algorithm), bitString(signature))));
}
