import { describe, expect, test } from '@jest/globals';
import { labelSelector, nameSelector, objectLabels, selectorLabels } from '../../../src/cluster/names.ts';
import { buildMetadata, keepHelmManager } from '../../../src/manifests/metadata.ts';
import { clusterSpec } from '../support/cluster-spec.ts';

describe('labels', () => {
  test('are the same on every object: the selector of the servers and the manager', () => {
    expect(objectLabels('nats')).toEqual({
      ...selectorLabels('nats'),
      'app.kubernetes.io/managed-by': 'nats-cluster-action',
    });
  });

  test('do not select pods of the NATS Helm chart with the same name and instance', () => {
    expect(selectorLabels('nats')['app.kubernetes.io/component']).not.toBe('nats');
  });

  test('are all part of the label selector', () => {
    expect(labelSelector('nats').split(',')).toEqual(
      Object.entries(objectLabels('nats')).map(([key, value]) => `${key}=${value}`),
    );
  });

  test('leave the manager out of the selector by name, because Helm changes it', () => {
    expect(`${nameSelector('nats')},app.kubernetes.io/managed-by=nats-cluster-action`).toBe(labelSelector('nats'));
  });

  test('mention Helm only for objects that a rendered chart installed', () => {
    const manifest = { metadata: buildMetadata(clusterSpec(), 'nats') };
    const annotations = { 'nats-cluster-action/rendered': 'helm' };
    const labels = { 'app.kubernetes.io/managed-by': 'Helm' };
    const installed = keepHelmManager(manifest, { labels, annotations });
    expect(installed.metadata.labels).toEqual({ ...objectLabels('nats'), 'app.kubernetes.io/managed-by': 'Helm' });
    expect(keepHelmManager(manifest, { labels, annotations: { 'meta.helm.sh/release-name': 'nats' } })).toBe(manifest);
    expect(keepHelmManager(manifest, { labels: objectLabels('nats'), annotations })).toBe(manifest);
    expect(keepHelmManager(manifest, undefined)).toBe(manifest);
  });
});
