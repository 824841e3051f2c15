import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Ca } from '../../../src/pki/ca.ts';
import { bundleTrust } from '../../../src/pki/certificate.ts';
import { signCrossCertificate } from '../../../src/pki/cross-certificate.ts';
import { KEY_ALGORITHMS, type KeyAlgorithm } from '../../../src/pki/key-algorithm.ts';
import { crossTerms, type IssuedLeaf, makeAuthority, makeIntermediate, makeLeaf } from '../../unit/support/issuance.ts';
import {
  ACCEPTED,
  HOST,
  nodeVerdict,
  opensslVerdicts,
  type Presented,
  readVerdicts,
  withServers,
} from './verifiers.ts';

/** The result if every verifier refuses the certificate because it trusts no issuer of it. */
const UNTRUSTED = {
  openssl: expect.stringMatching(/unable to get (local )?issuer certificate|self-signed certificate in/),
  go: expect.stringContaining('unknown authority'),
  node: expect.stringMatching(/^(UNABLE_TO_|SELF_SIGNED)/),
  python: expect.stringContaining('CERTIFICATE_VERIFY_FAILED'),
};

const named = async (commonName: string, keyAlgorithm: KeyAlgorithm = 'ecdsa-p256'): Promise<Ca> =>
  (await makeAuthority({ commonName, keyAlgorithm, pathLength: 1 })).authority;

const presented = (leaf: IssuedLeaf, chain: string, ...trusted: readonly Ca[]): Presented => ({
  chain,
  privateKeyPem: leaf.privateKeyPem,
  trusted: trusted.map(({ certificate }) => certificate.pem).join(''),
});

/** Returns a CA and the CAs above it, as published in `ca.crt`. */
const bundleOf = ({ certificate, chain }: Ca): string => bundleTrust(certificate, ...chain);

test('all verifiers accept every key algorithm, and refuse certificates of an unknown CA', async () => {
  const authorities = await Promise.all(KEY_ALGORITHMS.map((algorithm) => named(`of ${algorithm}`, algorithm)));
  const foreign = await named('foreign');
  const leaves = await Promise.all(
    authorities.map((authority, index) =>
      makeLeaf(authority, { keyAlgorithm: KEY_ALGORITHMS[index] ?? 'ed25519', commonName: 'größe_1@example' }),
    ),
  );
  const good = leaves.map((leaf) => presented(leaf, leaf.certificatePem, foreign, ...authorities));
  const bad = leaves.map((leaf) => presented(leaf, leaf.certificatePem, foreign));
  expect(await readVerdicts([...good, ...bad])).toEqual([...good.map(() => ACCEPTED), ...bad.map(() => UNTRUSTED)]);
});

describe('a CA that is being replaced', () => {
  let old: Ca;
  let next: Ca;
  let foreign: Ca;
  let leaf: IssuedLeaf;
  let crossed: string;

  beforeAll(async () => {
    [old, next, foreign] = await Promise.all([named('clients 1'), named('clients 2'), named('clients 1')]);
    leaf = await makeLeaf(next);
    crossed = leaf.certificatePem + signCrossCertificate(old, next, crossTerms());
  });

  test('issues leaf certificates that peers accept with either CA, because of the cross-signed certificate', async () => {
    const trusts = [[old], [next], [old, next], [next, old]] as const;
    const cases = trusts.map((trusted) => presented(leaf, crossed, ...trusted));
    expect(await readVerdicts(cases)).toEqual(trusts.map(() => ACCEPTED));
  });

  test('issues leaf certificates that the old CA alone, or an unknown CA, does not validate', async () => {
    const cases = [presented(leaf, leaf.certificatePem, old), presented(leaf, crossed, foreign)];
    expect(await readVerdicts(cases)).toEqual([
      UNTRUSTED,
      // The untrusted CA has the name of the old one but another key.
      { ...UNTRUSTED, openssl: expect.any(String), node: expect.stringMatching(/^[A-Z_]+$/) },
    ]);
  });

  test('may change its key algorithm to any other', async () => {
    const pairs = KEY_ALGORITHMS.map(
      (algorithm, index) => [KEY_ALGORITHMS.at(index - 1) ?? algorithm, algorithm] as const,
    );
    const cases = await Promise.all(
      pairs.map(async ([before, after]) => {
        const [from, to] = [await named('clients 1', before), await named('clients 2', after)];
        const changed = await makeLeaf(to, { keyAlgorithm: after });
        return presented(changed, changed.certificatePem + signCrossCertificate(from, to, crossTerms()), from);
      }),
    );
    expect(await readVerdicts(cases)).toEqual(pairs.map(() => ACCEPTED));
  });

  test('enforces its name constraints below the old CA', async () => {
    const constrained = (await makeAuthority({ commonName: 'clients 2', permittedDnsNames: ['elsewhere.svc'] }))
      .authority;
    const certificate = { ...constrained.certificate, nameConstraints: undefined };
    const outside = await makeLeaf({ ...constrained, certificate }); // the caller ignores the constraint
    const cross = signCrossCertificate(old, constrained, crossTerms());
    expect(await readVerdicts([presented(outside, outside.certificatePem + cross, old)])).toEqual([
      {
        openssl: expect.stringContaining('subtree violation'),
        go: expect.stringMatching(/not permitted|excluded/),
        node: 'UNSPECIFIED', // Node has no name for it
        python: expect.stringContaining('subtree violation'),
      },
    ]);
  });

  test('sends the cross-signed certificate first if it is an intermediate CA, because OpenSSL tries only the first', async () => {
    const root = await named('company root');
    const intermediate = await makeIntermediate(root);
    const below = await makeLeaf(intermediate);
    const cross = signCrossCertificate(old, intermediate, crossTerms());
    const own = intermediate.certificate.pem;
    const of = (chain: string, trusted: string): Presented => ({
      chain: below.leaf.pem + chain,
      privateKeyPem: below.privateKeyPem,
      trusted,
    });
    const cases = [
      of(cross + own, old.certificate.pem),
      of(cross + own, bundleOf(intermediate)),
      of(own + cross, bundleOf(intermediate)),
    ];
    expect(await readVerdicts(cases)).toEqual(cases.map(() => ACCEPTED));
    const [crossFirst, ownFirst] = await readVerdicts([
      of(cross + own, root.certificate.pem),
      of(own + cross, old.certificate.pem),
    ]);
    expect(crossFirst).toEqual({ ...UNTRUSTED, go: 'ok' });
    expect(ownFirst).toEqual({ ...UNTRUSTED, go: 'ok' });
  });
});

describe('an intermediate CA', () => {
  let root: Ca;
  let intermediate: Ca;
  let leaf: IssuedLeaf;

  beforeAll(async () => {
    root = await named('company root', 'rsa-2048');
    intermediate = await makeIntermediate(root);
    leaf = await makeLeaf(intermediate);
  });

  const of = (trusted: string): Presented => ({
    chain: leaf.certificatePem,
    privateKeyPem: leaf.privateKeyPem,
    trusted,
  });

  test('is accepted with its whole bundle, and with its root alone', async () => {
    const cases = [of(bundleOf(intermediate)), of(root.certificate.pem)];
    expect(await readVerdicts(cases)).toEqual(cases.map(() => ACCEPTED));
  });

  test('is accepted with its whole bundle, with every key algorithm', async () => {
    const cases = await Promise.all(
      KEY_ALGORITHMS.map(async (keyAlgorithm) => {
        const authority = await makeIntermediate(root, { keyAlgorithm });
        const { certificatePem, privateKeyPem } = await makeLeaf(authority, { keyAlgorithm });
        return { chain: certificatePem, privateKeyPem, trusted: bundleOf(authority) };
      }),
    );
    expect(await readVerdicts(cases)).toEqual(cases.map(() => ACCEPTED));
  });

  test('is accepted without its root by Go alone; the other verifiers need the option for partial chains', async () => {
    const partial = of(intermediate.certificate.pem);
    const [verdict] = await readVerdicts([partial]);
    expect(verdict).toEqual({ ...UNTRUSTED, go: 'ok' });
    expect(opensslVerdicts([partial], '-partial_chain')).toEqual(['ok']);
    await withServers([partial], async ([port = 0]) => {
      expect(await nodeVerdict(partial, port, true)).toBe('ok');
    });
  });
});

test('all verifiers check the host name', async () => {
  const authority = await named('clients 1');
  const elsewhere = await makeLeaf(authority, { subjectAltNames: { dnsNames: ['elsewhere.svc'], ipAddresses: [] } });
  const [verdict] = await readVerdicts([presented(elsewhere, elsewhere.certificatePem, authority)]);
  expect(verdict).toEqual({
    openssl: expect.stringContaining('hostname mismatch'),
    go: expect.stringContaining(HOST),
    node: 'ERR_TLS_CERT_ALTNAME_INVALID',
    python: expect.stringContaining('Hostname mismatch'),
  });
});
