import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SubjectAltNames } from '../../../src/cluster/spec.ts';
import { subjectAltNames } from '../../../src/inputs/grammar/certificate.ts';
import { bundleTrust } from '../../../src/pki/certificate.ts';
import { canonicalizeIpAddress, decodeIpAddress, encodeIpAddress } from '../../../src/pki/ip-address.ts';
import type { CaRequest, LeafRequest } from '../../../src/pki/issue.ts';
import { KEY_ALGORITHMS } from '../../../src/pki/key-algorithm.ts';
import { computeValidity } from '../../../src/pki/signed-certificate.ts';
import { DAY_MS, type IssuedAuthority, makeAuthority, makeLeaf, NOW } from '../support/issuance.ts';
import { refusedField } from '../support/refusal.ts';

let root: IssuedAuthority;
beforeAll(async () => {
  root = await makeAuthority();
});

const names = (dnsNames: readonly string[], ipAddresses: readonly string[] = []) => ({
  subjectAltNames: { dnsNames, ipAddresses },
});

describe('a new CA', () => {
  test('may sign only leaf certificates, and signs itself', () => {
    const { certificate } = root.authority;
    expect(certificate).toMatchObject({
      subject: 'CN=nats authority',
      issuer: 'CN=nats authority',
      isCa: true,
      pathLength: 0,
      keyUsage: ['keyCertSign', 'cRLSign'],
      extendedKeyUsage: undefined,
      signatureAlgorithm: 'ecdsa-with-SHA256',
      authorityKeyId: certificate.subjectKeyId,
    });
    expect(certificate.subjectKeyId).toMatch(/^[0-9a-f]{40}$/);
  });

  test('has its name constraints, and permits no address', async () => {
    const { authority } = await makeAuthority({ permittedDnsNames: ['example.svc'] });
    expect(authority.certificate.nameConstraints).toEqual({
      permitted: { dnsNames: ['example.svc'], ipRanges: [], emailAddresses: [], uriHosts: [] },
      excluded: { dnsNames: [], ipRanges: ['00'.repeat(8), '00'.repeat(32)], emailAddresses: [], uriHosts: [] },
    });
    const outside = { ...names(['nats-0.example.svc', 'other.svc']) };
    expect(await refusedField(() => makeLeaf(authority, outside))).toBe('subjectAltNames');
    expect(await refusedField(() => makeLeaf(authority, names([], ['10.0.0.1'])))).toBe('subjectAltNames');
    const { leaf } = await makeLeaf(authority, names(['nats-0.example.svc']));
    expect(leaf.dnsNames).toEqual(['nats-0.example.svc']);
  });

  const rows: readonly (readonly [string, Partial<CaRequest>, string])[] = [
    ['an empty name', { commonName: '' }, 'commonName'],
    ['a name of 65 characters', { commonName: 'é'.repeat(65) }, 'commonName'],
    ['a negative path length', { pathLength: -1 }, 'pathLength'],
    ['a constraint on a wildcard', { permittedDnsNames: ['*.svc'] }, 'permittedDnsNames'],
    ['a constraint on an invalid DNS name', { permittedDnsNames: ['a b'] }, 'permittedDnsNames'],
  ];
  test.each(rows)('is refused with %s', async (_, overrides, field) => {
    expect(await refusedField(() => makeAuthority(overrides))).toBe(field);
  });
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

  test('may end after 2049', async () => {
    const notAfter = new Date('2051-02-03T04:05:06Z');
    const { leaf, certificatePem } = await makeLeaf(root.authority, { notAfter });
    expect(leaf.notAfter).toEqual(notAfter);
    expect(new X509Certificate(certificatePem).validToDate).toEqual(notAfter);
  });

  test('has its names in a critical extension if its subject is empty', async () => {
    const { leaf, certificatePem } = await makeLeaf(root.authority, { commonName: '' });
    expect(leaf).toMatchObject({ subject: '', commonName: undefined, dnsNames: ['nats-0.example.svc', 'localhost'] });
    expect(new X509Certificate(certificatePem).raw.toString('hex')).toContain('0603551d110101ff');
  });

  test('needs no address if it is only for a client', async () => {
    const { leaf } = await makeLeaf(root.authority, { ...names([]), usages: ['clientAuth'] });
    expect(leaf).toMatchObject({ dnsNames: [], extendedKeyUsage: ['clientAuth'] });
  });

  const rows: readonly (readonly [string, Partial<LeafRequest>, string])[] = [
    ['no name at all', names([]), 'subjectAltNames'],
    ['no usage', { usages: [] }, 'usages'],
    ['a serial of 8 bytes', { serial: Buffer.alloc(8, 1) }, 'serial'],
    ['a serial of zero', { serial: Buffer.alloc(16) }, 'serial'],
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

describe('an IP address', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::', '::'],
    ['::1', '::1'],
    ['FE80:0:0:0:0:0:0:1', 'fe80::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['1::', '1::'],
    ['::ffff:1.2.3.4', '::ffff:102:304'],
    ['1:2:3:4:5:6:7.8.9.10', '1:2:3:4:5:6:708:90a'],
  ])('is normalized: %s to %s', (text, canonical) => {
    expect(canonicalizeIpAddress(text)).toBe(canonical);
  });

  test.each([
    '',
    '1.2.3',
    '256.1.1.1',
    '01.2.3.4',
    '1.2.3.4.5',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    '1:2:3:4:5:6:7::8',
    'g::',
    '1.2.3.4::',
    ':1',
    '1:',
    'fe80::1%lo',
  ])('is invalid: %j', (text) => {
    expect(encodeIpAddress(text)).toBeUndefined();
  });

  test('has the same bytes after decoding and encoding', () => {
    const length = fc.constantFrom(4, 16);
    const bytes = length.chain((size) =>
      fc.array(fc.oneof(fc.constant(0), fc.nat(255)), { minLength: size, maxLength: size }),
    );
    fc.assert(
      fc.property(bytes, (address) => {
        const text = decodeIpAddress(Buffer.from(address));
        expect([...(encodeIpAddress(text ?? '') ?? [])]).toEqual(address);
      }),
    );
  });
});

test('a trust bundle has each certificate once, in the order of its first occurrence', async () => {
  const [old, next] = [root.authority.certificate, (await makeAuthority()).authority.certificate];
  expect(bundleTrust(old, next, old, next)).toBe(`${old.pem}${next.pem}`);
});

describe('the validity of a certificate', () => {
  test('begins five minutes early, for clocks that are behind', () => {
    const window = computeValidity(new Date('2026-01-01T00:00:00.900Z'), 90 * DAY_MS);
    expect(window.notBefore).toEqual(new Date('2025-12-31T23:55:00Z'));
    expect(window.notAfter).toEqual(new Date('2026-04-01T00:00:00Z'));
  });

  test('ends with that of its CA at the latest', () => {
    const limit = new Date(NOW.getTime() + DAY_MS);
    expect(computeValidity(NOW, 90 * DAY_MS, limit).notAfter).toEqual(limit);
  });
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
