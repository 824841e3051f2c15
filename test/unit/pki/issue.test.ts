import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SubjectAltNames } from '../../../src/cluster/spec.ts';
import { subjectAltNames } from '../../../src/inputs/grammar/certificate.ts';
import { bundleTrust } from '../../../src/pki/certificate.ts';
import { canonicalizeIpAddress } from '../../../src/pki/ip-address.ts';
import type { LeafRequest } from '../../../src/pki/issue.ts';
import { KEY_ALGORITHMS } from '../../../src/pki/key-algorithm.ts';
import { type IssuedAuthority, makeAuthority, makeLeaf, NOW } from '../support/issuance.ts';
import { refusedField } from '../support/refusal.ts';

let root: IssuedAuthority;
beforeAll(async () => {
  root = await makeAuthority();
});

const names = (dnsNames: readonly string[], ipAddresses: readonly string[] = []) => ({
  subjectAltNames: { dnsNames, ipAddresses },
});

describe('a new leaf certificate', () => {
  test.each(KEY_ALGORITHMS.filter((algorithm) => algorithm !== 'rsa-4096'))(
    'has the requested fields with %s',
    async (keyAlgorithm) => {
      const { leaf, privateKeyPem } = await makeLeaf(root.authority, { keyAlgorithm });
      const rsa = keyAlgorithm.startsWith('rsa');
      expect(leaf).toMatchObject({
        subject: 'CN=nats-0',
        issuer: 'CN=nats authority',
        commonName: 'nats-0',
        isCa: false,
        pathLength: undefined,
        keyAlgorithm,
        keyUsage: rsa ? ['digitalSignature', 'keyEncipherment'] : ['digitalSignature'],
        extendedKeyUsage: ['serverAuth', 'clientAuth'],
        dnsNames: ['nats-0.example.svc', 'localhost'],
        ipAddresses: ['127.0.0.1', '::1'],
        authorityKeyId: root.authority.certificate.subjectKeyId,
      });
      expect(privateKeyPem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    },
  );

  test('has its random serial number as a positive number', async () => {
    const { leaf } = await makeLeaf(root.authority, { serial: Buffer.alloc(16, 0xff) });
    expect(leaf.serial).toBe(`7f${'ff'.repeat(15)}`);
    const small = await makeLeaf(root.authority, { serial: Buffer.concat([Buffer.alloc(14), Buffer.of(0x80, 1)]) });
    expect(small.leaf.serial).toBe('8001');
  });

  test.each(['2049-12-31T23:59:59Z', '2050-01-01T00:00:00Z', '2051-02-03T04:05:06Z', '9999-12-31T23:59:59Z'])(
    'may end at %s',
    async (end) => {
      const notAfter = new Date(end);
      const { leaf, certificatePem } = await makeLeaf(root.authority, { notAfter });
      expect(leaf.notAfter).toEqual(notAfter);
      expect(new X509Certificate(certificatePem).validToDate).toEqual(notAfter);
    },
  );

  test('may begin in 1950', async () => {
    const notBefore = new Date('1950-01-01T00:00:00Z');
    expect((await makeLeaf(root.authority, { notBefore })).leaf.notBefore).toEqual(notBefore);
  });

  test('has its names in a critical extension if its subject is empty', async () => {
    const { leaf, certificatePem } = await makeLeaf(root.authority, { commonName: '' });
    expect(leaf).toMatchObject({ subject: '', commonName: undefined, dnsNames: ['nats-0.example.svc', 'localhost'] });
    expect(new X509Certificate(certificatePem).raw.toString('hex')).toContain('0603551d110101ff');
  });

  test('needs no address if it is only for a client', async () => {
    const { leaf } = await makeLeaf(root.authority, { ...names([]), usages: ['clientAuth'] });
    expect(leaf).toMatchObject({ dnsNames: [], extendedKeyUsage: ['clientAuth'], encodedAltNames: undefined });
  });

  test('has an RSA key that only signs if it is only for a client', async () => {
    const { leaf } = await makeLeaf(root.authority, { keyAlgorithm: 'rsa-2048', usages: ['clientAuth'] });
    expect(leaf.keyUsage).toEqual(['digitalSignature']);
  });

  test('does not mark its purposes as critical', async () => {
    const { certificatePem } = await makeLeaf(root.authority);
    const hex = new X509Certificate(certificatePem).raw.toString('hex');
    expect(hex).toContain('0603551d0f0101ff');
    expect(hex).not.toContain('0603551d250101ff');
  });

  const rows: readonly (readonly [string, Partial<LeafRequest>, string])[] = [
    ['no name at all', names([]), 'subjectAltNames'],
    ['no name at all for a client', { ...names([]), commonName: '', usages: ['clientAuth'] }, 'subjectAltNames'],
    ['no usage', { usages: [] }, 'usages'],
    ['a serial of 8 bytes', { serial: Buffer.alloc(8, 1) }, 'serial'],
    ['a serial of zero', { serial: Buffer.alloc(16) }, 'serial'],
    ['a serial of zero apart from its top bit', { serial: Buffer.from('80'.padEnd(32, '0'), 'hex') }, 'serial'],
    ['an end at its beginning', { notBefore: NOW, notAfter: NOW }, 'validity'],
    ['a beginning before 1950', { notBefore: new Date('1949-12-31T23:59:59Z') }, 'validity'],
    ['an end after 9999', { notAfter: new Date('+010000-01-01T00:00:00Z') }, 'validity'],
    ['an end before the beginning', { notAfter: new Date(0) }, 'validity'],
    ['an invalid date', { notAfter: new Date(Number.NaN) }, 'validity'],
    ['a control character in its name', { commonName: 'a\nb' }, 'commonName'],
    ['half a surrogate pair in its name', { commonName: '\ud800' }, 'commonName'],
    ['a name with a space', names(['a b']), 'subjectAltNames.dnsNames'],
    ['a wildcard that is not the first label', names(['a.*.b']), 'subjectAltNames.dnsNames'],
    ['a wildcard within a label', names(['a*.b']), 'subjectAltNames.dnsNames'],
    ['an address as a DNS name', names(['10.0.0.1']), 'subjectAltNames.dnsNames'],
    ['a DNS name as an address', names([], ['localhost']), 'subjectAltNames.ipAddresses'],
    ['an address with a zone', names([], ['fe80::1%eth0']), 'subjectAltNames.ipAddresses'],
  ];
  test.each(rows)('is refused with %s', async (_, overrides, field) => {
    expect(await refusedField(() => makeLeaf(root.authority, overrides))).toBe(field);
  });

  test('has exactly the requested names, as OpenSSL reads them', async () => {
    const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$/);
    const dnsName = fc
      .tuple(fc.boolean(), fc.array(label, { minLength: 2, maxLength: 5 }))
      .map(([wild, labels]) => (wild ? '*.' : '') + labels.join('.'));
    const dns = fc.uniqueArray(dnsName, { minLength: 1, maxLength: 8 });
    const ips = fc.uniqueArray(fc.oneof(fc.ipV4(), fc.ipV6()), { maxLength: 8 });
    const commonName = fc
      .string({ unit: 'grapheme', maxLength: 10 })
      .filter((name) => Array.from(name).length <= 64 && !/\p{Cc}/u.test(name));
    await fc.assert(
      fc.asyncProperty(dns, ips, commonName, async (dnsNames, ipAddresses, name) => {
        const { leaf } = await makeLeaf(root.authority, { ...names(dnsNames, ipAddresses), commonName: name });
        const wantedIps = [...new Set(ipAddresses.map(canonicalizeIpAddress))];
        expect(leaf.dnsNames).toEqual(dnsNames);
        expect(leaf.ipAddresses).toEqual(wantedIps);
        expect(leaf.commonName ?? '').toBe(name);
        const x509 = new X509Certificate(leaf.pem);
        for (const dnsName of dnsNames) expect(x509.checkHost(dnsName.replace('*', 'any'))).toBeDefined();
        for (const address of ipAddresses) expect(x509.checkIP(address)).toBe(address);
      }),
      { numRuns: 150 },
    );
  });
});

test('a trust bundle has each certificate once, in the order of its first occurrence', async () => {
  const [old, next] = [root.authority.certificate, (await makeAuthority()).authority.certificate];
  expect(bundleTrust(old, next, old, next)).toBe(`${old.pem}${next.pem}`);
});

test('a certificate can be issued for every name that `subject-alt-names` accepts', async () => {
  const label = fc.stringMatching(/^[a-z0-9_*-]{0,12}$/);
  const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
  const address = fc.oneof(fc.ipV4(), fc.ipV6(), fc.stringMatching(/^[0-9a-f:.%]{1,20}$/));
  await fc.assert(
    fc.asyncProperty(fc.oneof(name, address), async (word) => {
      fc.pre(word.replaceAll(/[\s,]/g, '') !== '');
      const parsed = subjectAltNames.parse(word);
      const isIssued = async (given: SubjectAltNames): Promise<boolean> =>
        await makeLeaf(root.authority, { subjectAltNames: given }).then(
          () => true,
          () => false,
        );
      const asName = await isIssued({ dnsNames: [word], ipAddresses: [] });
      const asAddress = await isIssued({ dnsNames: [], ipAddresses: [word] });
      expect([word, parsed.kind]).toEqual([word, asName || asAddress ? 'accepted' : 'refused']);
      if (parsed.kind === 'accepted') expect(await isIssued(parsed.value)).toBe(true);
    }),
    { numRuns: 300 },
  );
});
