import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { recordOf, recordsOf } from '../objects/json.ts';
import type { Entry } from './kubeconfig-content.ts';
import type { Fields, Trouble } from './kubeconfig-fields.ts';
import { type Environment, isLoopback, selectProxy } from './proxy.ts';

/** The address of an API server, and the data that verifies it. */
export type Endpoint = {
  /** The URL without a trailing slash, user or query. */
  readonly server: string;
  /** The name that the server's certificate must have, if it differs from the URL's host. */
  readonly tlsServerName: string | undefined;
  /** True if the server's certificate is not verified. */
  readonly isInsecure: boolean;
  /** PEM of the CAs that may have issued the server's certificate; undefined: the CAs that the runner trusts. */
  readonly ca: string | undefined;
  /** `http:`, `https:` or `socks5:`, from the kubeconfig or the environment. */
  readonly proxyUrl: string | undefined;
  /** Other fields of the kubeconfig, for credential plugins with `provideClusterInfo`. */
  readonly stated: {
    readonly proxyUrl: string | undefined;
    readonly disableCompression: boolean;
    /** The extension `client.authentication.k8s.io/exec`. */
    readonly pluginConfig: unknown;
  };
};

const PROXY_SCHEMES: ReadonlySet<string> = new Set(['http:', 'https:', 'socks5:']);
const PLUGIN_EXTENSION = 'client.authentication.k8s.io/exec';

/**
 * Decodes a `cluster` of a kubeconfig, by the rules of client-go (`clientcmd/validation.go`, `transport/transport.go`).
 *
 * @throws ActionError INPUT_INVALID naming the field that cannot be honoured.
 */
export function decodeEndpoint({ fields, directory }: Entry, env: Environment, trouble: Trouble): Endpoint {
  const url = decodeServer(fields);
  const isInsecure = fields.flag('insecure-skip-tls-verify');
  const ca = decodeCa(fields, directory);
  if (isInsecure && ca !== undefined) {
    throw fields.refuse(
      'insecure-skip-tls-verify',
      'is set together with a CA, which would then not be used',
      '`certificate-authority-data` without `insecure-skip-tls-verify`',
    );
  }
  if (isInsecure && url.protocol === 'https:') {
    trouble.warn(
      '`insecure-skip-tls-verify` is set: any server that answers in place of the API server receives the credentials; use `certificate-authority-data` instead',
    );
  }
  const proxyUrl = decodeProxy(fields);
  return {
    server: `${url.origin}${url.pathname}`.replace(/(?<!\/)\/+$/, ''),
    tlsServerName: fields.text('tls-server-name'),
    isInsecure,
    ca,
    proxyUrl: proxyUrl ?? selectProxy(url, env),
    stated: {
      proxyUrl,
      disableCompression: fields.flag('disable-compression'),
      pluginConfig: readPluginConfig(fields),
    },
  };
}

function decodeServer(fields: Fields): URL {
  const expected = 'server: https://host:6443';
  const text = fields.text('server');
  if (text === undefined) throw fields.refuse('server', 'is missing', expected);
  const url = URL.parse(text);
  if (url === null || !['https:', 'http:'].includes(url.protocol))
    throw fields.refuse('server', 'is not an http or https URL', expected);
  if (url.username !== '' || url.password !== '')
    throw fields.refuse('server', 'holds a user or a password', `${expected}, and the credentials in \`users\``);
  if (url.search !== '' || url.hash !== '') throw fields.refuse('server', 'holds a query or a fragment', expected);
  return url;
}

/** Checks whether requests cannot leave this machine unencrypted. */
export function isConfidential({ server, proxyUrl }: Pick<Endpoint, 'server' | 'proxyUrl'>): boolean {
  const { protocol, hostname } = new URL(server);
  return protocol === 'https:' || (isLoopback(hostname) && proxyUrl === undefined);
}

function decodeProxy(fields: Fields): string | undefined {
  const text = fields.text('proxy-url');
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (url !== null && PROXY_SCHEMES.has(url.protocol) && url.hostname !== '') return text;
  throw fields.refuse('proxy-url', 'is not an http, https or socks5 URL', 'proxy-url: http://proxy.example.com:3128');
}

/**
 * Reads the CA bundle once, so that the bundle compared with `expected-cluster` is also the one that verifies the
 * server.
 */
function decodeCa(fields: Fields, directory: string): string | undefined {
  const pem = readMaterial(fields, 'certificate-authority', directory)?.read();
  if (pem !== undefined && splitCertificates(pem).length === 0)
    throw fields.refuse('certificate-authority', 'holds no readable PEM certificate', 'a PEM bundle');
  return pem;
}

/** PEM of a certificate or key; a file is read again each time because another process may renew it. */
export type Material = { readonly read: () => string };

/**
 * Reads `<name>-data` (base64) or the file `<name>`; undefined if both are absent.
 * @throws ActionError INPUT_INVALID when both are given, or it cannot be read.
 */
export function readMaterial(fields: Fields, name: string, directory: string): Material | undefined {
  const [data, file] = [fields.text(`${name}-data`), fields.text(name)];
  if (data !== undefined && file !== undefined)
    throw fields.refuse(name, `and \`${name}-data\` are both set`, `only one of them`);
  if (data !== undefined) {
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(data.replaceAll(/\s/g, '')))
      throw fields.refuse(`${name}-data`, 'is not base64', 'PEM as base64');
    const text = Buffer.from(data, 'base64').toString('utf8');
    return { read: () => text };
  }
  if (file === undefined) return undefined;
  const path = resolve(directory, file);
  return {
    read: () => {
      try {
        return readFileSync(path, 'utf8');
      } catch (error) {
        const code = Error.isError(error) && 'code' in error ? String(error.code) : 'unknown error';
        throw fields.refuse(name, `names a file that cannot be read (${code}): ${path}`, 'a readable file', error);
      }
    },
  };
}

/** Returns the certificates of a PEM bundle; it leaves out unreadable ones, as Go does. */
export function splitCertificates(bundle: string): readonly X509Certificate[] {
  const certificates = bundle.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return certificates.flatMap((pem) => {
    try {
      return [new X509Certificate(pem)];
    } catch {
      return []; // Go's crypto/x509 CertPool.AppendCertsFromPEM skips it, too.
    }
  });
}

/** Returns the SHA-256 of a certificate's DER, in lower-case hex. */
export function fingerprintOf(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase();
}

function readPluginConfig(fields: Fields): unknown {
  const named = recordsOf(fields.list('extensions')).find(({ name }) => name === PLUGIN_EXTENSION);
  return recordOf(named)['extension'];
}
