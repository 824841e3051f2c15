import type { KeyObject } from 'node:crypto';
import type { Authority } from './authority.ts';
import { type Asn1, bitString, encodeDer, integer, sequence, tagged, time } from './der.ts';
import { encodeName } from './distinguished-name.ts';
import {
  authorityKeyId,
  basicConstraints,
  type ExtendedKeyUsage,
  extendedKeyUsage,
  keyUsage,
  nameConstraints,
  subjectAltName,
  subjectKeyId,
} from './extensions.ts';
import { pkiInvalid } from './invalid.ts';
import { canonicalIpAddress } from './ip-address.ts';
import { generateKeyPair, type KeyAlgorithm } from './key-algorithm.ts';
import { encodeNameConstraints, forbiddenNames, type SubjectAltNames } from './name-constraints.ts';
import { type CertificatePem, encodeCertificatePem, type PrivateKeyPem } from './pem.ts';
import { encodePrivateKey } from './private-key.ts';
import { keyIdOf, publicKeyInfoOf } from './public-key-info.ts';
import { algorithmIdentifier, signatureAlgorithmOf, signDer } from './signature-algorithm.ts';
import type { Validity } from './validity.ts';

/** `certificatePem` is leaf first: intermediates of the authority follow it. */
export type Issued = { readonly certificatePem: CertificatePem; readonly privateKeyPem: PrivateKeyPem };

type Request = Validity & {
  /** At most 64 characters (RFC 5280 appendix A, ub-common-name); never cut short here. */
  readonly commonName: string;
  readonly keyAlgorithm: KeyAlgorithm;
  /** 16 random bytes. The top bit is cleared, so that the number stays positive in 16 bytes. */
  readonly serial: Uint8Array;
};

export type AuthorityRequest = Request & {
  /** How many authorities may follow below this one: 0 when it signs leaves only. */
  readonly pathLength: number;
  /** When given, a critical name constraint: only names at or below these, and no IP address. */
  readonly permittedDnsNames?: readonly string[];
};

export type LeafRequest = Request & {
  readonly subjectAltNames: SubjectAltNames;
  readonly usages: readonly ExtendedKeyUsage[];
};

type Signer = { readonly name: Asn1; readonly privateKey: KeyObject };

const VERSION_3 = Uint8Array.of(2);
const DNS_NAME = /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

function checkRequest(request: Request): void {
  const { commonName, notBefore, notAfter, serial } = request;
  if (Array.from(commonName).length > 64 || /\p{Cc}/u.test(commonName) || !commonName.isWellFormed()) {
    throw pkiInvalid('commonName', 'expected at most 64 printable characters', 'shorten the name');
  }
  if (serial.length !== 16 || serial.every((byte) => (byte & 0x7f) === 0)) {
    throw pkiInvalid('serial', `${serial.length} bytes, expected 16 random ones`, 'pass 16 random bytes');
  }
  const years = [notBefore, notAfter].map((date) => date.getUTCFullYear());
  if (!years.every((year) => year >= 1950 && year <= 9999) || notAfter.getTime() <= notBefore.getTime()) {
    throw pkiInvalid(
      'validity',
      'expected an end after its beginning, both in the years 1950 to 9999',
      'check the validity',
    );
  }
}

function checkPathLength(pathLength: number): void {
  if (Number.isInteger(pathLength) && pathLength >= 0 && pathLength <= 127) return;
  throw pkiInvalid('pathLength', `${pathLength}, expected 0 to 127`, 'use 0 for an authority that signs leaves only');
}

function checkedDnsNames(names: readonly string[], field: string): readonly string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))].map((name) => {
    if (name.length <= 253 && DNS_NAME.test(name) && canonicalIpAddress(name) === undefined) return name;
    const hint =
      'use letters, digits, - and dots; a wildcard stands alone as the first label; addresses are IP addresses';
    throw pkiInvalid(field, `${JSON.stringify(name)} is not a DNS name`, hint);
  });
}

function checkedNames(names: SubjectAltNames): SubjectAltNames {
  const ipAddresses = names.ipAddresses.map((address) => {
    const canonical = canonicalIpAddress(address);
    if (canonical !== undefined) return canonical;
    throw pkiInvalid(
      'subjectAltNames.ipAddresses',
      `${JSON.stringify(address)} is not an IP address`,
      'use IPv4 or IPv6',
    );
  });
  const dnsNames = checkedDnsNames(names.dnsNames, 'subjectAltNames.dnsNames');
  return { dnsNames, ipAddresses: [...new Set(ipAddresses)] };
}

function positive(serial: Uint8Array): Uint8Array {
  return serial.map((byte, index) => (index === 0 ? byte & 0x7f : byte));
}

/** RFC 5280 §4.1, signed. */
function sign(request: Request, publicKeyInfo: Asn1, extensions: readonly Asn1[], signer: Signer): Buffer {
  const algorithm = signatureAlgorithmOf(signer.privateKey);
  if (algorithm === undefined) throw pkiInvalid('privateKey', 'cannot sign certificates', 'use EC, Ed25519 or RSA');
  const tbs = sequence(
    tagged(0, integer(VERSION_3)),
    integer(positive(request.serial)),
    algorithmIdentifier(algorithm),
    signer.name,
    sequence(time(request.notBefore), time(request.notAfter)),
    encodeName(request.commonName),
    publicKeyInfo,
    tagged(3, sequence(...extensions)),
  );
  const signature = signDer(algorithm, encodeDer(tbs), signer.privateKey);
  return encodeDer(sequence(tbs, algorithmIdentifier(algorithm), bitString(signature)));
}

/**
 * A self-signed authority with a new key.
 * @throws ActionError PKI_INVALID naming the field of the request that no certificate can hold.
 */
export async function issueAuthority(request: AuthorityRequest): Promise<Issued> {
  checkRequest(request);
  checkPathLength(request.pathLength);
  if (request.commonName === '') throw pkiInvalid('commonName', 'an authority needs a name', 'name the authority');
  const permitted = checkedDnsNames(request.permittedDnsNames ?? [], 'permittedDnsNames');
  if (permitted.some((name) => name.startsWith('*'))) {
    throw pkiInvalid('permittedDnsNames', 'holds a wildcard', 'name the domain alone: it permits every name below it');
  }
  const { publicKey, privateKey } = await generateKeyPair(request.keyAlgorithm);
  const publicKeyInfo = publicKeyInfoOf(publicKey);
  const keyId = keyIdOf(publicKeyInfo);
  const extensions = [
    basicConstraints({ pathLength: request.pathLength }),
    keyUsage(['keyCertSign', 'cRLSign']),
    subjectKeyId(keyId),
    authorityKeyId(keyId),
    ...(permitted.length === 0 ? [] : [nameConstraints(encodeNameConstraints(permitted))]),
  ];
  const signer = { name: encodeName(request.commonName), privateKey };
  return {
    certificatePem: encodeCertificatePem(sign(request, publicKeyInfo, extensions, signer)),
    privateKeyPem: encodePrivateKey(privateKey),
  };
}

function checkLeaf(authority: Authority, request: LeafRequest, names: SubjectAltNames): void {
  checkRequest(request);
  const count = names.dnsNames.length + names.ipAddresses.length;
  if (request.usages.length === 0) throw pkiInvalid('usages', 'empty', 'name serverAuth, clientAuth or both');
  if (count === 0 && (request.commonName === '' || request.usages.includes('serverAuth'))) {
    throw pkiInvalid('subjectAltNames', 'empty', 'name at least one DNS name or IP address');
  }
  for (const { nameConstraints: constraints } of [authority.certificate, ...authority.chain]) {
    const forbidden = constraints === undefined ? [] : forbiddenNames(constraints, names);
    if (forbidden.length > 0) {
      const problem = `${forbidden.join(', ')}: the authority may not certify these names`;
      throw pkiInvalid('subjectAltNames', problem, 'remove the names, or use an authority that permits them');
    }
  }
}

/**
 * A certificate for a server, a client or both, with a new key.
 * @throws ActionError PKI_INVALID naming the field of the request that no certificate of this authority can hold.
 */
export async function issueLeaf(authority: Authority, request: LeafRequest): Promise<Issued> {
  const names = checkedNames(request.subjectAltNames);
  checkLeaf(authority, request, names);
  const { publicKey, privateKey } = await generateKeyPair(request.keyAlgorithm);
  const publicKeyInfo = publicKeyInfoOf(publicKey);
  const encipher = publicKey.asymmetricKeyType === 'rsa' && request.usages.includes('serverAuth');
  const named = names.dnsNames.length + names.ipAddresses.length > 0;
  const extensions = [
    basicConstraints(undefined),
    keyUsage(encipher ? ['digitalSignature', 'keyEncipherment'] : ['digitalSignature']),
    extendedKeyUsage(request.usages),
    subjectKeyId(keyIdOf(publicKeyInfo)),
    authorityKeyId(authority.keyId),
    ...(named ? [subjectAltName(names, request.commonName === '')] : []),
  ];
  const leaf = encodeCertificatePem(sign(request, publicKeyInfo, extensions, authority));
  const intermediates = [authority.certificate, ...authority.chain].filter(({ subject, issuer }) => subject !== issuer);
  return {
    certificatePem: `${leaf}${intermediates.map(({ pem }) => pem).join('')}`,
    privateKeyPem: encodePrivateKey(privateKey),
  };
}
