import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { objectLabels, selectorLabels } from '../../../src/cluster/names.ts';
import { computeRevision } from '../../../src/cluster/revision.ts';
import { buildManifests, buildManifestWaves, buildStatefulSet } from '../../../src/manifests/manifests.ts';
import { listServedFiles } from '../../../src/manifests/material.ts';
import { buildPodDisruptionBudget } from '../../../src/manifests/services.ts';
import { clusterSpec } from '../support/cluster-spec.ts';
import { materialFor } from '../support/material.ts';

const spec = clusterSpec();
const material = materialFor(spec);
const manifests = buildManifests(spec, material);
const id = (manifest: { readonly kind: string; readonly metadata: { readonly name: string } }) =>
  `${manifest.kind}/${manifest.metadata.name}`;

describe('the manifests of a NATS cluster', () => {
  test('are exactly these objects', () => {
    expect(manifests.map(id).toSorted()).toEqual([
      'PodDisruptionBudget/nats',
      'Secret/nats-authorities',
      'Secret/nats-client',
      'Secret/nats-config',
      'Secret/nats-system',
      'Secret/tls-nats-client',
      'Secret/tls-nats-routes',
      'Secret/tls-nats-server',
      'Service/nats',
      'Service/nats-0',
      'Service/nats-1',
      'Service/nats-2',
      'Service/nats-headless',
      'StatefulSet/nats',
    ]);
  });

  test('are in the order of dependency: rotation state, Services and Secrets, configuration, servers', () => {
    const waves = buildManifestWaves(spec, material).map((wave) => wave.map(id));
    expect(waves[0]).toEqual(['Secret/nats-authorities', 'Secret/nats-system']);
    expect(waves.slice(2)).toEqual([['Secret/nats-config'], ['StatefulSet/nats']]);
    expect(waves[1]).toContain('Service/nats-2');
    expect(waves.flat()).toEqual(manifests.map(id));
  });

  test('are byte for byte the same for the same spec and material', () => {
    expect(JSON.stringify(buildManifests(clusterSpec(), materialFor(spec)))).toBe(JSON.stringify(manifests));
  });

  test('include a Secret for each named client, and none for user-provided certificates', () => {
    const more = clusterSpec({
      clientCertificates: ['orders'],
      serverTlsSecret: 'theirs',
      routeTlsSecret: 'theirs-too',
    });
    const ids = buildManifests(more, materialFor(more)).map(id);
    const own = manifests.map(id);
    expect(ids.filter((one) => !own.includes(one))).toEqual(['Secret/tls-nats-client-orders']);
    expect(own.filter((one) => !ids.includes(one))).toEqual(['Secret/tls-nats-server', 'Secret/tls-nats-routes']);
  });

  test('survive JSON unchanged', () => {
    expect(JSON.parse(JSON.stringify(manifests))).toStrictEqual(manifests);
  });

  test('are all in the namespace, with the labels by which they are found', () => {
    for (const { metadata } of manifests) {
      expect(metadata).toMatchObject({ namespace: 'messaging', labels: objectLabels('nats') });
    }
  });

  test('include every Secret that a pod mounts, for any number of the configuration Secret', () => {
    fc.assert(
      fc.property(fc.nat(50), (generation) => {
        const rollout = { partition: 0, generation };
        const names = buildManifests(spec, material, rollout).map(id);
        for (const { secret } of buildStatefulSet(spec, rollout).spec.template.spec.volumes[0].projected.sources) {
          expect(names).toContain(`Secret/${secret.name}`);
        }
      }),
    );
  });

  test('differ after scaling only in new Services, route certificates and replicas', () => {
    const larger = clusterSpec({ replicas: 5 });
    const before = new Set(manifests.map((manifest) => JSON.stringify(manifest)));
    const changed = buildManifests(larger, materialFor(larger)).filter(
      (manifest) => !before.has(JSON.stringify(manifest)),
    );
    expect(changed.map(id)).toEqual(['Service/nats-3', 'Service/nats-4', 'Secret/tls-nats-routes', 'StatefulSet/nats']);
  });

  test('include a NetworkPolicy only with its input, which lets only servers reach the route port', () => {
    const guarded = clusterSpec({ networkPolicy: true });
    const added = buildManifests(guarded, materialFor(guarded)).filter(({ kind }) => kind === 'NetworkPolicy');
    const servers = { matchLabels: selectorLabels('nats') };
    expect(added).toMatchObject([
      {
        metadata: { name: 'nats' },
        spec: {
          podSelector: servers,
          policyTypes: ['Ingress'],
          ingress: [
            { ports: [{ protocol: 'TCP', port: 4222 }] },
            { from: [{ podSelector: servers }], ports: [{ protocol: 'TCP', port: 6222 }] },
          ],
        },
      },
    ]);
    expect(manifests.filter(({ kind }) => kind === 'NetworkPolicy')).toEqual([]);
  });

  test('let node drains evict one server at a time, and always a server that is not ready', () => {
    expect(buildPodDisruptionBudget(spec).spec).toEqual({
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: selectorLabels('nats') },
    });
  });
});

describe('the revision of the certificates', () => {
  const revision = computeRevision('', listServedFiles(material.certificates));
  const { certificates } = material;

  test.each([
    ['the server certificate', { ...certificates, server: { certificate: 'new', privateKey: 'new' } }],
    ['a route certificate', { ...certificates, routes: { ...certificates.routes, 'nats-1': certificates.server } }],
    ['the client trust bundle', { ...certificates, clientTrust: 'new' }],
    ['the route trust bundle', { ...certificates, routeTrust: 'new' }],
  ])('changes with %s', (_, changed) => {
    expect(computeRevision('', listServedFiles(changed))).not.toBe(revision);
  });

  test('does not depend on private keys', () => {
    expect(Object.values(listServedFiles(certificates)).filter((text) => text.endsWith('key'))).toEqual([]);
  });
});
