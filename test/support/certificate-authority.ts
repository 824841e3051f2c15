import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type KeyPair = { readonly key: string; readonly cert: string };

/** A CA made by OpenSSL, and the certificates it issues. */
export type CertificateAuthority = KeyPair & {
  /** SHA-256 of the certificate, in lower-case hex. */
  readonly fingerprint: string;
  /** Issues a certificate for 127.0.0.1. */
  readonly issueServer: () => KeyPair;
  readonly issueClient: (name: string) => KeyPair;
  readonly issueAuthority: (name: string) => CertificateAuthority;
};

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const CA_EXTENSIONS = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign';

/** Makes a self-signed CA. */
export function makeAuthority(name: string): CertificateAuthority {
  return openssl((folder, run) => {
    const extensions = CA_EXTENSIONS.split('\n').flatMap((line) => ['-addext', line]);
    run(
      'req',
      '-x509',
      ...KEY,
      '-keyout',
      join(folder, 'key'),
      '-out',
      join(folder, 'crt'),
      '-subj',
      `/CN=${name}`,
      ...extensions,
    );
    return authorityOf(readPair(folder));
  });
}

function authorityOf(pair: KeyPair): CertificateAuthority {
  const issue = (name: string, extensions: string): KeyPair =>
    openssl((folder, run) => {
      const at = (file: string): string => join(folder, file);
      writeFileSync(at('ca.crt'), pair.cert);
      writeFileSync(at('ca.key'), pair.key);
      writeFileSync(at('extensions'), extensions);
      run('req', '-new', ...KEY, '-keyout', at('key'), '-out', at('csr'), '-subj', `/CN=${name}`);
      const signer = ['-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('extensions')];
      run('x509', '-req', '-in', at('csr'), ...signer, '-days', '2', '-out', at('crt'));
      return readPair(folder);
    });
  return {
    ...pair,
    fingerprint: createHash('sha256').update(new X509Certificate(pair.cert).raw).digest('hex'),
    issueServer: () => issue('server', 'subjectAltName=IP:127.0.0.1,DNS:kubernetes\nextendedKeyUsage=serverAuth'),
    issueClient: (name) => issue(name, 'extendedKeyUsage=clientAuth'),
    issueAuthority: (name) => authorityOf(issue(name, CA_EXTENSIONS)),
  };
}

function readPair(folder: string): KeyPair {
  return { key: readFileSync(join(folder, 'key'), 'utf8'), cert: readFileSync(join(folder, 'crt'), 'utf8') };
}

function openssl<Made>(make: (folder: string, run: (...args: string[]) => void) => Made): Made {
  const folder = mkdtempSync(join(tmpdir(), 'authority-'));
  try {
    return make(folder, (...args) => void execFileSync('openssl', args, { stdio: 'ignore' }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
