import { describe, expect, test } from '@jest/globals';
import { labelSelector, objectLabels, selectorLabels } from '../../../src/cluster/labels.ts';

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
});
