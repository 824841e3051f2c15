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

describe('an object is written', () => {
  test.each([
    ['when it is not there', undefined, service(TYPE)],
    ['when nobody could be asked', service(TYPE), undefined],
    ['when a value is another one', service(TYPE), service({ type: 'NodePort' })],
    ['when a field comes', service(TYPE), service({ ...TYPE, sessionAffinity: 'None' })],
    ['when a label goes', service(TYPE, { labels: { team: 'messaging' } }), service(TYPE)],
    [
      'when a field gets another holder, its value kept',
      service(TYPE, { managedFields: [held('us', '1', 'type')] }),
      service(TYPE, { managedFields: [held('us', '1', 'type'), held('them', '1', 'type')] }),
    ],
    [
      'when we hold a field more',
      service(TYPE, { managedFields: [held('us', '1', 'type')] }),
      service(TYPE, { managedFields: [held('us', '1', 'type', 'ports')] }),
    ],
  ])('%s', (_, before, answer) => {
    expect(isWritten(before, answer)).toBe(true);
  });

  test.each([
    ['what is there already', service(TYPE), service(TYPE)],
    [
      'what differs in its version and status alone',
      service(TYPE, { resourceVersion: '1' }),
      { ...service(TYPE), status: {} },
    ],
    [
      'when the same fields are taken again, whatever the order of their holders',
      service(TYPE, { managedFields: [held('us', '1', 'type'), held('them', '1')] }),
      service(TYPE, { managedFields: [held('them', '1'), held('us', '2', 'type')] }),
    ],
  ])('not by %s', (_, before, answer) => {
    expect(isWritten(before, answer)).toBe(false);
  });
});

describe('a change', () => {
  const run = (fields: Partial<DryRun>): DryRun => ({
    object: 'Service/nats',
    asked: service(TYPE),
    own: service(TYPE),
    before: undefined,
    answer: service({ ...TYPE, clusterIP: '10.0.0.1', sessionAffinity: 'None' }),
    replaced: undefined,
    ...fields,
  });

  test('that creates shows what was asked for, without defaults', () => {
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

  test('shows what differs in the answer, with the lines around it', () => {
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

  test('of nothing but who holds what has no difference to show', () => {
    const answer = service(TYPE, { managedFields: [held('us', '1', 'type')] });
    expect(describeObjectChange(run({ before: service(TYPE), answer }), 'objects')).toMatchObject({
      action: 'own',
      diff: [],
    });
  });

  test('that replaces one of the same name shows what gives way, unless that is somebody else’s', () => {
    const replaced = { content: service({ type: 'NodePort' }) };
    const { action, diff } = describeObjectChange(run({ replaced, answer: service(TYPE) }), 'recreate');
    expect({ action, diff }).toMatchObject({ action: 'recreate', diff: expect.arrayContaining(['-  type: NodePort']) });
    const foreign = describeObjectChange(run({ replaced: { content: undefined } }), 'recreate');
    expect(foreign.diff.every((line) => /^[@+]/.test(line))).toBe(true);
  });
});
