import { describe, expect, test } from '@jest/globals';
import { labelSelector, nameSelector, objectLabels, selectorLabels } from '../../../src/cluster/names.ts';
import { buildMetadata, keepHelmManager } from '../../../src/manifests/metadata.ts';
import { clusterSpec } from '../support/cluster-spec.ts';

describe('labels', () => {
  test('every object carries the labels that select the servers, and says who manages it', () => {
    expect(objectLabels('nats')).toEqual({
      ...selectorLabels('nats'),
      'app.kubernetes.io/managed-by': 'nats-cluster-action',
    });
  });

  test('pods of the NATS Helm chart, which has the same name and instance, are not selected', () => {
    expect(selectorLabels('nats')['app.kubernetes.io/component']).not.toBe('nats');
  });

  test('the label selector names every label', () => {
    expect(labelSelector('nats').split(',')).toEqual(
      Object.entries(objectLabels('nats')).map(([key, value]) => `${key}=${value}`),
    );
  });

  test('the selector by name leaves out who manages it, which Helm changes', () => {
    expect(`${nameSelector('nats')},app.kubernetes.io/managed-by=nats-cluster-action`).toBe(labelSelector('nats'));
  });

  test('an object is expected under the name of Helm only where a rendered chart has installed it', () => {
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
