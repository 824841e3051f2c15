import { type Authority, keyIdOf, publicKeyInfoOf } from './authority.ts';
import { encodeName } from './distinguished-name.ts';
import {
  authorityKeyId,
  basicConstraints,
  type ExtendedKeyUsage,
  extendedKeyUsage,
  keyUsage,
  nameConstraints,
  type SubjectAltNames,
  subjectAltName,
  subjectKeyId,
} from './extensions.ts';
import { forbiddenNames } from './forbidden-names.ts';
import { canonicalIpAddress, isDnsName } from './ip-address.ts';
import { generateKeyPair, type KeyAlgorithm } from './key-algorithm.ts';
import { encodeNameConstraints } from './name-constraints.ts';
import { type CertificatePem, type PrivateKeyPem, pkiInvalid } from './pem.ts';
import { encodePrivateKey } from './private-key.ts';
import { type CertificateTerms, checkTerms, signCertificate } from './signed-certificate.ts';

/** An issued certificate and its key. `certificatePem` starts with the leaf; the intermediates of the CA follow it. */
export type Issued = { readonly certificatePem: CertificatePem; readonly privateKeyPem: PrivateKeyPem };

type Request = CertificateTerms & {
  /** The name, at most 64 characters (RFC 5280 appendix A, ub-common-name); it is never shortened here. */
  readonly commonName: string;
  readonly keyAlgorithm: KeyAlgorithm;
};

export type AuthorityRequest = Request & {
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
    throw pkiInvalid('commonName', 'expected at most 64 printable characters', 'shorten the name');
  }
  checkTerms(request);
}

function checkPathLength(pathLength: number): void {
  if (Number.isInteger(pathLength) && pathLength >= 0 && pathLength <= 127) return;
  throw pkiInvalid('pathLength', `${pathLength}, expected 0 to 127`, 'use 0 for an authority that signs leaves only');
}

function checkedDnsNames(names: readonly string[], field: string): readonly string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))].map((name) => {
    if (isDnsName(name)) return name;
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

/**
 * Issues a self-signed CA with a new key.
 * @throws ActionError PKI_INVALID naming the field of the request that is invalid in certificates.
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
  const name = encodeName(request.commonName);
  const body = { ...request, subject: name, publicKeyInfo, extensions };
  return {
    certificatePem: signCertificate(body, { name, privateKey }),
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
 * Issues a certificate for a server, a client or both, with a new key.
 * @throws ActionError PKI_INVALID naming the field of the request that is invalid in certificates of this CA.
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
  const body = { ...request, subject: encodeName(request.commonName), publicKeyInfo, extensions };
  const leaf = signCertificate(body, authority);
  const intermediates = [authority.certificate, ...authority.chain].filter(({ subject, issuer }) => subject !== issuer);
  return {
    certificatePem: `${leaf}${intermediates.map(({ pem }) => pem).join('')}`,
    privateKeyPem: encodePrivateKey(privateKey),
  };
}
