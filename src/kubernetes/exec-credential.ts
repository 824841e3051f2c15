import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isRecord, parseJson, textOf } from '../objects/json.ts';
import { type Endpoint, splitCertificates } from './endpoint.ts';
import type { PluginConfig } from './plugin-config.ts';
import { isHeaderToken } from './user-entry.ts';

/** The credential of a plugin: client.authentication.k8s.io/v1 ExecCredentialStatus. */
export type ExecCredential = {
  readonly token: string | undefined;
  /** PEM. */
  readonly certificate: { readonly cert: string; readonly key: string } | undefined;
  /** Milliseconds since 1970; infinity if the credential does not expire. */
  readonly expiresAt: number;
};

/**
 * Returns the value of KUBERNETES_EXEC_INFO: the ExecCredential with which a plugin is asked, including the cluster if
 * the kubeconfig sets `provideClusterInfo` (client-go, `rest/exec.go` ConfigToExecCluster).
 */
export function encodeExecInfo(
  { apiVersion, provideClusterInfo }: Pick<PluginConfig, 'apiVersion' | 'provideClusterInfo'>,
  endpoint: Endpoint,
): string {
  const cluster = provideClusterInfo ? { cluster: encodeCluster(endpoint) } : {};
  return JSON.stringify({ kind: 'ExecCredential', apiVersion, spec: { ...cluster, interactive: false } });
}

function encodeCluster({ server, tlsServerName, isInsecure, ca, stated }: Endpoint): object {
  return {
    server,
    ...(tlsServerName === undefined ? {} : { 'tls-server-name': tlsServerName }),
    ...(isInsecure ? { 'insecure-skip-tls-verify': true } : {}),
    ...(ca === undefined ? {} : { 'certificate-authority-data': Buffer.from(ca, 'utf8').toString('base64') }),
    ...(stated.proxyUrl === undefined ? {} : { 'proxy-url': stated.proxyUrl }),
    ...(stated.disableCompression ? { 'disable-compression': true } : {}),
    ...(stated.pluginConfig === undefined ? {} : { config: stated.pluginConfig }),
  };
}

/**
 * Decodes the output of a plugin, by the rules of client-go (`plugin/pkg/client/auth/exec/exec.go`,
 * refreshCredsLocked). Returns a sentence about the problem if the output is invalid; it never quotes the text because
 * it holds the token.
 */
export function decodeExecCredential(text: string, apiVersion: string): ExecCredential | string {
  const answer = parseJson(text);
  if (!isRecord(answer)) return 'wrote no JSON object to its standard output';
  if (answer['kind'] !== 'ExecCredential') return 'wrote an object whose `kind` is not `ExecCredential`';
  if (answer['apiVersion'] !== apiVersion)
    return `wrote another \`apiVersion\` than ${apiVersion}, which the kubeconfig asks for`;
  const { status } = answer;
  if (!isRecord(status)) return 'wrote an ExecCredential without a `status`';
  const token = textOf(status['token']) || undefined;
  const [cert, key] = [
    textOf(status['clientCertificateData']) || undefined,
    textOf(status['clientKeyData']) || undefined,
  ];
  if (token === undefined && cert === undefined && key === undefined) return 'gave neither a token nor a certificate';
  if (token !== undefined && !isHeaderToken(token))
    return 'gave a token with a line break or another character that no HTTP header can carry';
  if ((cert === undefined) !== (key === undefined)) return 'gave a certificate or a key, not both';
  const certificate = cert === undefined || key === undefined ? undefined : { cert, key };
  if (certificate !== undefined && !isPair(certificate)) return 'gave a certificate and a key that are not a PEM pair';
  const expiry = status['expirationTimestamp'];
  const expiresAt =
    expiry === undefined || expiry === null ? Number.POSITIVE_INFINITY : Date.parse(textOf(expiry) ?? '');
  if (Number.isNaN(expiresAt)) return 'gave an `expirationTimestamp` that is not a time';
  return { token, certificate, expiresAt };
}

function isPair({ cert, key }: { readonly cert: string; readonly key: string }): boolean {
  try {
    return splitCertificates(cert).length > 0 && new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false; // The text is not PEM; the caller reports it.
  }
}
