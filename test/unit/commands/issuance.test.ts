import { describe, expect, test } from '@jest/globals';
import type { ClusterSpec } from '../../../src/cluster/spec.ts';
import { deploymentConfiguration } from '../../../src/commands/configuration.ts';
import { ephemeralLeaf, foreignAuthority, type Issued, issueCertificates } from '../../../src/commands/issuance.ts';
import type { StoredMaterial } from '../../../src/manifests/stored-material.ts';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import { isIssuedBy } from '../../../src/pki/chain.ts';
import { clusterSpec } from '../cluster/cluster-spec.ts';
import { storedFrom, storedMaterial } from './stored-material.ts';

const DAY_MS = 86_400_000;
const NOW = new Date('2026-03-01T12:00:00Z');

async function issue(spec: ClusterSpec, stored: StoredMaterial = storedMaterial(), days = 0): Promise<Issued> {
  return await issueCertificates(spec, stored, {
    now: new Date(NOW.getTime() + days * DAY_MS),
    certificateValidityMs: 90 * DAY_MS,
    caValidityMs: 1825 * DAY_MS,
    renewBeforeMs: 30 * DAY_MS,
  });
}

/** Pods whose route certificate is another one than before. */
function renewedRoutes(before: Issued, after: Issued): readonly string[] {
  return Object.entries(after.certificates.routes)
    .filter(([pod, leaf]) => before.certificates.routes[pod]?.certificate !== leaf.certificate)
    .map(([pod]) => pod);
}

describe('certificates of a deployment', () => {
  test('out of nothing: two authorities, a server certificate, one route certificate per pod', async () => {
    const { certificates, clientAuthority, routeAuthority, issued, notAfter } = await issue(clusterSpec());
    expect(Object.keys(certificates.routes)).toEqual(['nats-0', 'nats-1', 'nats-2']);
    expect(issued).toHaveLength(6);
    expect(notAfter).toEqual(new Date(NOW.getTime() + 90 * DAY_MS));
    const server = parseCertificate(certificates.server.certificate, 'server');
    expect([clientAuthority, routeAuthority].map(({ certificate }) => isIssuedBy(server, certificate))).toEqual([
      true,
      false,
    ]);
    expect(JSON.stringify(issued)).not.toContain('PRIVATE KEY');
  });

  test('what is stored and still serves is kept, byte for byte', async () => {
    const first = await issue(clusterSpec());
    const second = await issue(clusterSpec(), storedFrom(first), 59);
    expect(second.issued).toEqual([]);
    expect(second.certificates).toEqual(first.certificates);
    expect(second.notAfter).toEqual(first.notAfter);
  });

  test('scaling up issues the new peers and the server certificate that names them, nothing else', async () => {
    const three = await issue(clusterSpec());
    const five = await issue(clusterSpec({ replicas: 5 }), storedFrom(three));
    expect(renewedRoutes(three, five)).toEqual(['nats-3', 'nats-4']);
    expect(five.certificates.server).not.toEqual(three.certificates.server);
    expect(five.certificates.routeTrust).toBe(three.certificates.routeTrust);
    expect(five.certificates.clientAuthority).toEqual(three.certificates.clientAuthority);
    expect(five.issued).toHaveLength(3);
  });

  test('scaling down issues nothing: a certificate may name more than is needed', async () => {
    const five = await issue(clusterSpec({ replicas: 5 }));
    const three = await issue(clusterSpec(), storedFrom(five));
    expect(three.issued).toEqual([]);
    expect(Object.keys(three.certificates.routes)).toEqual(['nats-0', 'nats-1', 'nats-2']);
  });

  test.each([
    ['due', 61],
    ['expired', 91],
  ])('leaves that are %s are issued again by the same authorities', async (_, days) => {
    const before = await issue(clusterSpec());
    const after = await issue(clusterSpec(), storedFrom(before), days);
    expect(renewedRoutes(before, after)).toHaveLength(3);
    expect(after.issued).toHaveLength(4);
    expect(after.certificates.clientTrust).toBe(before.certificates.clientTrust);
    expect(after.certificates.routeAuthority).toEqual(before.certificates.routeAuthority);
    expect(after.notAfter.getTime()).toBeGreaterThan(before.notAfter.getTime());
  });

  test('one unreadable leaf is issued again, its neighbours are kept', async () => {
    const before = await issue(clusterSpec());
    const routes = { ...before.certificates.routes, 'nats-1': { certificate: 'garbage', privateKey: 'garbage' } };
    const after = await issue(clusterSpec(), storedFrom(before, { routes }));
    expect(renewedRoutes(before, after)).toEqual(['nats-1']);
    expect(after.issued).toHaveLength(1);
  });

  test('another key algorithm issues the leaves again', async () => {
    const before = await issue(clusterSpec());
    const after = await issue(clusterSpec({ keyAlgorithm: 'ed25519' }), storedFrom(before));
    expect(after.issued).toHaveLength(4);
  });

  test('no leaf outlives its authority', async () => {
    const before = await issue(clusterSpec());
    const late = await issue(clusterSpec(), storedFrom(before), 1800);
    expect(late.notAfter).toEqual(late.clientAuthority.certificate.notAfter);
  });

  test.each(['clientAuthority', 'routeAuthority'] as const)(
    'an unusable stored %s is refused, for a new one in its place would split the mesh',
    async (which) => {
      const before = await issue(clusterSpec());
      const other = before.certificates[which === 'clientAuthority' ? 'routeAuthority' : 'clientAuthority'];
      for (const authority of [
        { ...before.certificates[which], certificate: 'garbage' },
        { ...before.certificates[which], privateKey: 'garbage' },
        { ...before.certificates[which], privateKey: other.privateKey },
      ]) {
        const attempt = issue(clusterSpec(), storedFrom(before, { [which]: authority }));
        await expect(attempt).rejects.toMatchObject({ code: 'PKI_INVALID', details: { field: expect.any(String) } });
      }
    },
  );
});

describe('certificates for proofs', () => {
  test('last an hour and come from the authority they are to prove', async () => {
    const { routeAuthority } = await issue(clusterSpec());
    const leaf = parseCertificate((await ephemeralLeaf(routeAuthority, clusterSpec(), NOW)).certificate, 'leaf');
    expect(leaf.notAfter).toEqual(new Date(NOW.getTime() + 3_600_000));
    expect(isIssuedBy(leaf, routeAuthority.certificate)).toBe(true);
  });

  test('a foreign authority has the name of the real one, and another key', async () => {
    const { routeAuthority } = await issue(clusterSpec());
    const foreign = await foreignAuthority(clusterSpec(), NOW);
    expect(foreign.certificate.subject).toBe(routeAuthority.certificate.subject);
    const leaf = parseCertificate((await ephemeralLeaf(foreign, clusterSpec(), NOW)).certificate, 'leaf');
    expect(isIssuedBy(leaf, routeAuthority.certificate)).toBe(false);
  });
});

describe('the configuration of a deployment', () => {
  const credentials = {
    client: { user: 'app', password: 'client-secret' },
    system: {
      system: { user: 'sys', password: 'system-secret' },
      probe: { user: 'probe', password: 'probe-secret' },
      route: { user: 'routes', password: 'route-secret' },
    },
  };

  test('the same stored material makes the same text and revision', async () => {
    const first = await issue(clusterSpec());
    const second = await issue(clusterSpec(), storedFrom(first), 10);
    expect(deploymentConfiguration(clusterSpec(), credentials, second.certificates)).toEqual(
      deploymentConfiguration(clusterSpec(), credentials, first.certificates),
    );
  });

  test('the text carries the revision it is digested to', async () => {
    const { certificates } = await issue(clusterSpec());
    const { text, revision } = deploymentConfiguration(clusterSpec(), credentials, certificates);
    expect(revision).toMatch(/^[0-9a-f]{12}$/);
    expect(text).toContain(revision);
  });

  test('a new certificate, another password and another setting each make another revision', async () => {
    const spec = clusterSpec();
    const first = await issue(spec);
    const renewed = await issue(spec, storedFrom(first), 61);
    const client = { ...credentials.client, password: 'another' };
    const revisions = [
      deploymentConfiguration(spec, credentials, first.certificates),
      deploymentConfiguration(spec, credentials, renewed.certificates),
      deploymentConfiguration(spec, { ...credentials, client }, first.certificates),
      deploymentConfiguration({ ...spec, limits: { maxConnections: 7 } }, credentials, first.certificates),
    ].map(({ revision }) => revision);
    expect(new Set(revisions).size).toBe(4);
  });
});
