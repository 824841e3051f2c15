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

describe('manifests', () => {
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

  test('come in the order of their need: how far the run had got, Services and Secrets, the configuration, the servers', () => {
    const waves = buildManifestWaves(spec, material).map((wave) => wave.map(id));
    expect(waves[0]).toEqual(['Secret/nats-authorities', 'Secret/nats-system']);
    expect(waves.slice(2)).toEqual([['Secret/nats-config'], ['StatefulSet/nats']]);
    expect(waves[1]).toContain('Service/nats-2');
    expect(waves.flat()).toEqual(manifests.map(id));
  });

  test('the same spec and material give the same bytes', () => {
    expect(JSON.stringify(buildManifests(clusterSpec(), materialFor(spec)))).toBe(JSON.stringify(manifests));
  });

  test('named clients have a Secret each, adopted certificates none', () => {
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

  test('survive JSON unchanged: nothing in them is lost on the way', () => {
    expect(JSON.parse(JSON.stringify(manifests))).toStrictEqual(manifests);
  });

  test('every object is in the namespace and carries the labels it is found by', () => {
    for (const { metadata } of manifests) {
      expect(metadata).toMatchObject({ namespace: 'messaging', labels: objectLabels('nats') });
    }
  });

  test('every Secret a pod mounts is there, whatever the generation of its configuration', () => {
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

  test('scaling touches only the new Services, the routes and the replicas', () => {
    const larger = clusterSpec({ replicas: 5 });
    const before = new Set(manifests.map((manifest) => JSON.stringify(manifest)));
    const changed = buildManifests(larger, materialFor(larger)).filter(
      (manifest) => !before.has(JSON.stringify(manifest)),
    );
    expect(changed.map(id)).toEqual(['Service/nats-3', 'Service/nats-4', 'Secret/tls-nats-routes', 'StatefulSet/nats']);
  });

  test('a NetworkPolicy comes with its input alone, and lets nobody but servers to the route port', () => {
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

  test('node drains take one server at a time, and never wait for one that is not ready', () => {
    expect(buildPodDisruptionBudget(spec).spec).toEqual({
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: selectorLabels('nats') },
    });
  });
});

describe('served certificates', () => {
  const revision = computeRevision('', listServedFiles(material.certificates));
  const { certificates } = material;

  test.each([
    ['the server certificate', { ...certificates, server: { certificate: 'new', privateKey: 'new' } }],
    ['a route certificate', { ...certificates, routes: { ...certificates.routes, 'nats-1': certificates.server } }],
    ['what clients trust', { ...certificates, clientTrust: 'new' }],
    ['what peers trust', { ...certificates, routeTrust: 'new' }],
  ])('a change of %s is another revision', (_, changed) => {
    expect(computeRevision('', listServedFiles(changed))).not.toBe(revision);
  });

  test('no private key is among them', () => {
    expect(Object.values(listServedFiles(certificates)).filter((text) => text.endsWith('key'))).toEqual([]);
  });
});
