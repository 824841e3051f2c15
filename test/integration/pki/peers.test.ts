import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parseAuthority } from '../../../src/pki/authority.ts';
import { parseCertificate, parseCertificates } from '../../../src/pki/certificate.ts';
import { verifyChain } from '../../../src/pki/chain.ts';
import { KEY_ALGORITHMS } from '../../../src/pki/key-algorithm.ts';
import { trustBundle } from '../../../src/pki/trust-bundle.ts';
import { type IssuedAuthority, type IssuedLeaf, makeAuthority, makeLeaf, NOW } from '../../unit/pki/issuance.ts';
import { refusedField } from '../../unit/pki/refusal.ts';
import { type Folder, inFolder } from './folder.ts';
import { handshake } from './handshake.ts';

const HOST = 'nats-0.example.svc';
const TEN_MINUTES_MS = 600_000;

/** OpenSSL's verdict on a leaf and what follows it in its bundle, as server and as client. */
function opensslVerdict(folder: Folder, leaf: IssuedLeaf, trusted: string): string {
  const roots = folder.write('roots.pem', trusted);
  const chain = folder.write('chain.pem', leaf.certificatePem);
  const shared = ['verify', '-x509_strict', '-check_ss_sig', '-CAfile', roots, '-untrusted', chain];
  try {
    folder.run('openssl', ...shared, '-purpose', 'sslserver', '-verify_hostname', HOST, chain);
    folder.run('openssl', ...shared, '-purpose', 'sslclient', '-verify_ip', '127.0.0.1', chain);
    return 'OK';
  } catch (error) {
    return Error.isError(error) ? error.message : 'refused';
  }
}

/** A leaf outside its authority's name constraints, signed by a caller that ignores them. */
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

/** A company's own root and intermediate, as OpenSSL makes them; the intermediate's key in SEC 1 form. */
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
  return { root, authority: parseAuthority(folder.read('ca.pem') + root, folder.read('ca.key')) };
}

describe('OpenSSL in strict mode', () => {
  test.each(KEY_ALGORITHMS)(
    'accepts a leaf and an authority of %s, and refuses them under a foreign authority',
    async (keyAlgorithm) => {
      const root = await makeAuthority({ keyAlgorithm });
      const foreign = await makeAuthority();
      const leaf = await makeLeaf(root.authority, { keyAlgorithm, commonName: 'größe_1@example' });
      inFolder((folder) => {
        expect(opensslVerdict(folder, leaf, root.certificatePem)).toBe('OK');
        expect(opensslVerdict(folder, leaf, foreign.certificatePem)).not.toBe('OK');
        const both = trustBundle(foreign.authority.certificate, root.authority.certificate);
        expect(opensslVerdict(folder, leaf, both)).toBe('OK');
      });
    },
    TEN_MINUTES_MS,
  );

  test('enforces the name constraints of an authority', async () => {
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

  test('prints the profile of RFC 5280', async () => {
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

describe('an authority made by OpenSSL', () => {
  test('with an intermediate signs leaves that carry the intermediate and chain to the root', async () => {
    const { root, authority } = inFolder((folder) => companyAuthority(folder, 'root'));
    const leaf = await makeLeaf(authority);
    expect(leaf.intermediates.map(({ subject }) => subject)).toEqual(['C=DE,CN=intermediate']);
    expect(leaf.leaf.signatureAlgorithm).toBe('ecdsa-with-SHA384');
    const trusted = parseCertificates(root, 'root');
    expect(trusted[0]?.subject).toBe('C=DE,O=Example\\, Inc.,CN=root');
    const now = new Date(NOW.getTime() + 60_000);
    expect(verifyChain({ leaf: leaf.leaf, intermediates: leaf.intermediates, trusted, now })).toBeUndefined();
    inFolder((folder) => expect(opensslVerdict(folder, leaf, root)).toBe('OK'));
  });

  test('below a root that allows none is found too long, here as there', async () => {
    const { root, authority } = inFolder((folder) => companyAuthority(folder, 'shallow'));
    const { leaf, intermediates, ...issued } = await makeLeaf(authority);
    const now = new Date(NOW.getTime() + 60_000);
    const violation = verifyChain({ leaf, intermediates, trusted: parseCertificates(root, 'root'), now });
    expect(violation?.reason).toBe('PathTooLong');
    const verdict = inFolder((folder) => opensslVerdict(folder, { leaf, intermediates, ...issued }, root));
    expect(verdict).toContain('path length constraint exceeded');
  });

  test.each([
    ['SHA-1', ['-newkey', 'rsa:2048', '-sha1']],
    ['RSA of 1024 bits', ['-newkey', 'rsa:1024']],
  ])('with %s is refused', async (_, options) => {
    const pem = inFolder(({ run }) =>
      run('openssl', 'req', '-x509', ...options, '-nodes', '-keyout', 'x.key', '-subj', '/CN=x'),
    );
    expect(await refusedField(() => parseCertificate(pem, 'ca-certificate'))).toBe('ca-certificate');
  });
});

test(
  "Go's verifier agrees for every algorithm, constraint and foreign authority",
  async () => {
    const [root, foreign, constrained] = [
      await makeAuthority(),
      await makeAuthority(),
      await makeAuthority({ permittedDnsNames: ['example.svc'] }),
    ];
    const subjectAltNames = { dnsNames: ['*.example.svc'], ipAddresses: [] };
    const accepted = await Promise.all([
      ...KEY_ALGORITHMS.map((keyAlgorithm) =>
        makeLeaf(root.authority, { keyAlgorithm, commonName: 'größe_1@example' }),
      ),
      makeLeaf(constrained.authority, { subjectAltNames }),
      makeLeaf(root.authority, { commonName: '' }),
    ]);
    const verification = (leaf: IssuedLeaf, roots: string) => ({
      Chain: leaf.certificatePem,
      Roots: roots,
      Host: HOST,
    });
    const both = root.certificatePem + constrained.certificatePem;
    const cases = [
      ...accepted.map((leaf) => verification(leaf, both)),
      ...accepted.slice(0, 1).map((leaf) => verification(leaf, foreign.certificatePem)),
      verification(await outsideConstraints(constrained), both),
      { ...verification(await makeLeaf(root.authority, { subjectAltNames }), both), Host: 'other.svc' },
    ];
    const lines = inFolder((folder) => {
      copyFileSync(new URL('verify.go', import.meta.url), folder.path('main.go'));
      folder.write('go.mod', 'module verify\n\ngo 1.21\n');
      const input = JSON.stringify(cases);
      return execFileSync('go', ['run', '.'], { cwd: folder.path('.'), input, encoding: 'utf8' })
        .trim()
        .split('\n');
    });
    expect(lines.slice(0, accepted.length)).toEqual(accepted.map(() => 'ok'));
    expect(lines.slice(accepted.length)).toEqual([
      expect.stringContaining('unknown authority'),
      expect.stringMatching(/not permitted|excluded/),
      expect.stringContaining('other.svc'),
    ]);
  },
  TEN_MINUTES_MS,
);

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

test('Python in strict mode shakes hands with client certificates on both sides', async () => {
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
    'shakes hands with %s on both sides, and refuses foreign ones on either',
    async (keyAlgorithm) => {
      const [root, foreign] = [await makeAuthority({ keyAlgorithm }), await makeAuthority()];
      const [server, client] = [
        await makeLeaf(root.authority, { keyAlgorithm }),
        await makeLeaf(root.authority, { keyAlgorithm }),
      ];
      const stranger = await makeLeaf(foreign.authority);
      const [serverTrusts, clientTrusts] = [root.certificatePem, root.certificatePem];
      const good = { server, client, serverTrusts, clientTrusts, host: HOST };
      expect(await handshake(good)).toBe('welcome');
      expect(await handshake({ ...good, host: 'other.svc' })).toBe('client: ERR_TLS_CERT_ALTNAME_INVALID');
      expect(await handshake({ ...good, client: stranger })).toMatch(/^server: .*UNABLE_TO_/);
      expect(await handshake({ ...good, clientTrusts: foreign.certificatePem })).toMatch(
        /^client: .*(UNABLE_TO_|SELF_SIGNED)/,
      );
    },
    TEN_MINUTES_MS,
  );

  test('refuses a certificate for servers only as a client', async () => {
    const root = await makeAuthority();
    const [server, client] = [
      await makeLeaf(root.authority),
      await makeLeaf(root.authority, { usages: ['serverAuth'] }),
    ];
    const trusts = { serverTrusts: root.certificatePem, clientTrusts: root.certificatePem };
    expect(await handshake({ server, client, ...trusts, host: HOST })).toBe('server: INVALID_PURPOSE');
  });
});
