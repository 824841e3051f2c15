import { describe, expect, test } from '@jest/globals';
import { decodeExecCredential } from '../../../src/kubernetes/exec-credential.ts';
import { makeCertificate } from '../../integration/kubernetes/fake-api-server.ts';

const apiVersion = 'client.authentication.k8s.io/v1';
const [{ cert, key }, other] = [makeCertificate(), makeCertificate()];
const decode = (status: object) =>
  decodeExecCredential(JSON.stringify({ kind: 'ExecCredential', apiVersion, status }), apiVersion);

describe('the credential of a plugin', () => {
  const never = Number.POSITIVE_INFINITY;

  test.each<[string, object, object]>([
    ['a token', { token: 't' }, { token: 't', certificate: undefined, expiresAt: never }],
    [
      'a certificate with its key',
      { clientCertificateData: cert, clientKeyData: key },
      { token: undefined, certificate: { cert, key }, expiresAt: never },
    ],
    [
      'a token and a certificate',
      { token: 't', clientCertificateData: cert, clientKeyData: key },
      { token: 't', certificate: { cert, key } },
    ],
    [
      'empty certificates, which count as absent',
      { token: 't', clientCertificateData: '', clientKeyData: '' },
      { certificate: undefined },
    ],
    ['an expiry', { token: 't', expirationTimestamp: '1970-01-01T00:00:01Z' }, { expiresAt: 1000 }],
    ['an expiry of null, which is none', { token: 't', expirationTimestamp: null }, { expiresAt: never }],
  ])('may have %s', (_rule, status, credential) => {
    expect(decode(status)).toMatchObject(credential);
  });

  test.each<[string, object]>([
    ['an empty token alone', { token: '' }],
    ['a token of another type', { token: 7 }],
    ['a token with a space', { token: 'a b' }],
    ['a token and a certificate without its key', { token: 't', clientCertificateData: cert }],
    ['a token and a key without its certificate', { token: 't', clientKeyData: key }],
    ['the key of another certificate', { clientCertificateData: cert, clientKeyData: other.key }],
    [
      'a certificate with another label',
      { clientCertificateData: cert.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE'), clientKeyData: key },
    ],
    ['an expiry of another type', { token: 't', expirationTimestamp: 4_000_000_000 }],
    ['an empty expiry', { token: 't', expirationTimestamp: '' }],
  ])('is refused with %s', (_rule, status) => {
    expect(typeof decode(status)).toBe('string');
  });
});

describe('the response of a credential plugin', () => {
  const answer = (more: object): string => JSON.stringify({ kind: 'ExecCredential', apiVersion, ...more });

  test.each<[string, string, RegExp]>([
    ['is not JSON', 'token: CANARY', /no JSON object/],
    ['is a list', '["CANARY"]', /no JSON object/],
    ['is empty', '', /no JSON object/],
    ['is {}', '{}', /`kind`/],
    ['has another kind', answer({ kind: 'TokenReview', status: { token: 'CANARY' } }), /`kind`/],
    [
      'has another API version',
      answer({ apiVersion: 'client.authentication.k8s.io/v1beta1', status: { token: 'CANARY' } }),
      /another `apiVersion` than client/,
    ],
    ['has no status', answer({ spec: { token: 'CANARY' } }), /without a `status`/],
    ['has an empty status', answer({ status: {} }), /neither a token nor/],
    ['has a misspelt token', answer({ status: { tokken: 'CANARY' } }), /neither a token nor/],
    ['has a token of two lines', answer({ status: { token: 'CANARY\nX' } }), /line break/],
    ['has a certificate without its key', answer({ status: { clientCertificateData: 'CANARY' } }), /not both/],
    ['has a key without its certificate', answer({ status: { clientKeyData: 'CANARY' } }), /not both/],
    [
      'has a certificate that is not PEM',
      answer({ status: { clientCertificateData: 'CANARY', clientKeyData: 'CANARY' } }),
      /not a PEM pair/,
    ],
    ['has an invalid expiry', answer({ status: { token: 'CANARY', expirationTimestamp: 'soon' } }), /not a time/],
  ])('is refused without being quoted if it %s', (_rule, text, problem) => {
    const decoded = decodeExecCredential(text, apiVersion);
    expect(decoded).toMatch(problem);
    expect(decoded).not.toContain('CANARY');
  });
});
