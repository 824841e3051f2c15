import { describe, expect, test } from '@jest/globals';
import { selectorLabels } from '../../../src/cluster/names.ts';
import type { ClusterSpec } from '../../../src/cluster/spec.ts';
import { overrideList } from '../../../src/inputs/grammar/overrides.ts';
import { buildCheckedSecret, buildCheckingPod } from '../../../src/manifests/checking-pod.ts';
import { clusterSpec } from '../support/cluster-spec.ts';

const checking = { name: 'nats-check-1', as: 'nats-0', owner: { name: 'nats', uid: 'u' } };
const podOf = (overrides: Partial<ClusterSpec> = {}) => buildCheckingPod(clusterSpec(overrides), checking);
const texts = { configuration: 'port: 4222', files: { 'a.crt': 'A' } };

describe('the pod that checks a configuration', () => {
  test('reads the configuration from its own Secret, once, as a server would', () => {
    const { metadata, spec } = podOf();
    expect(metadata).toMatchObject({ name: 'nats-check-1', namespace: 'messaging' });
    expect(spec).toMatchObject({ restartPolicy: 'Never', containers: [{ image: 'nats:2.15.2' }] });
    expect(spec.containers).toHaveLength(1);
    expect(spec.containers[0]).toMatchObject({ args: ['-t', '--config', '/etc/nats/nats.conf'] });
    expect(spec.containers[0]).not.toHaveProperty('readinessProbe');
    expect(spec.containers[0]?.['env']).toContainEqual({ name: 'POD_NAME', value: 'nats-0' });
    expect(JSON.stringify(spec.volumes)).toContain('{"secret":{"name":"nats-check-1"}}');
    expect(JSON.stringify(spec.volumes)).not.toContain('nats-config');
    expect(JSON.stringify(spec.volumes)).toContain('tls-nats-routes');
  });

  test('is not selected as a server', () => {
    const { labels } = podOf().metadata;
    const isSelected = Object.entries(selectorLabels('nats')).every(
      ([key, value]) => Object.entries(labels).find(([name]) => name === key)?.[1] === value,
    );
    expect(isSelected).toBe(false);
  });

  test('has no anti-affinity, has its own folder for streams, and is deleted with the StatefulSet', () => {
    const volume = { size: '1Gi', bytes: 1 };
    const { metadata, spec } = podOf({ jetstream: { memoryBytes: 0, volume } });
    expect(spec).not.toHaveProperty('affinity');
    expect(spec).not.toHaveProperty('topologySpreadConstraints');
    expect(spec.volumes).toContainEqual({ name: 'jetstream', emptyDir: {} });
    expect(metadata.ownerReferences).toEqual([{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'nats', uid: 'u' }]);
  });

  test('has the overrides of the server pods, except other containers', () => {
    const parsed = overrideList.parse(`StatefulSet/servers:
      spec: {template: {spec: {
        imagePullSecrets: [{name: registry}],
        initContainers: [{name: first, image: a}],
        containers: [{name: more, image: b}]}}}`);
    const overrides = parsed.kind === 'accepted' ? parsed.value : [];
    const { spec } = podOf({ overrides });
    expect(spec).toMatchObject({ imagePullSecrets: [{ name: 'registry' }] });
    expect(spec).not.toHaveProperty('initContainers');
    expect(spec.containers).toHaveLength(1);
  });
});

test('the Secret of the checking pod is deleted with the pod', () => {
  const { metadata, data } = buildCheckedSecret({ namespace: 'messaging' }, { name: 'nats-check-1', uid: 'p' }, texts);
  expect(metadata.ownerReferences).toEqual([{ apiVersion: 'v1', kind: 'Pod', name: 'nats-check-1', uid: 'p' }]);
  expect(data).toEqual({ 'nats.conf': btoa('port: 4222'), 'a.crt': btoa('A') });
});
