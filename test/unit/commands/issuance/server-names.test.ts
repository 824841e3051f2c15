import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { GivenCa } from '../../../../src/commands/issuance/cas.ts';
import { describeOmittedNames, findOmittedServerNames } from '../../../../src/commands/issuance/cas.ts';
import { issueEphemeralLeaf, parseSigningCa } from '../../../../src/commands/issuance/signing.ts';
import { requireLoopbackName } from '../../../../src/commands/realization/smoke-test.ts';
import { parseCa } from '../../../../src/pki/ca.ts';
import { readEncodedParts } from '../../../../src/pki/certificate.ts';
import { signCrossCertificate } from '../../../../src/pki/cross-certificate.ts';
import { encodeBasicConstraints, encodeKeyUsage, encodeSubjectKeyId } from '../../../../src/pki/extensions.ts';
import { type CaRequest, issueCaCertificate } from '../../../../src/pki/issue.ts';
import { computeValidity, signCertificate } from '../../../../src/pki/signed-certificate.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';
import { certificateOf, certificatesOf, currentOf, DAY_MS, issue, NOW } from '../../support/issued-certificates.ts';
import { storedFrom } from '../../support/stored-material.ts';

const spec = clusterSpec();
const HOSTS = ['nats.messaging.svc', 'nats-0.messaging.svc', 'nats-1.messaging.svc', 'nats-2.messaging.svc'];

async function company(overrides: Partial<CaRequest> = {}): Promise<GivenCa> {
  const request = {
    commonName: 'company',
    keyAlgorithm: 'ecdsa-p256',
    pathLength: 1,
    serial: randomBytes(16),
  } as const;
  const issued = await issueCaCertificate({ ...request, ...computeValidity(NOW, 365 * DAY_MS), ...overrides });
  return { certificate: issued.certificatePem, privateKey: issued.privateKeyPem };
}

/** Makes a CA below a root whose path length allows none. */
async function tooDeep(): Promise<GivenCa> {
  const [root, below] = [await company({ pathLength: 1 }), await company({ commonName: 'below' })];
  const [above, own] = [root, below].map((each) => parseCa(each.certificate, each.privateKey));
  if (above === undefined || own === undefined) throw new Error('no CA');
  const terms = { serial: randomBytes(16), ...computeValidity(NOW, DAY_MS) };
  const cross = signCrossCertificate(above, own, terms);
  const shallow = shallowTwinOf(root);
  return { certificate: cross + shallow, privateKey: below.privateKey };
}

/** Makes the same root with path length 0, as a careless company does. */
function shallowTwinOf(root: GivenCa): string {
  const authority = parseCa(root.certificate, root.privateKey);
  const { publicKeyInfo } = readEncodedParts(authority.certificate);
  const extensions = [
    encodeBasicConstraints({ pathLength: 0 }),
    encodeKeyUsage(['keyCertSign']),
    encodeSubjectKeyId(authority.keyId),
  ];
  const terms = { serial: randomBytes(16), ...computeValidity(NOW, 365 * DAY_MS) };
  return signCertificate({ ...terms, subject: authority.name, publicKeyInfo, extensions }, authority);
}

describe('a user-provided CA that cannot sign', () => {
  const rows: readonly (readonly [string, () => Promise<GivenCa>, string, RegExp])[] = [
    [
      'expired',
      async () =>
        company({ notBefore: new Date(NOW.getTime() - 9 * DAY_MS), notAfter: new Date(NOW.getTime() - DAY_MS) }),
      'Expired',
      /^ca-certificate: .*CN=company expired at 2026-02-28 12:00 UTC/,
    ],
    [
      'not valid yet',
      async () => company({ notBefore: new Date(NOW.getTime() + DAY_MS) }),
      'NotYetValid',
      /^ca-certificate: .*valid only from 2026-03-02 12:00 UTC/,
    ],
    [
      'below a root that permits no CA below it',
      tooDeep,
      'PathTooLong',
      /^ca-certificate: .*allows 0 CAs below it, but there are 1/,
    ],
    [
      'with name constraints for other names',
      async () => company({ permittedDnsNames: ['example.com'] }),
      'NameNotPermitted',
      /^ca-certificate: .*nats\.messaging\.svc, nats-0\.messaging\.svc/,
    ],
  ];
  test.each(rows)('is refused by its input before anything is issued: %s', async (_, make, reason, message) => {
    await expect(issue(spec, undefined, { given: await make() })).rejects.toMatchObject({
      code: 'PKI_INVALID',
      reason,
      message: expect.stringMatching(message),
      details: { field: 'ca-certificate' },
    });
  });

  test('is refused with the names to remove and the names to permit', async () => {
    const given = await company({ permittedDnsNames: ['messaging.svc'] });
    const added = clusterSpec({ subjectAltNames: { dnsNames: ['nats.example.com'], ipAddresses: ['10.0.0.9'] } });
    await expect(issue(added, undefined, { given })).rejects.toMatchObject({
      message: expect.stringMatching(/: nats\.example\.com, 10\.0\.0\.9$/),
      hint: 'Remove nats.example.com, 10.0.0.9 from `subject-alt-names`.',
    });
    const other = await company({ permittedDnsNames: ['example.com'] });
    await expect(issue(added, undefined, { given: other })).rejects.toMatchObject({
      hint: expect.stringMatching(/^Use a CA whose name constraints permit messaging\.svc.*; remove 10\.0\.0\.9 from/),
    });
  });
});

describe('a CA with name constraints', () => {
  test('signs the names that servers need, and leaves out the others', async () => {
    const given = await company({ permittedDnsNames: ['messaging.svc'] });
    const { certificates, issued } = await issue(spec, undefined, { given });
    const { dnsNames, ipAddresses } = certificateOf(certificates.server.certificate);
    expect(dnsNames).toEqual([...HOSTS, '*.nats-headless.messaging.svc'].toSorted(byOrderIn(dnsNames)));
    expect(ipAddresses).toEqual([]);
    expect(issued).toHaveLength(4);
  });

  test('keeps its certificates in the next run, without its key', async () => {
    const given = await company({ permittedDnsNames: ['messaging.svc'] });
    const first = await issue(spec, undefined, { given });
    const current = { ...currentOf(first.certificates.authorities.client), privateKey: undefined };
    const stored = storedFrom(first, { clientCa: { phase: 'idle', current } });
    expect((await issue(spec, stored)).issued).toEqual([]);
  });

  test('reports every name that is left out, and refuses a smoke test that needs one of them', async () => {
    const given = await company({ permittedDnsNames: ['messaging.svc'] });
    const { certificates } = await issue(spec, undefined, { given });
    const omitted = findOmittedServerNames(spec, certificates.authorities.client);
    expect(omitted).toEqual(expect.arrayContaining(['nats', 'nats-0', 'nats.messaging', 'localhost', '127.0.0.1']));
    expect(omitted.some((name) => HOSTS.includes(name))).toBe(false);
    expect(describeOmittedNames(omitted)).toEqual([expect.stringContaining('localhost')]);
    const refused = expect.objectContaining({ code: 'INPUT_INVALID' });
    expect(() => requireLoopbackName('true', omitted)).toThrow(refused);
    expect(() => requireLoopbackName(undefined, omitted)).not.toThrow();
    expect(() => requireLoopbackName('true', ['localhost'])).not.toThrow();
  });

  test('signs the client certificate of the probe, which has no names', async () => {
    const given = await company({ permittedDnsNames: ['example.com'] });
    const authority = parseSigningCa(spec, 'client', { ...given, custody: 'user', cross: undefined });
    const leaf = await issueEphemeralLeaf(authority, spec, NOW);
    expect(certificateOf(leaf.certificate)).toMatchObject({ dnsNames: [], commonName: 'proof' });
  });

  test('leaves out and reports nothing if it permits all names', async () => {
    const { certificates } = await issue(spec, undefined, { given: await company() });
    expect(certificatesOf(certificates.server.certificate)[0]?.dnsNames).toContain('localhost');
    expect(describeOmittedNames(findOmittedServerNames(spec, certificates.authorities.client))).toEqual([]);
    expect(findOmittedServerNames(spec, undefined)).toEqual([]);
  });
});

test('a stored CA that has expired is reported with the way to replace it', async () => {
  const first = await issue(spec);
  await expect(issue(spec, storedFrom(first), { days: 1830 })).rejects.toMatchObject({
    code: 'PKI_INVALID',
    reason: 'Expired',
    message: expect.stringMatching(/^Secret messaging\/\S+ (client|route)-ca\.crt: .* expired at /),
    hint: expect.stringContaining('rotate'),
  });
});

function byOrderIn(names: readonly string[]): (left: string, right: string) => number {
  return (left, right) => names.indexOf(left) - names.indexOf(right);
}
