import { markForeignText } from '../secrets/likely-secrets.ts';

/** The reason why one exchange with one server failed. A polling gate decides by `reason` whether to wait. */
export type ServerFailure = {
  readonly reason:
    | 'Unreachable'
    /**
     * The server sent `-ERR` in plaintext and closed before TLS. It refuses all clients in this way, including users of
     * the system account.
     */
    | 'ConnectionRefused'
    /** The server sent its greeting and then ended the connection before authentication, without a reason. */
    | 'HandshakeBroken'
    | 'TlsNotOffered'
    | 'TlsUntrusted'
    | 'TlsNameMismatch'
    | 'TlsExpired'
    | 'ClientCertificateRefused'
    | 'AuthorizationViolation'
    | 'PermissionsViolation'
    | 'NoResponders'
    /** The server understood the request and answered with an error of its own, for example to RELOAD. */
    | 'RequestRefused'
    | 'Timeout'
    | 'ProtocolError';
  /** The message; it never contains a password or key. */
  readonly message: string;
  readonly cause?: unknown;
};

/** The answers to a client that is not a user of the system account. */
const REFUSALS: readonly ServerFailure['reason'][] = ['AuthorizationViolation', 'PermissionsViolation', 'NoResponders'];

/** Checks whether the server understood the request but refuses to answer this user. */
export function isRefusal({ reason }: ServerFailure): boolean {
  return REFUSALS.includes(reason);
}

export type ServerResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: ServerFailure };

export function succeed<Value>(value: Value): ServerResult<Value> {
  return { ok: true, value };
}

export function fail(reason: ServerFailure['reason'], message: string, cause?: unknown): ServerResult<never> {
  const kept = markForeignText(message);
  return { ok: false, failure: cause === undefined ? { reason, message: kept } : { reason, message: kept, cause } };
}

/**
 * A pattern for alerts *received* from the peer (OpenSSL reason strings as Node spells them): it refused our
 * certificate.
 */
const CERTIFICATE_ALERT =
  /ALERT_(?:BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(?:REVOKED|EXPIRED|UNKNOWN|REQUIRED)|UNKNOWN_CA|ACCESS_DENIED)$/;

/** The X509_V_ERR names of Node's `tls` (node/src/crypto/crypto_common.cc) for a chain that leads to no trusted CA. */
const UNTRUSTED = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'CERT_SIGNATURE_FAILURE',
  'CERT_CHAIN_TOO_LONG',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
]);

/**
 * Converts an error of a socket or of `tls` to a failure. It never throws, because event listeners call it: a
 * port-forward that opened and then broke is one server's failure, not the run's.
 */
export function convertSocketError(error: unknown): ServerResult<never> {
  const code = readTextField(error, 'code');
  const message = readTextField(error, 'message') || 'the connection failed';
  return fail(classifyCode(code), code === '' || message.includes(code) ? message : `${message} (${code})`, error);
}

function classifyCode(code: string): ServerFailure['reason'] {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return 'TlsNameMismatch';
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return 'TlsExpired';
  }
  if (UNTRUSTED.has(code)) {
    return 'TlsUntrusted';
  }
  if (CERTIFICATE_ALERT.test(code)) {
    return 'ClientCertificateRefused';
  }
  return code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') ? 'ProtocolError' : 'Unreachable';
}

/** Converts an error of `@nats-io/nats-core` to a failure, by the name of the error. */
export function convertClientError(error: unknown): ServerResult<never> {
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
  for (const candidate of [error, cause]) {
    const message = readTextField(candidate, 'message');
    // A timeout is not a refusal of the user: the client or the server was too slow (nats-server `authTimeout`).
    if (/authentication timeout/i.test(message)) {
      return fail('HandshakeBroken', `the server answered "${message}"`, error);
    }
    switch (readTextField(candidate, 'name')) {
      case 'AuthorizationError':
      case 'UserAuthenticationExpiredError':
        return fail('AuthorizationViolation', `the server answered "${message}"`, error);
      case 'PermissionViolationError':
        return fail('PermissionsViolation', `the server answered "${message}"`, error);
      case 'NoResponders':
        return fail('NoResponders', message, error);
      case 'TimeoutError':
        return fail('Timeout', 'the server did not answer in time', error);
      case 'ProtocolError':
        return fail('ProtocolError', message, error);
      default:
        break;
    }
  }
  return convertSocketError(error);
}

function readTextField(value: unknown, field: 'code' | 'message' | 'name'): string {
  if (typeof value !== 'object' || value === null || !(field in value)) {
    return '';
  }
  const text: unknown = Reflect.get(value, field);
  return typeof text === 'string' ? text : '';
}

/**
 * Runs `work` until it answers, `timeoutMs` pass (a `Timeout` failure) or `signal` aborts (its reason is thrown). In
 * the last two cases the signal given to `work` is aborted, and `work` closes what it opened. The timer keeps the
 * process alive: a stream that never answers must end in an error, not in a silent exit.
 */
export async function runWithDeadline<Value>(
  signal: AbortSignal,
  timeoutMs: number,
  operation: string,
  work: (signal: AbortSignal) => Promise<ServerResult<Value>>,
): Promise<ServerResult<Value>> {
  signal.throwIfAborted();
  const ended = new AbortController();
  const { promise: interrupted, resolve, reject } = Promise.withResolvers<ServerResult<never>>();
  const cancel = () => {
    reject(signal.reason);
    ended.abort(signal.reason);
  };
  const timer = setTimeout(() => {
    resolve(fail('Timeout', `${operation} took longer than ${timeoutMs} ms`));
    ended.abort(new DOMException(operation, 'TimeoutError'));
  }, timeoutMs);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await Promise.race([interrupted, work(ended.signal)]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  }
}
