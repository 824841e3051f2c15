import { ActionError } from '../errors/action-error.ts';

/**
 * The cause of a failed connection, from the codes of Node (`node:dns`, `node:net`, OpenSSL's X509_V_ERR_*) and undici.
 */
export type NetworkFailure =
  | 'refused'
  | 'name'
  | 'unroutable'
  | 'timeout'
  | 'reset'
  | 'ca'
  | 'server-name'
  | 'validity'
  | 'client-certificate'
  | 'protocol'
  | 'other';

const FAILURES: Readonly<Record<string, NetworkFailure>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'name',
  EAI_AGAIN: 'name',
  EHOSTUNREACH: 'unroutable',
  ENETUNREACH: 'unroutable',
  EADDRNOTAVAIL: 'unroutable',
  ETIMEDOUT: 'timeout',
  TimeoutError: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_CLOSED: 'reset',
  SELF_SIGNED_CERT_IN_CHAIN: 'ca',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'ca',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'ca',
  UNABLE_TO_GET_ISSUER_CERT: 'ca',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'ca',
  CERT_SIGNATURE_FAILURE: 'ca',
  CERT_UNTRUSTED: 'ca',
  ERR_TLS_CERT_ALTNAME_INVALID: 'server-name',
  CERT_HAS_EXPIRED: 'validity',
  CERT_NOT_YET_VALID: 'validity',
  EPROTO: 'protocol',
  HPE_INVALID_CONSTANT: 'protocol',
};

const HINTS: Readonly<Record<NetworkFailure, string>> = {
  refused: 'Check host and port of `server:` in the kubeconfig, and that the API server runs.',
  name: 'Check the host of `server:` in the kubeconfig; a private cluster may resolve only on a self-hosted runner.',
  unroutable:
    'No route from this runner: use a self-hosted runner in the cluster’s network, or set `proxy-url` or HTTPS_PROXY.',
  timeout:
    'A firewall may drop the packets: allow this runner’s address, use a self-hosted runner, or set `proxy-url` or HTTPS_PROXY.',
  reset:
    'Run the step again. If the connection breaks again, check the API server, its load balancer and any proxy on the way.',
  ca: 'Put the CA that signed the API server’s certificate into `certificate-authority-data` of the kubeconfig.',
  'server-name': 'Use a host in `server:` that the certificate names, or set `tls-server-name` in the kubeconfig.',
  validity: 'The API server’s certificate is outside its validity: renew it, and check the clock of this runner.',
  'client-certificate': 'The API server refuses the client certificate of the kubeconfig: put a fresh one into it.',
  protocol: 'The server does not use TLS: check scheme and port of `server:` in the kubeconfig.',
  other: 'Check `server:` in the kubeconfig and the network between this runner and the cluster.',
};

/** Returns the first code that explains the failure. It searches causes and the several addresses of one host. */
export function classifyNetworkFailure(error: unknown): NetworkFailure {
  return searchFailure(error, 0) ?? 'other';
}

/**
 * Converts a request without an answer to our error. `error` stays its cause, because such errors never hold
 * credentials.
 */
export function createNetworkError(server: string, error: unknown): ActionError {
  const failure = classifyNetworkFailure(error);
  const message = `${server} is not reachable: ${describeError(error)}.`;
  if (failure === 'client-certificate') {
    const fields = { reason: 'ClientCertificate', hint: HINTS[failure], details: { server }, cause: error };
    return new ActionError('UNAUTHENTICATED', message, fields);
  }
  return new ActionError('CLUSTER_UNREACHABLE', message, {
    reason: REASONS[failure],
    hint: HINTS[failure],
    details: { server },
    cause: error,
  });
}

const REASONS: Readonly<Record<Exclude<NetworkFailure, 'client-certificate'>, string>> = {
  refused: 'ConnectionRefused',
  name: 'NameNotResolved',
  unroutable: 'NoRoute',
  timeout: 'Timeout',
  reset: 'ConnectionReset',
  ca: 'UnknownAuthority',
  'server-name': 'ServerName',
  validity: 'CertificateValidity',
  protocol: 'Protocol',
  other: 'Network',
};

const MAX_DEPTH = 5; // A cause may name itself.

function searchFailure(error: unknown, depth: number): NetworkFailure | undefined {
  if (!Error.isError(error) || depth > MAX_DEPTH) return undefined;
  const own = classifyCode(codeOf(error)) ?? classifyCode(error.name);
  if (own !== undefined) return own;
  const nested: readonly unknown[] = 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
  for (const inner of [error.cause, ...nested]) {
    const found = searchFailure(inner, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function classifyCode(code: string): NetworkFailure | undefined {
  // This is the peer's alert, not our own check: it requested a client certificate and rejected ours.
  if (/^ERR_SSL_.*ALERT_(BAD_CERTIFICATE|CERTIFICATE_|UNKNOWN_CA|UNSUPPORTED_CERT)/.test(code))
    return 'client-certificate';
  if (code.startsWith('ERR_SSL_')) return 'protocol';
  return Object.hasOwn(FAILURES, code) ? FAILURES[code] : undefined;
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function describeError(error: unknown): string {
  if (!Error.isError(error)) return 'the connection failed';
  if (error.message === '' || error.message === 'fetch failed') {
    return error.cause === undefined ? codeOf(error) || error.name : describeError(error.cause);
  }
  return error.message;
}
