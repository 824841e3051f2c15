import { describe, expect, test } from '@jest/globals';
import { type DryRun, describeObjectChange, isWritten } from '../../../src/forecast/object-change.ts';
import type { Fields } from '../../../src/forecast/shown-objects.ts';

function service(spec: Fields, metadata: Fields = {}): Fields {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: 'nats', ...metadata }, spec };
}

function held(manager: string, time: string, ...fields: readonly string[]): Fields {
  const owned = Object.fromEntries(fields.map((field) => [`f:${field}`, {}]));
  return { manager, operation: 'Apply', time, fieldsV1: { 'f:spec': owned } };
}

const TYPE = { type: 'ClusterIP' } as const;

describe('an object counts as written', () => {
  test.each([
    ['when it does not exist yet', undefined, service(TYPE)],
    ['when no dry run was possible', service(TYPE), undefined],
    ['when a value differs', service(TYPE), service({ type: 'NodePort' })],
    ['when a field is added', service(TYPE), service({ ...TYPE, sessionAffinity: 'None' })],
    ['when a label is removed', service(TYPE, { labels: { team: 'messaging' } }), service(TYPE)],
    [
      'when a field gets another manager with the same value',
      service(TYPE, { managedFields: [held('us', '1', 'type')] }),
      service(TYPE, { managedFields: [held('us', '1', 'type'), held('them', '1', 'type')] }),
    ],
    [
      'when we own an additional field',
      service(TYPE, { managedFields: [held('us', '1', 'type')] }),
      service(TYPE, { managedFields: [held('us', '1', 'type', 'ports')] }),
    ],
  ])('%s', (_, before, answer) => {
    expect(isWritten(before, answer)).toBe(true);
  });

  test.each([
    ['when nothing differs', service(TYPE), service(TYPE)],
    [
      'when only its version and status differ',
      service(TYPE, { resourceVersion: '1' }),
      { ...service(TYPE), status: {} },
    ],
    [
      'when the same fields are applied again, in any order of managers',
      service(TYPE, { managedFields: [held('us', '1', 'type'), held('them', '1')] }),
      service(TYPE, { managedFields: [held('them', '1'), held('us', '2', 'type')] }),
    ],
  ])('except %s', (_, before, answer) => {
    expect(isWritten(before, answer)).toBe(false);
  });
});

describe('the planned change of an object', () => {
  const run = (fields: Partial<DryRun>): DryRun => ({
    object: 'Service/nats',
    asked: service(TYPE),
    own: service(TYPE),
    before: undefined,
    answer: service({ ...TYPE, clusterIP: '10.0.0.1', sessionAffinity: 'None' }),
    replaced: undefined,
    ...fields,
  });

  test('shows the manifest without defaults for a new object', () => {
    const { action, diff } = describeObjectChange(run({}), 'objects');
    expect({ action, diff }).toEqual({
      action: 'create',
      diff: [
        '@@ -0,0 +1,6 @@',
        '+apiVersion: v1',
        '+kind: Service',
        '+metadata:',
        '+  name: nats',
        '+spec:',
        '+  type: ClusterIP',
      ],
    });
  });

  test('shows the differences with the lines around them', () => {
    const before = service({ ...TYPE, clusterIP: '10.0.0.1', sessionAffinity: 'ClientIP' });
    const { action, diff } = describeObjectChange(run({ before }), 'objects');
    expect(action).toBe('update');
    expect(diff).toEqual([
      '@@ -5,4 +5,4 @@',
      ' spec:',
      '   type: ClusterIP',
      '   clusterIP: 10.0.0.1',
      '-  sessionAffinity: ClientIP',
      '+  sessionAffinity: None',
    ]);
  });

  test('shows no difference if only the field managers change', () => {
    const answer = service(TYPE, { managedFields: [held('us', '1', 'type')] });
    expect(describeObjectChange(run({ before: service(TYPE), answer }), 'objects')).toMatchObject({
      action: 'own',
      diff: [],
    });
  });

  test('shows the replaced object of the same name unless it is foreign', () => {
    const replaced = { content: service({ type: 'NodePort' }) };
    const { action, diff } = describeObjectChange(run({ replaced, answer: service(TYPE) }), 'recreate');
    expect({ action, diff }).toMatchObject({ action: 'recreate', diff: expect.arrayContaining(['-  type: NodePort']) });
    const foreign = describeObjectChange(run({ replaced: { content: undefined } }), 'recreate');
    expect(foreign.diff.every((line) => /^[@+]/.test(line))).toBe(true);
  });
});
