import { describe, expect, test } from '@jest/globals';
import { selectorLabels } from '../../../src/cluster/names.ts';
import { buildStatefulSet } from '../../../src/manifests/manifests.ts';
import { buildClientService, buildHeadlessService, buildPodService } from '../../../src/manifests/services.ts';
import { clusterSpec } from '../support/cluster-spec.ts';

const spec = clusterSpec();
const [container] = buildStatefulSet(spec, { partition: 0, generation: 0 }).spec.template.spec.containers;

describe('the Services of a NATS cluster', () => {
  test('lead clients only to ready servers, and only to the client port', () => {
    const { metadata, spec: body } = buildClientService(spec);
    expect(metadata).toMatchObject({ name: 'nats', namespace: 'messaging' });
    expect(body).toMatchObject({
      type: 'ClusterIP',
      publishNotReadyAddresses: false,
      selector: selectorLabels('nats'),
    });
    expect(body.ports.map(({ port }) => port)).toEqual([4222]);
  });

  test.each(['ClusterIP', 'NodePort', 'LoadBalancer'] as const)('have type %s only for the client Service', (type) => {
    const typed = clusterSpec({ serviceType: type });
    expect(buildClientService(typed).spec.type).toBe(type);
    expect([buildHeadlessService(typed), buildPodService(typed, 'nats-0')].map((one) => one.spec.type)).toEqual(
      Array(2).fill('ClusterIP'),
    );
  });

  test('resolve pods before they are ready in the headless Service', () => {
    const { metadata, spec: body } = buildHeadlessService(spec);
    expect(metadata.name).toBe('nats-headless');
    expect(body).toMatchObject({ clusterIP: 'None', publishNotReadyAddresses: true });
  });

  test('include one with its own address for each pod, even before it is ready', () => {
    const { metadata, spec: body } = buildPodService(spec, 'nats-1');
    expect(metadata.name).toBe('nats-1');
    expect(body).not.toHaveProperty('clusterIP');
    expect(body.publishNotReadyAddresses).toBe(true);
    expect(body.ports.map(({ port }) => port)).toEqual([4222, 6222]);
  });

  test('select exactly one server for each pod Service', () => {
    expect(buildPodService(spec, 'nats-1').spec.selector).toEqual({
      ...selectorLabels('nats'),
      'statefulset.kubernetes.io/pod-name': 'nats-1',
    });
  });

  test.each([
    ['client', buildClientService(spec)],
    ['headless', buildHeadlessService(spec)],
    ['pod', buildPodService(spec, 'nats-0')],
  ])('have only container ports in the %s Service, with a protocol for service meshes', (_, service) => {
    for (const { port, name, targetPort, appProtocol } of service.spec.ports) {
      expect(container.ports).toContainEqual({ name, containerPort: targetPort, protocol: 'TCP' });
      expect(appProtocol).toBe(port === 8222 ? 'http' : 'tcp');
    }
  });
});
