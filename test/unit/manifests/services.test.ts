import { describe, expect, test } from '@jest/globals';
import { selectorLabels } from '../../../src/cluster/names.ts';
import { buildStatefulSet } from '../../../src/manifests/manifests.ts';
import { buildClientService, buildHeadlessService, buildPodService } from '../../../src/manifests/services.ts';
import { clusterSpec } from '../support/cluster-spec.ts';

const spec = clusterSpec();
const [container] = buildStatefulSet(spec, { partition: 0, generation: 0 }).spec.template.spec.containers;

describe('Services', () => {
  test('clients reach ready servers only, and only their client port', () => {
    const { metadata, spec: body } = buildClientService(spec);
    expect(metadata).toMatchObject({ name: 'nats', namespace: 'messaging' });
    expect(body).toMatchObject({
      type: 'ClusterIP',
      publishNotReadyAddresses: false,
      selector: selectorLabels('nats'),
    });
    expect(body.ports.map(({ port }) => port)).toEqual([4222]);
  });

  test.each(['ClusterIP', 'NodePort', 'LoadBalancer'] as const)(
    '%s is the type of the client Service alone',
    (type) => {
      const typed = clusterSpec({ serviceType: type });
      expect(buildClientService(typed).spec.type).toBe(type);
      expect([buildHeadlessService(typed), buildPodService(typed, 'nats-0')].map((one) => one.spec.type)).toEqual(
        Array(2).fill('ClusterIP'),
      );
    },
  );

  test('the headless Service names pods before they are ready', () => {
    const { metadata, spec: body } = buildHeadlessService(spec);
    expect(metadata.name).toBe('nats-headless');
    expect(body).toMatchObject({ clusterIP: 'None', publishNotReadyAddresses: true });
  });

  test('a pod has a Service of its own name with an address of its own, before it is ready', () => {
    const { metadata, spec: body } = buildPodService(spec, 'nats-1');
    expect(metadata.name).toBe('nats-1');
    expect(body).not.toHaveProperty('clusterIP');
    expect(body.publishNotReadyAddresses).toBe(true);
    expect(body.ports.map(({ port }) => port)).toEqual([4222, 6222]);
  });

  test('a pod Service selects one pod, and only when it is a server of ours', () => {
    expect(buildPodService(spec, 'nats-1').spec.selector).toEqual({
      ...selectorLabels('nats'),
      'statefulset.kubernetes.io/pod-name': 'nats-1',
    });
  });

  test.each([
    ['client', buildClientService(spec)],
    ['headless', buildHeadlessService(spec)],
    ['pod', buildPodService(spec, 'nats-0')],
  ])('every port of the %s Service is one the container opens, and no mesh guesses its protocol', (_, service) => {
    for (const { port, name, targetPort, appProtocol } of service.spec.ports) {
      expect(container.ports).toContainEqual({ name, containerPort: targetPort, protocol: 'TCP' });
      expect(appProtocol).toBe(port === 8222 ? 'http' : 'tcp');
    }
  });
});
