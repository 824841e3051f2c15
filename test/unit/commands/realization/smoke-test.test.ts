import { describe, expect, test } from '@jest/globals';
import type { UserProvidedCertificates } from '../../../../src/commands/issuance/user-provided.ts';
import { requireSmokeTestable } from '../../../../src/commands/realization/smoke-test.ts';
import { DAY_MS, makeAuthority, makeLeaf, NOW } from '../../support/issuance.ts';

async function userProvided(
  dnsNames: readonly string[],
  ipAddresses: readonly string[] = [],
): Promise<UserProvidedCertificates> {
  const { authority } = await makeAuthority();
  const { certificatePem, privateKeyPem } = await makeLeaf(authority, { subjectAltNames: { dnsNames, ipAddresses } });
  const notAfter = new Date(NOW.getTime() + DAY_MS);
  const server = { certificate: certificatePem, privateKey: privateKeyPem, trust: '', notAfter };
  return { server, route: undefined };
}

describe('a smoke test with a user-provided server certificate', () => {
  test.each<[string, Promise<UserProvidedCertificates>]>([
    ['localhost', userProvided(['nats.example', 'localhost'])],
    ['127.0.0.1', userProvided(['nats.example'], ['127.0.0.1'])],
  ])('runs if the certificate names %s', async (_, terms) => {
    const given = await terms;
    expect(() => requireSmokeTestable('true', given)).not.toThrow();
  });

  test('is refused if the certificate has no name for localhost', async () => {
    const given = await userProvided(['nats.example']);
    const refused = expect.objectContaining({ code: 'INPUT_INVALID' });
    expect(() => requireSmokeTestable('true', given)).toThrow(refused);
    expect(() => requireSmokeTestable(undefined, given)).not.toThrow();
  });
});
