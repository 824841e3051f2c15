import { describe, expect, test } from '@jest/globals';
import { ActionError } from '../../../src/errors/action-error.ts';
import { convertClientError, convertSocketError } from '../../../src/servers/failure.ts';

const reasonOf = (result: ReturnType<typeof convertSocketError>) => (result.ok ? undefined : result.failure.reason);

describe('a connection failure', () => {
  test.each([
    ['ECONNREFUSED', 'Unreachable'],
    ['ECONNRESET', 'Unreachable'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'TlsNameMismatch'],
    ['CERT_HAS_EXPIRED', 'TlsExpired'],
    ['CERT_NOT_YET_VALID', 'TlsExpired'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'TlsUntrusted'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'TlsUntrusted'],
    ['INVALID_PURPOSE', 'TlsUntrusted'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'ClientCertificateRefused'],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'ClientCertificateRefused'],
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', 'ClientCertificateRefused'],
    ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'ClientCertificateRefused'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'ProtocolError'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'ProtocolError'],
    ['ERR_TLS_HANDSHAKE_TIMEOUT', 'ProtocolError'],
    ['', 'Unreachable'],
  ])('with code "%s" has the reason %s', (code, reason) => {
    expect(reasonOf(convertSocketError(Object.assign(new Error('broken'), { code })))).toBe(reason);
  });

  test.each([undefined, null, 'text', 7, {}, { code: 7, message: [] }])('made of %p is reported too', (thrown) => {
    expect(convertSocketError(thrown)).toMatchObject({ ok: false, failure: { reason: 'Unreachable' } });
  });

  test.each([undefined, null, 'text', 7, { cause: null }])(
    'of the client library that is %p is reported too',
    (thrown) => {
      expect(convertClientError(thrown)).toMatchObject({ ok: false, failure: { reason: 'Unreachable' } });
    },
  );

  test.each([
    [{ message: 'broken', code: 'EPIPE' }, 'broken (EPIPE)'],
    [{ message: 'write EPIPE', code: 'EPIPE' }, 'write EPIPE'],
    [{ message: 'broken' }, 'broken'],
  ])('has its code once: %j', (thrown, message) => {
    expect(convertSocketError(thrown)).toMatchObject({ failure: { message } });
  });

  // An error that a listener of the stream throws would end the whole run.
  test('that is an ActionError, as of a broken port-forward, is reported like others', () => {
    const error = new ActionError('CLUSTER_UNREACHABLE', 'it ended', { hint: 'look', details: { server: 'x' } });
    expect(reasonOf(convertSocketError(error))).toBe('Unreachable');
  });

  test.each([
    ['AuthorizationError', 'AuthorizationViolation'],
    ['UserAuthenticationExpiredError', 'AuthorizationViolation'],
    ['PermissionViolationError', 'PermissionsViolation'],
    ['NoResponders', 'NoResponders'],
    ['TimeoutError', 'Timeout'],
    ['ProtocolError', 'ProtocolError'],
    ['Error', 'Unreachable'],
  ])('named %s by the client library, directly or as a cause, has the reason %s', (name, reason) => {
    const error = Object.assign(new Error('told'), { name });
    expect(reasonOf(convertClientError(error))).toBe(reason);
    expect(reasonOf(convertClientError(new Error('wrapped', { cause: error })))).toBe(reason);
  });

  test('does not count as a rejection if it was a timeout', () => {
    const error = Object.assign(new Error('Authentication Timeout'), { name: 'AuthorizationError' });
    expect(reasonOf(convertClientError(error))).toBe('HandshakeBroken');
  });
});
