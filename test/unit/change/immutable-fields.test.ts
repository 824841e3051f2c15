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

test('a field that a StatefulSet can change later is not immutable', () => {
  expect(findImmutableFields({ replicas: 3, template: {}, updateStrategy: {}, minReadySeconds: 1 })).toEqual([]);
  expect(findImmutableFields({ replicas: 3, serviceName: 'n', volumeClaimTemplates: [] })).toEqual([
    'serviceName',
    'volumeClaimTemplates',
  ]);
});

test.each<[string, Fields, Fields, readonly string[]]>([
  ['no change', { podManagementPolicy: 'Parallel' }, { podManagementPolicy: 'Parallel' }, []],
  [
    'another pod management policy',
    { podManagementPolicy: 'OrderedReady' },
    { podManagementPolicy: 'Parallel' },
    ['podManagementPolicy'],
  ],
  ['another volume claim template', { template: { a: 1 } }, { template: { a: 2 } }, []],
  ['an added volume', { volumeClaimTemplates: [claim('1Gi')] }, {}, ['volumeClaimTemplates']],
  ['a removed volume', {}, { volumeClaimTemplates: [stored('1Gi')] }, ['volumeClaimTemplates']],
  ['no volume at all', {}, { volumeClaimTemplates: [] }, []],
  [
    'another volume size',
    { volumeClaimTemplates: [claim('2Gi')] },
    { volumeClaimTemplates: [stored('1Gi')] },
    ['volumeClaimTemplates'],
  ],
  [
    'the same size in another notation',
    { volumeClaimTemplates: [claim('1024Mi')] },
    { volumeClaimTemplates: [stored('1Gi')] },
    [],
  ],
  ['a default value that the API server added', {}, { podManagementPolicy: 'Parallel' }, []],
])('the StatefulSet must be recreated for: %s', (_, wanted, live, fields) => {
  expect(findChangedImmutableFields(wanted, live)).toEqual(fields);
});
