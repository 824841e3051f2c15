import { expect, test } from '@jest/globals';
import { findChangedImmutableFields, findImmutableFields } from '../../../src/change/immutable-fields.ts';

type Fields = Readonly<Record<string, unknown>>;

const claim = (storage: string): Fields => ({
  metadata: { name: 'jetstream' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
});
/** Returns the claim as an API server shows it. */
const stored = (storage: string): Fields => ({
  ...claim(storage),
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  status: { phase: 'Pending' },
});

test('what a StatefulSet takes later is not immutable', () => {
  expect(findImmutableFields({ replicas: 3, template: {}, updateStrategy: {}, minReadySeconds: 1 })).toEqual([]);
  expect(findImmutableFields({ replicas: 3, serviceName: 'n', volumeClaimTemplates: [] })).toEqual([
    'serviceName',
    'volumeClaimTemplates',
  ]);
});

test.each<[string, Fields, Fields, readonly string[]]>([
  ['the same', { podManagementPolicy: 'Parallel' }, { podManagementPolicy: 'Parallel' }, []],
  [
    'another policy',
    { podManagementPolicy: 'OrderedReady' },
    { podManagementPolicy: 'Parallel' },
    ['podManagementPolicy'],
  ],
  ['another template', { template: { a: 1 } }, { template: { a: 2 } }, []],
  ['a volume where there is none', { volumeClaimTemplates: [claim('1Gi')] }, {}, ['volumeClaimTemplates']],
  ['no volume where there is one', {}, { volumeClaimTemplates: [stored('1Gi')] }, ['volumeClaimTemplates']],
  ['neither', {}, { volumeClaimTemplates: [] }, []],
  [
    'another size',
    { volumeClaimTemplates: [claim('2Gi')] },
    { volumeClaimTemplates: [stored('1Gi')] },
    ['volumeClaimTemplates'],
  ],
  [
    'the same size, spelt otherwise',
    { volumeClaimTemplates: [claim('1024Mi')] },
    { volumeClaimTemplates: [stored('1Gi')] },
    [],
  ],
  ['a default that nobody wrote', {}, { podManagementPolicy: 'Parallel' }, []],
])('a StatefulSet has outgrown: %s', (_, wanted, live, fields) => {
  expect(findChangedImmutableFields(wanted, live)).toEqual(fields);
});
