import { describe, expect, test } from '@jest/globals';
import type { ClusterSpec } from '../../../../src/cluster/spec.ts';
import type { Issued } from '../../../../src/commands/issuance/issuance.ts';
import { isIssuedBy } from '../../../../src/pki/chain.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';
import {
  certificateOf,
  currentOf,
  DAY_MS,
  issue,
  issueWith,
  leavesOf,
  NOW,
  renewedLeaves,
} from '../../support/issued-certificates.ts';
import { storedFrom } from '../../support/stored-material.ts';

const ALL = ['server', 'nats-0', 'nats-1', 'nats-2'];
const firstExpiry = ({ leaves }: Issued) => Math.min(...leaves.map(({ notAfter }) => notAfter.getTime()));

describe('the certificates of a cluster', () => {
  test('are one server certificate and one route certificate for each pod, from separate CAs', async () => {
    const { certificates, issued, leaves } = await issue(clusterSpec());
    expect(Object.keys(certificates.routes)).toEqual(['nats-0', 'nats-1', 'nats-2']);
    expect(issued).toHaveLength(4);
    expect(leaves.map(({ notAfter }) => notAfter)).toEqual(ALL.map(() => new Date(NOW.getTime() + 90 * DAY_MS)));
    const { client, route } = certificates.authorities;
    const issuers = [client, route].map((track) => certificateOf(currentOf(track).certificate));
    const server = certificateOf(certificates.server.certificate);
    expect(issuers.map((issuer) => isIssuedBy(server, issuer))).toEqual([true, false]);
    for (const { certificate } of Object.values(certificates.routes)) {
      expect(issuers.map((issuer) => isIssuedBy(certificateOf(certificate), issuer))).toEqual([false, true]);
    }
    expect(JSON.stringify(issued)).not.toContain('PRIVATE KEY');
  });

  test('are kept byte for byte while they are valid', async () => {
    const first = await issue(clusterSpec());
    const second = await issue(clusterSpec(), storedFrom(first), { days: 59 });
    expect(second).toEqual({ ...first, issued: [] });
  });

  test('are issued for new peers and the server certificate when the cluster grows, and otherwise kept', async () => {
    const three = await issue(clusterSpec());
    const five = await issue(clusterSpec({ replicas: 5 }), storedFrom(three));
    expect(renewedLeaves(three, five)).toEqual(['server']);
    expect(Object.keys(five.certificates.routes)).toHaveLength(5);
    expect(five.issued).toHaveLength(3);
    expect(five.certificates).toMatchObject({
      routeTrust: three.certificates.routeTrust,
      authorities: three.certificates.authorities,
    });
  });

  test('are kept when servers are removed, because more names than needed are allowed', async () => {
    const five = await issue(clusterSpec({ replicas: 5 }));
    const three = await issue(clusterSpec(), storedFrom(five));
    expect(three.issued).toEqual([]);
    expect(Object.keys(three.certificates.routes)).toEqual(['nats-0', 'nats-1', 'nats-2']);
  });

  test.each([
    ['due for renewal', 61],
    ['expired', 91],
  ])('are issued again by the same CAs if they are %s', async (_, days) => {
    const before = await issue(clusterSpec());
    const after = await issue(clusterSpec(), storedFrom(before), { days });
    expect(renewedLeaves(before, after)).toEqual(ALL);
    expect(after.issued).toHaveLength(4);
    expect(after.certificates.clientTrust).toBe(before.certificates.clientTrust);
    expect(after.certificates.authorities).toEqual(before.certificates.authorities);
    expect(firstExpiry(after)).toBeGreaterThan(firstExpiry(before));
  });

  test('are issued again if unreadable, and the others are kept', async () => {
    const before = await issue(clusterSpec());
    const garbage = { certificate: 'garbage', privateKey: 'garbage' };
    const routes = { ...before.certificates.routes, 'nats-1': garbage };
    const after = await issue(clusterSpec(), storedFrom(before, { routes }));
    expect(renewedLeaves(before, after)).toEqual(['nats-1']);
    expect(after.issued).toHaveLength(1);
  });

  test.each<[string, Partial<ClusterSpec>, readonly string[]]>([
    ['another key algorithm', { keyAlgorithm: 'ed25519' }, ALL],
    ['another name', { subjectAltNames: { dnsNames: ['nats.example.com'], ipAddresses: [] } }, ['server']],
  ])('are issued again for %s, but only those concerned', async (_, overrides, renewed) => {
    const before = await issue(clusterSpec());
    expect(renewedLeaves(before, await issue(clusterSpec(overrides), storedFrom(before)))).toEqual(renewed);
  });

  test('never outlive their CA', async () => {
    const before = await issue(clusterSpec());
    const late = await issue(clusterSpec(), storedFrom(before), { days: 1800 });
    const authority = certificateOf(currentOf(late.certificates.authorities.client).certificate);
    expect(firstExpiry(late)).toBe(authority.notAfter.getTime());
  });

  test.each([
    ['the routes', ['route'] as const, ['nats-0', 'nats-1', 'nats-2']],
    ['clients', ['client'] as const, ['server', 'client app']],
    ['both', ['client', 'route'] as const, [...ALL, 'client app']],
  ])('of %s are replaced on request, due or not, and no others', async (_, forced, renewed) => {
    const before = await issue(clusterSpec(), undefined, { clients: ['app'] });
    const after = await issue(clusterSpec(), storedFrom(before), { clients: ['app'], forced: new Set(forced) });
    expect(renewedLeaves(before, after)).toEqual(renewed);
    expect(after.issued).toHaveLength(renewed.length);
  });
});

describe('the client certificates', () => {
  const clients = ['app', 'orders.eu'];

  test('are one for each common name, with that name', async () => {
    const { certificates } = await issue(clusterSpec(), undefined, { clients });
    const leaves = Object.entries(certificates.clients).map(([name, leaf]) => [name, certificateOf(leaf.certificate)]);
    expect(leaves).toEqual(
      clients.map((commonName) => [
        commonName,
        expect.objectContaining({ commonName, extendedKeyUsage: ['clientAuth'], dnsNames: [] }),
      ]),
    );
  });

  test('are kept and renewed like the others, and stay when another one is added', async () => {
    const before = await issue(clusterSpec(), undefined, { clients });
    const more = await issue(clusterSpec(), storedFrom(before), { clients: [...clients, 'third'], days: 59 });
    expect(renewedLeaves(before, more)).toEqual([]);
    expect(more.issued).toEqual([expect.stringContaining('client certificate of third')]);
    const later = await issue(clusterSpec(), storedFrom(before), { clients, days: 61 });
    expect(renewedLeaves(before, later)).toEqual([...ALL, 'client app', 'client orders.eu']);
  });

  test('are left out if no longer wanted', async () => {
    const before = await issue(clusterSpec(), undefined, { clients });
    const after = await issue(clusterSpec(), storedFrom(before), { clients: ['app'] });
    expect(Object.keys(after.certificates.clients)).toEqual(['app']);
  });
});

describe('the certificates of user-provided Secrets', () => {
  const leaf = { certificate: 'adopted certificate', privateKey: 'adopted key', trust: 'adopted trust' };
  const userProvided = { ...leaf, notAfter: new Date('2026-04-01T00:00:00Z') };
  const own = async (spec: ClusterSpec) => (await issue(spec)).certificates.authorities;

  test('are used as they are for clients, and no client certificate is issued', async () => {
    const spec = clusterSpec({ serverTlsSecret: 'theirs' });
    const authorities = await own(spec);
    expect(authorities.client).toBeUndefined();
    const issued = await issueWith(spec, authorities, {
      clients: ['app'],
      userProvided: { server: userProvided, route: undefined },
    });
    expect(issued.certificates).toMatchObject({ clientTrust: 'adopted trust', clients: {} });
    expect(issued.certificates.server).toEqual({ certificate: 'adopted certificate', privateKey: 'adopted key' });
    expect(issued.issued).toHaveLength(3);
    expect(firstExpiry(issued)).toBe(userProvided.notAfter.getTime());
  });

  test('are used as one route certificate for every peer', async () => {
    const spec = clusterSpec({ routeTlsSecret: 'theirs' });
    const authorities = await own(spec);
    expect(authorities.route).toBeUndefined();
    const issued = await issueWith(spec, authorities, { userProvided: { server: undefined, route: userProvided } });
    expect(issued.certificates.routeTrust).toBe('adopted trust');
    const certificates = Object.entries(leavesOf(issued)).map(([name, { certificate }]) => [name, certificate]);
    expect(certificates.slice(1)).toEqual(['nats-0', 'nats-1', 'nats-2'].map((pod) => [pod, 'adopted certificate']));
    expect(issued.issued).toEqual([expect.stringContaining('server certificate of nats')]);
  });
});
