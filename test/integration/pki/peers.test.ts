import { describe, expect, test } from '@jest/globals';
import { parseCa } from '../../../src/pki/ca.ts';
import { parseCertificate, parseCertificates } from '../../../src/pki/certificate.ts';
import { verifyChain } from '../../../src/pki/chain.ts';
import { KEY_ALGORITHMS } from '../../../src/pki/key-algorithm.ts';
import { type IssuedAuthority, type IssuedLeaf, makeAuthority, makeLeaf, NOW } from '../../unit/support/issuance.ts';
import { type Folder, inFolder } from './folder.ts';
import { completeHandshake } from './handshake.ts';
import { goVerdicts, HOST, opensslVerdicts, type Presented } from './verifiers.ts';

const TEN_MINUTES_MS = 600_000;

const presented = (leaf: IssuedLeaf, trusted: string): Presented => ({
  chain: leaf.certificatePem,
  privateKeyPem: leaf.privateKeyPem,
  trusted,
});

/** Makes a leaf certificate outside its CA's name constraints, signed by a caller that ignores them. */
async function outsideConstraints(issuer: IssuedAuthority): Promise<IssuedLeaf> {
  const certificate = { ...issuer.authority.certificate, nameConstraints: undefined };
  return makeLeaf({ ...issuer.authority, certificate });
}

const EXTENSIONS = `[root]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign
subjectKeyIdentifier=hash
[shallow]
basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign
[intermediate]
basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
`;

/** Makes a company's own root and intermediate with OpenSSL; the intermediate's key is in SEC 1 form. */
function companyAuthority(folder: Folder, rootSection: 'root' | 'shallow') {
  const config = folder.write('ext.cnf', `[req]\ndistinguished_name=dn\n[dn]\n${EXTENSIONS}`);
  const { run } = folder;
  run(
    'openssl',
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'root.key',
    '-out',
    'root.pem',
    '-days',
    '30',
    '-subj',
    '/C=DE/O=Example, Inc./CN=root',
    '-config',
    config,
    '-extensions',
    rootSection,
  );
  run('openssl', 'ecparam', '-name', 'secp384r1', '-genkey', '-out', 'ca.key');
  run(
    'openssl',
    'req',
    '-new',
    '-key',
    'ca.key',
    '-out',
    'ca.csr',
    '-subj',
    '/C=DE/CN=intermediate',
    '-config',
    config,
  );
  run(
    'openssl',
    'x509',
    '-req',
    '-in',
    'ca.csr',
    '-CA',
    'root.pem',
    '-CAkey',
    'root.key',
    '-CAcreateserial',
    '-days',
    '20',
    '-out',
    'ca.pem',
    '-extfile',
    config,
    '-extensions',
    'intermediate',
  );
  const root = folder.read('root.pem');
  return { root, authority: parseCa(folder.read('ca.pem') + root, folder.read('ca.key')) };
}

describe('OpenSSL in strict mode', () => {
  test('enforces the name constraints of a CA', async () => {
    const root = await makeAuthority({ permittedDnsNames: ['example.svc'] });
    const subjectAltNames = { dnsNames: [HOST], ipAddresses: [] };
    const inside = await makeLeaf(root.authority, { subjectAltNames });
    const outside = await outsideConstraints(root);
    inFolder((folder) => {
      const roots = folder.write('roots.pem', root.certificatePem);
      const verify = (pem: string) =>
        folder.run('openssl', 'verify', '-x509_strict', '-CAfile', roots, folder.write('leaf.pem', pem));
      expect(verify(inside.certificatePem)).toContain('OK');
      expect(() => verify(outside.certificatePem)).toThrow(/subtree violation/);
    });
  });

  test('prints a certificate with the profile of RFC 5280', async () => {
    const root = await makeAuthority({ permittedDnsNames: ['example.svc', 'localhost'] });
    const subjectAltNames = { dnsNames: [HOST], ipAddresses: [] };
    const leaf = await makeLeaf(root.authority, { subjectAltNames, notAfter: new Date('2051-01-02T03:04:05Z') });
    inFolder((folder) => {
      const print = (pem: string) =>
        folder.run('openssl', 'x509', '-noout', '-text', '-in', folder.write('x.pem', pem)).replace(/ *\n */g, '\n');
      const authorityText = print(root.certificatePem);
      expect(authorityText).toContain('X509v3 Basic Constraints: critical\nCA:TRUE, pathlen:0');
      expect(authorityText).toContain('X509v3 Key Usage: critical\nCertificate Sign, CRL Sign');
      expect(authorityText).toContain(
        'X509v3 Name Constraints: critical\nPermitted:\nDNS:example.svc\nDNS:localhost\nExcluded:\nIP:0.0.0.0/0.0.0.0',
      );
      const text = print(leaf.certificatePem);
      expect(text).toContain('Version: 3 (0x2)');
      expect(text).toContain('Signature Algorithm: ecdsa-with-SHA256');
      expect(text).toContain('Not After : Jan  2 03:04:05 2051 GMT');
      expect(text).toContain('X509v3 Basic Constraints: critical\nCA:FALSE');
      expect(text).toContain('X509v3 Key Usage: critical\nDigital Signature\n');
      expect(text).toContain('TLS Web Server Authentication, TLS Web Client Authentication');
      expect(text).toContain(`X509v3 Subject Alternative Name:\nDNS:${HOST}\n`);
    });
  });
});

describe('a CA from OpenSSL', () => {
  test('signs as an intermediate CA: leaf certificates carry the intermediate and chain to the root', async () => {
    const { root, authority } = inFolder((folder) => companyAuthority(folder, 'root'));
    const leaf = await makeLeaf(authority);
    expect(leaf.intermediates.map(({ subject }) => subject)).toEqual(['C=DE,CN=intermediate']);
    expect(leaf.leaf.signatureAlgorithm).toBe('ecdsa-with-SHA384');
    const trusted = parseCertificates(root, 'root');
    expect(trusted[0]?.subject).toBe('C=DE,O=Example\\, Inc.,CN=root');
    const now = new Date(NOW.getTime() + 60_000);
    expect(
      verifyChain({ usages: ['serverAuth'], leaf: leaf.leaf, intermediates: leaf.intermediates, trusted, now }),
    ).toBeUndefined();
    expect(opensslVerdicts([presented(leaf, root)])).toEqual(['ok']);
  });

  test('is refused below a root whose path length does not allow it, by the action and by OpenSSL', async () => {
    const { root, authority } = inFolder((folder) => companyAuthority(folder, 'shallow'));
    const issued = await makeLeaf(authority);
    const { leaf, intermediates } = issued;
    const now = new Date(NOW.getTime() + 60_000);
    const violation = verifyChain({
      usages: ['serverAuth'],
      leaf,
      intermediates,
      trusted: parseCertificates(root, 'root'),
      now,
    });
    expect(violation?.reason).toBe('PathTooLong');
    expect(opensslVerdicts([presented(issued, root)])).toEqual([
      expect.stringContaining('path length constraint exceeded'),
    ]);
  });

  test.each([
    ['SHA-1 signature', ['-newkey', 'rsa:2048', '-sha1'], { weakSignature: expect.any(String), weakKey: undefined }],
    ['RSA-1024 key', ['-newkey', 'rsa:1024'], { weakSignature: undefined, weakKey: expect.any(String) }],
  ])('is reported as weak with a %s', (_, options, weakness) => {
    const pem = inFolder(({ run }) =>
      run('openssl', 'req', '-x509', ...options, '-nodes', '-keyout', 'x.key', '-subj', '/CN=x'),
    );
    expect(parseCertificate(pem, 'ca-certificate')).toMatchObject(weakness);
  });
});

test('the verifier of Go agrees on constraints, wildcards, empty names and other hosts', async () => {
  const [root, constrained] = [await makeAuthority(), await makeAuthority({ permittedDnsNames: ['example.svc'] })];
  const subjectAltNames = { dnsNames: ['*.example.svc'], ipAddresses: [] };
  const both = root.certificatePem + constrained.certificatePem;
  const wild = await makeLeaf(root.authority, { subjectAltNames });
  const cases = [
    presented(await makeLeaf(constrained.authority, { subjectAltNames }), both),
    presented(await makeLeaf(root.authority, { commonName: '' }), both),
    presented(await outsideConstraints(constrained), both),
    { ...presented(wild, both), host: 'other.svc' },
  ];
  expect(goVerdicts(cases)).toEqual([
    'ok',
    'ok',
    expect.stringMatching(/not permitted|excluded/),
    expect.stringContaining('other.svc'),
  ]);
});

const PYTHON = `
import ssl, sys
def context(purpose, name, trusted):
    made = ssl.SSLContext(purpose)
    made.load_verify_locations(trusted)
    made.load_cert_chain(name + '.pem', name + '.key')
    made.verify_flags |= ssl.VERIFY_X509_STRICT
    made.verify_mode = ssl.CERT_REQUIRED
    return made
up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
client = context(ssl.PROTOCOL_TLS_CLIENT, 'client', 'roots.pem').wrap_bio(down, up, server_hostname=sys.argv[1])
server = context(ssl.PROTOCOL_TLS_SERVER, 'server', 'roots.pem').wrap_bio(up, down, server_side=True)
for side in [client, server] * 3:
    try: side.do_handshake()
    except ssl.SSLWantReadError: pass
print(server.getpeercert()['subject'][0][0][1], client.version())
`;

test('Python in strict mode completes handshakes with client certificates, as client and as server', async () => {
  const root = await makeAuthority();
  const [server, client] = [
    await makeLeaf(root.authority),
    await makeLeaf(root.authority, { commonName: 'größe', usages: ['clientAuth'] }),
  ];
  inFolder((folder) => {
    folder.write('roots.pem', root.certificatePem);
    for (const [name, leaf] of Object.entries({ server, client })) {
      folder.write(`${name}.pem`, leaf.certificatePem);
      folder.write(`${name}.key`, leaf.privateKeyPem);
    }
    const script = folder.write('handshake.py', PYTHON);
    const shake = (host: string) => folder.run('python3', '-X', 'utf8', script, host);
    expect(shake(HOST)).toBe('größe TLSv1.3\n');
    expect(shake('127.0.0.1')).toBe('größe TLSv1.3\n');
    expect(() => shake('other.svc')).toThrow(/Hostname mismatch/);
  });
});

describe('Node', () => {
  test.each(KEY_ALGORITHMS)(
    'completes handshakes with %s on both sides, and refuses certificates of an unknown CA on either',
    async (keyAlgorithm) => {
      const [root, foreign] = [await makeAuthority({ keyAlgorithm }), await makeAuthority()];
      const [server, client] = [
        await makeLeaf(root.authority, { keyAlgorithm }),
        await makeLeaf(root.authority, { keyAlgorithm }),
      ];
      const stranger = await makeLeaf(foreign.authority);
      const [serverTrusts, clientTrusts] = [root.certificatePem, root.certificatePem];
      const good = { server, client, serverTrusts, clientTrusts, host: HOST };
      expect(await completeHandshake(good)).toBe('welcome');
      expect(await completeHandshake({ ...good, host: 'other.svc' })).toBe('client: ERR_TLS_CERT_ALTNAME_INVALID');
      expect(await completeHandshake({ ...good, client: stranger })).toMatch(/^server: .*UNABLE_TO_/);
      expect(await completeHandshake({ ...good, clientTrusts: foreign.certificatePem })).toMatch(
        /^client: .*(UNABLE_TO_|SELF_SIGNED)/,
      );
    },
    TEN_MINUTES_MS,
  );

  test('refuses a server-only certificate from a client', async () => {
    const root = await makeAuthority();
    const [server, client] = [
      await makeLeaf(root.authority),
      await makeLeaf(root.authority, { usages: ['serverAuth'] }),
    ];
    const trusts = { serverTrusts: root.certificatePem, clientTrusts: root.certificatePem };
    expect(await completeHandshake({ server, client, ...trusts, host: HOST })).toBe('server: INVALID_PURPOSE');
  });
});
