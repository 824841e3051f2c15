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

test('what a configuration opens is a port of every Service and of the container', () => {
  for (const service of [buildClientService(spec), buildHeadlessService(spec), buildPodService(spec, 'nats-0')]) {
    expect(service.spec.ports).toContainEqual(
      expect.objectContaining({ name: 'mqtt', port: 1883, targetPort: 1883, appProtocol: 'tcp' }),
    );
  }
  const [container] = buildStatefulSet(spec, INITIAL_ROLLOUT).spec.template.spec.containers;
  expect(container.ports).toContainEqual({ name: 'mqtt', containerPort: 1883, protocol: 'TCP' });
});

test('a NetworkPolicy lets everybody reach it', () => {
  const [everybody, servers] = buildNetworkPolicy(spec).spec.ingress;
  expect(everybody).toEqual({ ports: [4222, 1883].map((port) => ({ protocol: 'TCP', port })) });
  expect(servers?.ports).toEqual([{ protocol: 'TCP', port: 6222 }]);
});

test('what only a new start takes is in the pod template; a configuration of which a reload takes all is not', () => {
  const annotations = (restartDigest: string | undefined) =>
    buildStatefulSet(clusterSpec({ configuration: { ...needs, restartDigest } }), INITIAL_ROLLOUT).spec.template
      .metadata.annotations;
  expect(annotations('abc')).toEqual({ ...annotations(undefined), [RESTART_ANNOTATION]: 'abc' });
});
