import { expect, test } from '@jest/globals';
import { buildStatefulSet, INITIAL_ROLLOUT } from '../../../src/manifests/manifests.ts';
import { RESTART_ANNOTATION } from '../../../src/manifests/pod-template.ts';
import {
  buildClientService,
  buildHeadlessService,
  buildNetworkPolicy,
  buildPodService,
} from '../../../src/manifests/services.ts';
import { clusterSpec } from '../support/cluster-spec.ts';

const needs = {
  listeners: [{ name: 'mqtt', port: 1883 }],
  poolSize: undefined,
  pinnedAccounts: [],
  joinsClusters: false,
  resolverDirectory: undefined,
};
const spec = clusterSpec({ configuration: { ...needs, restartDigest: 'abc' } });

test('a listener of the configuration is a port of every Service and of the container', () => {
  for (const service of [buildClientService(spec), buildHeadlessService(spec), buildPodService(spec, 'nats-0')]) {
    expect(service.spec.ports).toContainEqual(
      expect.objectContaining({ name: 'mqtt', port: 1883, targetPort: 1883, appProtocol: 'tcp' }),
    );
  }
  const [container] = buildStatefulSet(spec, INITIAL_ROLLOUT).spec.template.spec.containers;
  expect(container.ports).toContainEqual({ name: 'mqtt', containerPort: 1883, protocol: 'TCP' });
});

test('a NetworkPolicy allows all traffic to a listener of the configuration', () => {
  const [everybody, servers] = buildNetworkPolicy(spec).spec.ingress;
  expect(everybody).toEqual({ ports: [4222, 1883].map((port) => ({ protocol: 'TCP', port })) });
  expect(servers?.ports).toEqual([{ protocol: 'TCP', port: 6222 }]);
});

test('the pod template has a digest of the settings that need a restart, and none for settings that a reload applies', () => {
  const annotations = (restartDigest: string | undefined) =>
    buildStatefulSet(clusterSpec({ configuration: { ...needs, restartDigest } }), INITIAL_ROLLOUT).spec.template
      .metadata.annotations;
  expect(annotations('abc')).toEqual({ ...annotations(undefined), [RESTART_ANNOTATION]: 'abc' });
});
