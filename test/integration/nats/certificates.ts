import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ca, parseCa } from '../../../src/pki/ca.ts';
import { type IssuedCertificate, issueCaCertificate, issueLeaf } from '../../../src/pki/issue.ts';
import { computeValidity } from '../../../src/pki/signed-certificate.ts';
import type { ClientCertificate } from '../../../src/servers/dial.ts';

/** Paths of a certificate, its key and the CA that issued it, for a server on 127.0.0.1. */
export type CertificatePaths = { readonly certificate: string; readonly key: string; readonly trust: string };

export type CertificateFolder = {
  readonly server: CertificatePaths;
  readonly route: CertificatePaths;
  /** A route certificate of an untrusted CA, and the trust in that CA. */
  readonly foreignRoute: CertificatePaths;
  readonly serverTrust: string;
  /** Issues another certificate for the servers, equivalent to the present one. */
  readonly serverLeaf: () => Promise<ClientCertificate>;
  /** Issues a certificate of the CA for clients. */
  readonly clientLeaf: (commonName: string, dnsNames?: readonly string[]) => Promise<ClientCertificate>;
  readonly remove: () => Promise<void>;
};

export async function makeCertificateFolder(): Promise<CertificateFolder> {
  const directory = await mkdtemp(join(tmpdir(), 'nats-certificates-'));
  const [server, route, foreign] = await Promise.all([issued('clients'), issued('routes'), issued('foreign')]);
  return {
    server: await stored(directory, 'server', server),
    route: await stored(directory, 'route', route),
    foreignRoute: await stored(directory, 'foreign', foreign),
    serverTrust: server.authority.certificatePem,
    serverLeaf: async () => pairOf(await serverLeaf('clients', server.authority)),
    clientLeaf: async (commonName, dnsNames = []) => {
      const names = { subjectAltNames: { dnsNames, ipAddresses: [] }, usages: ['clientAuth'] as const };
      return pairOf(await issueLeaf(authorityOf(server.authority), { ...request(commonName), ...names }));
    },
    remove: async () => await rm(directory, { recursive: true, force: true }),
  };
}

function request(commonName: string) {
  const keyAlgorithm = 'ecdsa-p256' as const;
  return { commonName, keyAlgorithm, serial: randomBytes(16), ...computeValidity(new Date(), 86_400_000) };
}

async function issued(
  name: string,
): Promise<{ readonly authority: IssuedCertificate; readonly leaf: IssuedCertificate }> {
  const authority = await issueCaCertificate({ ...request(name), pathLength: 0 });
  const leaf = await serverLeaf(name, authority);
  return { authority, leaf };
}

async function serverLeaf(name: string, authority: IssuedCertificate): Promise<IssuedCertificate> {
  return await issueLeaf(authorityOf(authority), {
    ...request(name),
    subjectAltNames: { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] },
    usages: ['serverAuth', 'clientAuth'],
  });
}

function authorityOf({ certificatePem, privateKeyPem }: IssuedCertificate): Ca {
  return parseCa(certificatePem, privateKeyPem);
}

function pairOf({ certificatePem, privateKeyPem }: IssuedCertificate): ClientCertificate {
  return { certificate: certificatePem, privateKey: privateKeyPem };
}

async function stored(
  directory: string,
  name: string,
  { authority, leaf }: { readonly authority: IssuedCertificate; readonly leaf: IssuedCertificate },
): Promise<CertificatePaths> {
  const paths = {
    certificate: join(directory, `${name}.crt`),
    key: join(directory, `${name}.key`),
    trust: join(directory, `${name}-ca.crt`),
  };
  await writeFile(paths.certificate, leaf.certificatePem);
  await writeFile(paths.key, leaf.privateKeyPem, { mode: 0o600 });
  await writeFile(paths.trust, authority.certificatePem);
  return paths;
}
