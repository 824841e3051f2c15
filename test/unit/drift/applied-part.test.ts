import { describe, expect, test } from '@jest/globals';
import { selectAppliedPart } from '../../../src/drift/applied-part.ts';
import { decodeObject } from '../../../src/objects/object.ts';

const OURS = 'nats-cluster-action';

function objectOf(kind: string, content: object, fieldsV1: object, manager = OURS) {
  const entry = { manager, operation: 'Apply', apiVersion: 'apps/v1', fieldsType: 'FieldsV1', fieldsV1 };
  const other = {
    manager: 'kubectl',
    operation: 'Update',
    apiVersion: 'apps/v1',
    fieldsV1: { 'f:data': { 'f:more': {} } },
  };
  const status = { ...entry, subresource: 'status', fieldsV1: { 'f:status': {} } };
  const metadata = { name: 'nats', namespace: 'messaging', uid: 'u', labels: { ours: 'a', theirs: 'b' } };
  return decodeObject({
    apiVersion: 'apps/v1',
    kind,
    ...content,
    metadata: { ...metadata, managedFields: [other, status, entry] },
  });
}

const LABELS = { 'f:metadata': { 'f:labels': { 'f:ours': {} } } };

describe('the applied part of a live object', () => {
  test('contains the fields of this manager and no others', () => {
    const secret = objectOf(
      'Secret',
      { data: { 'nats.conf': 'eA==', more: 'eQ==' }, type: 'Opaque' },
      { ...LABELS, 'f:data': { '.': {}, 'f:nats.conf': {} } },
    );
    expect(selectAppliedPart(secret, OURS)).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Secret',
      type: 'Opaque',
      metadata: { name: 'nats', namespace: 'messaging', labels: { ours: 'a' } },
      data: { 'nats.conf': 'eA==' },
    });
  });

  test('keeps the order of list items, because one may refer to another', () => {
    const env = [
      { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
      { name: 'INJECTED', value: 'by somebody' },
      { name: 'ADVERTISE', value: '$(POD_NAME).svc' },
    ];
    const own = (name: string, fields: object) => ({ [`k:{"name":"${name}"}`]: { '.': {}, 'f:name': {}, ...fields } });
    const set = objectOf(
      'StatefulSet',
      { spec: { replicas: 3, paused: true, template: { env } } },
      {
        'f:spec': {
          'f:replicas': {},
          'f:template': {
            'f:env': {
              ...own('ADVERTISE', { 'f:value': {} }),
              ...own('POD_NAME', { 'f:valueFrom': { 'f:fieldRef': {} } }),
            },
          },
        },
      },
    );
    expect(selectAppliedPart(set, OURS)).toMatchObject({ spec: { replicas: 3, template: { env: [env[0], env[2]] } } });
    expect(JSON.stringify(selectAppliedPart(set, OURS))).not.toMatch(/paused|INJECTED/);
  });

  test('includes empty maps that the API server does not store', () => {
    const set = objectOf('StatefulSet', { spec: {} }, { 'f:spec': { 'f:limits': {}, 'f:paused': {} } });
    expect(selectAppliedPart(set, OURS)).toMatchObject({ spec: { limits: {} } });
    expect(selectAppliedPart(set, OURS)).not.toHaveProperty('spec.paused');
  });

  test('is missing if this manager never applied the object', () => {
    expect(selectAppliedPart(objectOf('Secret', { data: {} }, LABELS, 'helm'), OURS)).toBeUndefined();
  });
});
