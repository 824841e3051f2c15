import { describe, expect, test } from '@jest/globals';
import { selectorLabels } from '../../../src/cluster/names.ts';
import { buildManifests, buildStatefulSet, INITIAL_ROLLOUT } from '../../../src/manifests/manifests.ts';
import { buildClientService, buildHeadlessService, buildNetworkPolicy } from '../../../src/manifests/services.ts';
import { clusterSpec } from '../support/cluster-spec.ts';
import { materialFor } from '../support/material.ts';

const spec = clusterSpec({ metrics: true });
const podSpec = buildStatefulSet(spec, INITIAL_ROLLOUT).spec.template.spec;

describe('the metrics of servers', () => {
  test('are missing without the input', () => {
    const plain = clusterSpec();
    expect(buildStatefulSet(plain, INITIAL_ROLLOUT).spec.template.spec.containers).toHaveLength(1);
    expect(JSON.stringify(buildManifests(plain, materialFor(plain)))).not.toContain('metrics');
  });

  test('come from an exporter container, under the restricted profile', () => {
    const [server, exporter] = podSpec.containers;
    expect(server.name).toBe('nats');
    expect(exporter).toMatchObject({
      name: 'metrics',
      args: expect.arrayContaining(['-port=7777', 'http://localhost:8222/']),
      ports: [{ name: 'metrics', containerPort: 7777 }],
      securityContext: server.securityContext,
      resources: { limits: { memory: expect.any(String) } },
    });
    expect(podSpec.securityContext).toMatchObject({ runAsNonRoot: true });
  });

  test('are reachable only through the headless Service', () => {
    const ports = (service: ReturnType<typeof buildHeadlessService>) => service.spec.ports.map(({ name }) => name);
    expect(ports(buildHeadlessService(spec))).toEqual(['client', 'cluster', 'monitor', 'metrics']);
    expect(ports(buildClientService(spec))).toEqual(['client']);
  });

  test('are allowed by the NetworkPolicy', () => {
    expect(buildNetworkPolicy(spec).spec.ingress[0]?.ports.map(({ port }) => port)).toEqual([4222, 7777]);
  });

  test('have a PodMonitor if the cluster has its kind', () => {
    const known = clusterSpec({ metrics: true, podMonitor: true });
    const monitors = (of: typeof spec) =>
      buildManifests(of, materialFor(of)).filter(({ kind }) => kind === 'PodMonitor');
    expect(monitors(spec)).toEqual([]);
    expect(monitors(known)).toMatchObject([
      {
        metadata: { name: 'nats', namespace: 'messaging' },
        spec: { selector: { matchLabels: selectorLabels('nats') }, podMetricsEndpoints: [{ port: 'metrics' }] },
      },
    ]);
  });
});
