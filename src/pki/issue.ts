import { type Ca, computeKeyId, encodePublicKeyInfo } from './ca.ts';
import { encodeName } from './distinguished-name.ts';
import {
  type ExtendedKeyUsage,
  encodeAuthorityKeyId,
  encodeBasicConstraints,
  encodeExtendedKeyUsage,
  encodeKeyUsage,
  encodeSubjectAltName,
  encodeSubjectKeyId,
  type SubjectAltNames,
  wrapNameConstraints,
} from './extensions.ts';
import { findForbiddenNames } from './forbidden-names.ts';
import { canonicalizeIpAddress, isDnsName } from './ip-address.ts';
import { generateKeyPair, type KeyAlgorithm } from './key-algorithm.ts';
import { encodeNameConstraints } from './name-constraints.ts';
import { type CertificatePem, createPkiError, type PrivateKeyPem } from './pem.ts';
import { encodePrivateKey } from './private-key.ts';
import { checkSerialAndValidity, type SerialAndValidity, signCertificate } from './signed-certificate.ts';

/** An issued certificate and its key. `certificatePem` starts with the leaf; the intermediates of the CA follow it. */
export type IssuedCertificate = { readonly certificatePem: CertificatePem; readonly privateKeyPem: PrivateKeyPem };

type Request = SerialAndValidity & {
  /** The name, at most 64 characters (RFC 5280 appendix A, ub-common-name); it is never shortened here. */
  readonly commonName: string;
  readonly keyAlgorithm: KeyAlgorithm;
};

export type CaRequest = Request & {
  /** The number of CAs that may follow below this one: 0 if it signs leaf certificates only. */
  readonly pathLength: number;
  /** The names of a critical name constraint: it allows names at or below these only, and no IP address. */
  readonly permittedDnsNames?: readonly string[];
};

export type LeafRequest = Request & {
  readonly subjectAltNames: SubjectAltNames;
  readonly usages: readonly ExtendedKeyUsage[];
};

function checkRequest(request: Request): void {
  const { commonName } = request;
  if (Array.from(commonName).length > 64 || /\p{Cc}/u.test(commonName) || !commonName.isWellFormed()) {
    throw createPkiError('commonName', 'expected at most 64 printable characters', 'shorten the name');
  }
  checkSerialAndValidity(request);
}

function checkPathLength(pathLength: number): void {
  if (Number.isInteger(pathLength) && pathLength >= 0 && pathLength <= 127) return;
  throw createPkiError(
    'pathLength',
    `${pathLength}, expected 0 to 127`,
    'use 0 for a CA that signs only leaf certificates',
  );
}

function requireDnsNames(names: readonly string[], field: string): readonly string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))].map((name) => {
    if (isDnsName(name)) return name;
    const hint =
      'use letters, digits, `-` and dots; `*` only as the whole first label; put an IP address in `ipAddresses`';
    throw createPkiError(field, `${JSON.stringify(name)} is not a DNS name`, hint);
  });
}

function normalizeNames(names: SubjectAltNames): SubjectAltNames {
  const ipAddresses = names.ipAddresses.map((address) => {
    const canonical = canonicalizeIpAddress(address);
    if (canonical !== undefined) return canonical;
    throw createPkiError(
      'subjectAltNames.ipAddresses',
      `${JSON.stringify(address)} is not an IP address`,
      'use IPv4 or IPv6',
    );
  });
  const dnsNames = requireDnsNames(names.dnsNames, 'subjectAltNames.dnsNames');
  return { dnsNames, ipAddresses: [...new Set(ipAddresses)] };
}

/**
 * Issues a self-signed CA with a new key.
 * @throws ActionError PKI_INVALID naming the field of the request that is invalid in certificates.
 */
export async function issueCaCertificate(request: CaRequest): Promise<IssuedCertificate> {
  checkRequest(request);
  checkPathLength(request.pathLength);
  if (request.commonName === '') throw createPkiError('commonName', 'a CA needs a name', 'name the CA');
  const permitted = requireDnsNames(request.permittedDnsNames ?? [], 'permittedDnsNames');
  if (permitted.some((name) => name.startsWith('*'))) {
    throw createPkiError(
      'permittedDnsNames',
      'holds a wildcard',
      'name the domain alone: it permits every name below it',
    );
  }
  const { publicKey, privateKey } = await generateKeyPair(request.keyAlgorithm);
  const publicKeyInfo = encodePublicKeyInfo(publicKey);
  const keyId = computeKeyId(publicKeyInfo);
  const extensions = [
    encodeBasicConstraints({ pathLength: request.pathLength }),
    encodeKeyUsage(['keyCertSign', 'cRLSign']),
    encodeSubjectKeyId(keyId),
    encodeAuthorityKeyId(keyId),
    ...(permitted.length === 0 ? [] : [wrapNameConstraints(encodeNameConstraints(permitted))]),
  ];
  const name = encodeName(request.commonName);
  const body = { ...request, subject: name, publicKeyInfo, extensions };
  return {
    certificatePem: signCertificate(body, { name, privateKey }),
    privateKeyPem: encodePrivateKey(privateKey),
  };
}

function checkLeaf(authority: Ca, request: LeafRequest, names: SubjectAltNames): void {
  checkRequest(request);
  const count = names.dnsNames.length + names.ipAddresses.length;
  if (request.usages.length === 0) throw createPkiError('usages', 'empty', 'name serverAuth, clientAuth or both');
  if (count === 0 && (request.commonName === '' || request.usages.includes('serverAuth'))) {
    throw createPkiError('subjectAltNames', 'empty', 'name at least one DNS name or IP address');
  }
  for (const { nameConstraints: constraints } of [authority.certificate, ...authority.chain]) {
    const forbidden = constraints === undefined ? [] : findForbiddenNames(constraints, names);
    if (forbidden.length > 0) {
      const problem = `${forbidden.join(', ')}: the CA may not certify these names`;
      throw createPkiError('subjectAltNames', problem, 'remove the names, or use a CA that permits them');
    }
  }
}

/**
 * Issues a certificate for a server, a client or both, with a new key.
 * @throws ActionError PKI_INVALID naming the field of the request that is invalid in certificates of this CA.
 */
export async function issueLeaf(authority: Ca, request: LeafRequest): Promise<IssuedCertificate> {
  const names = normalizeNames(request.subjectAltNames);
  checkLeaf(authority, request, names);
  const { publicKey, privateKey } = await generateKeyPair(request.keyAlgorithm);
  const publicKeyInfo = encodePublicKeyInfo(publicKey);
  const encipher = publicKey.asymmetricKeyType === 'rsa' && request.usages.includes('serverAuth');
  const named = names.dnsNames.length + names.ipAddresses.length > 0;
  const extensions = [
    encodeBasicConstraints(undefined),
    encodeKeyUsage(encipher ? ['digitalSignature', 'keyEncipherment'] : ['digitalSignature']),
    encodeExtendedKeyUsage(request.usages),
    encodeSubjectKeyId(computeKeyId(publicKeyInfo)),
    encodeAuthorityKeyId(authority.keyId),
    ...(named ? [encodeSubjectAltName(names, request.commonName === '')] : []),
  ];
  const body = { ...request, subject: encodeName(request.commonName), publicKeyInfo, extensions };
  const leaf = signCertificate(body, authority);
  const intermediates = [authority.certificate, ...authority.chain].filter(({ subject, issuer }) => subject !== issuer);
  return {
    certificatePem: `${leaf}${intermediates.map(({ pem }) => pem).join('')}`,
    privateKeyPem: encodePrivateKey(privateKey),
  };
}
